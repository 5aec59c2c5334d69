/** The rights to stop people and to lift that, and the acts that a stop refuses. */
import { describe, expect, it } from "vitest";
import { ALICE, PROD, STAGING } from "../../../../lab/fakes/builders.ts";
import { policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { lateQueue } from "../../../../lab/fakes/late-queue.ts";
import { edit, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { StopType } from "../../../../shared/domain/stops/stops.ts";
import { closeReview } from "../../../../shared/usecases/requests/close-review.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";
import { previewRequest } from "../../../../shared/usecases/requests/preview-request.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";
import { listStops } from "../../../../shared/usecases/stops/list-stops.ts";

const refused = (code: string) => expect.objectContaining({ code });

function world() {
  const broker = memoryBroker({ policy: withAdmins(policyWithGlass()) });
  const change = (type: StopType, by: string, person: string | null = null) =>
    changeStops(broker.front, broker.actor(by), type, person, "her laptop is gone");
  return {
    broker,
    change,
    suspend: (person: string, by = "carol") => change("suspend", by, person),
    lift: (person: string, by = "dora") => change("lift", by, person),
    names: async () => Object.keys((await broker.front.stops.latest()).people),
  };
}

describe("Suspending a person", () => {
  it("An admin does it with a reason, and the record says who, when and why", async () => {
    const { broker, suspend } = world();
    await suspend("alice");
    const [record] = broker.stopRecords;
    expect(record).toMatchObject({
      type: "suspend",
      actor: "carol",
      at: broker.clock.now(),
      policyHash: broker.front.policy.hash,
      details: {
        person: "alice",
        reason: "her laptop is gone",
        surface: "api",
        proof: { callerId: "AROA:carol" },
        after: { people: { alice: { by: "carol" } }, drain: null },
      },
    });
  });

  it("It is stored although their grants cannot be listed, and the answer does not count them", async () => {
    const { broker, suspend } = world();
    const grant = await broker.activeGrant();
    const requests = {
      ...broker.front.requests,
      grants: () => Promise.reject(new Error("The table is busy.")),
    };
    const front = { ...broker.front, requests };
    const stopped = await changeStops(front, broker.actor("carol"), "suspend", "alice", "gone");
    expect(stopped).toEqual({ stops: await front.stops.latest() });
    expect(Object.keys(stopped.stops.people)).toEqual(["alice"]);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    await expect(suspend("alice")).rejects.toEqual(refused("already-suspended"));
  });

  it("The answer has each grant that ends for it", async () => {
    const { broker, suspend } = world();
    const grant = await broker.activeGrant();
    expect((await suspend("alice")).ending?.map(({ id }) => id)).toEqual([grant.id]);
    expect((await suspend("bob")).ending).toEqual([]);
  });

  it("Each entry that they may have is sent to converge, whatever the lists of grants say", async () => {
    const { broker, suspend } = world();
    const grant = await broker.activeGrant();
    broker.tables.requests.delete(grant.id);
    broker.tables.heads.delete(broker.binding);
    await suspend("alice");
    expect(broker.queue.sent).toContainEqual({ subject: broker.binding, cause: "stopped" });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
  });

  it("Another admin lifts it", async () => {
    const { suspend, lift, names } = world();
    await suspend("alice");
    await lift("alice");
    expect(await names()).toEqual([]);
  });

  it.each<[string, StopType, string, string | null, string]>([
    ["somebody who is no admin", "suspend", "bob", "alice", "forbidden"],
    ["somebody who is no admin, for everyone", "drain", "bob", null, "forbidden"],
    ["an admin, of nobody whom access.yaml names", "suspend", "carol", "zoe", "person-not-found"],
    ["an admin who lifts what nobody did", "lift", "dora", "alice", "not-suspended"],
    ["an admin who lifts no drain", "undrain", "dora", null, "not-drained"],
  ])("It is refused to %s", async (_, type, by, person, code) => {
    const { broker, change } = world();
    await expect(change(type, by, person)).rejects.toEqual(refused(code));
    expect(broker.stopRecords).toEqual([]);
  });

  it("A misspelt person is refused to an admin with the one that was meant, and to nobody else", async () => {
    const { change } = world();
    await expect(change("suspend", "carol", "alise")).rejects.toThrow(
      "access.yaml has no person alise. Did you mean alice? Nothing was changed",
    );
    await expect(change("suspend", "carol", "nope")).rejects.toThrow("no person nope. Nothing");
    await expect(change("suspend", "bob", "alise")).rejects.toThrow("no person alise. Nothing");
  });

  it("The admin who suspended does not lift it, nor a suspended one, nor somebody who is no admin", async () => {
    const { broker, suspend, lift } = world();
    await suspend("dora");
    await expect(lift("dora", "carol")).rejects.toEqual(refused("own-stop"));
    await expect(lift("dora", "dora")).rejects.toEqual(refused("suspended"));
    await expect(lift("dora", "alice")).rejects.toEqual(refused("forbidden"));
    expect(broker.stopRecords).toHaveLength(1);
    await lift("dora", "erin");
    expect(broker.stopRecords).toHaveLength(2);
  });

  it("An admin suspends themself, and another one lifts it", async () => {
    const { suspend, lift, names } = world();
    await suspend("carol", "carol");
    await expect(lift("carol", "carol")).rejects.toEqual(refused("suspended"));
    await lift("carol", "erin");
    expect(await names()).toEqual([]);
  });

  it("A suspended admin stops nobody and lifts nothing", async () => {
    const { suspend, change } = world();
    await suspend("alice", "carol");
    await suspend("dora", "erin");
    await expect(suspend("bob", "dora")).rejects.toEqual(refused("suspended"));
    await expect(change("lift", "dora", "alice")).rejects.toEqual(refused("suspended"));
    await expect(change("drain", "dora")).rejects.toEqual(refused("suspended"));
  });

  it("One of two at once is done and the other gets already-suspended", async () => {
    const { broker, suspend } = world();
    const results = await Promise.allSettled([suspend("alice"), suspend("alice", "dora")]);
    const lost = results.find((result) => result.status === "rejected");
    expect(lost?.reason).toEqual(refused("already-suspended"));
    expect(broker.stopRecords).toHaveLength(1);
  });

  it("Admins and auditors see who is suspended, and nobody else", async () => {
    const { broker, suspend } = world();
    await suspend("alice");
    expect((await listStops(broker.front, broker.actor("carol"))).people).toHaveProperty("alice");
    await expect(listStops(broker.front, broker.actor("alice"))).rejects.toEqual(
      refused("forbidden"),
    );
  });

  it("Either role is enough to see who is suspended", async () => {
    const { broker, suspend } = world();
    await suspend("alice");
    const seen = async (roles: typeof broker.front.policy.roles) => {
      const front = { ...broker.front, policy: { ...broker.front.policy, roles } };
      return Object.keys((await listStops(front, broker.actor("carol"))).people);
    };
    expect(await seen({ admins: ["platform"], auditors: [] })).toEqual(["alice"]);
    expect(await seen({ admins: [], auditors: ["platform"] })).toEqual(["alice"]);
    await expect(seen({ admins: [], auditors: [] })).rejects.toEqual(refused("forbidden"));
  });

  it("A person who has left access.yaml can still be lifted", async () => {
    const { broker, suspend } = world();
    await suspend("alice");
    const { alice: _, ...people } = broker.front.policy.people;
    const front = { ...broker.front, policy: { ...broker.front.policy, people } };
    await changeStops(front, broker.actor("dora"), "lift", "alice", "");
    expect((await front.stops.latest()).people).toEqual({});
  });
});

describe("While a person is suspended", () => {
  const ask = {
    cluster: "prod",
    access: edit("payments-api"),
    durationSeconds: 600,
    reason: "INC-4711 stuck rollout",
    principalArn: null,
    startsAt: null,
    rule: null,
  };

  it("Their asks are refused, and a preview says so", async () => {
    const { broker, suspend, lift } = world();
    await suspend("alice");
    await expect(broker.ask()).rejects.toMatchObject({
      code: "suspended",
      message: expect.stringContaining("carol suspended you: her laptop is gone."),
    });
    expect(await previewRequest(broker.front, broker.actor("alice"), ask)).toMatchObject({
      allowed: false,
      code: "suspended",
    });
    expect(broker.tables.requests.size).toBe(0);
    await lift("alice");
    expect(await broker.ask()).toMatchObject({ state: "pending" });
  });

  it.each(["approve", "deny"] as const)("Their %s is refused", async (verdict) => {
    const { broker, suspend } = world();
    const asked = await broker.ask();
    await suspend("bob");
    const { id, digest } = asked;
    const decide = decideRequest(broker.front, broker.actor("bob"), id, { verdict, digest });
    await expect(decide).rejects.toEqual(refused("suspended"));
    expect(await broker.reload(asked)).toEqual(asked);
  });

  it("Nobody decides on their requests", async () => {
    const { broker, suspend } = world();
    const asked = await broker.ask();
    await suspend("alice");
    await expect(broker.approve(asked)).rejects.toEqual(refused("requester-suspended"));
    expect(await broker.reload(asked)).toEqual(asked);
  });

  it("The refusal names who can lift it, and an admin who could reads that they can", async () => {
    const { broker, suspend } = world();
    const asked = await broker.ask({ cluster: "staging", access: { groups: ["eks-admins"] } });
    await suspend("alice", "erin");
    const refusal = { person: "alice", by: "erin", liftedBy: ["carol", "dora"] };
    await expect(broker.approve(asked, "bob")).rejects.toMatchObject({
      message: expect.stringContaining("wait until it is lifted: carol or dora can lift it."),
      facts: { ...refusal, mayLift: false },
    });
    await expect(broker.approve(asked, "carol")).rejects.toMatchObject({
      message: expect.stringContaining("wait until it is lifted: you can lift it."),
      facts: { ...refusal, mayLift: true },
    });
  });

  it("They close no review", async () => {
    const { broker, suspend } = world();
    const pending = await broker.ask({ access: edit("payments-web") });
    const glass = await escalateRequest(broker.front, broker.actor("alice"), pending.id, null);
    const { id } = glass;
    await broker.converge();
    await broker.convergeAtEnd(glass);
    await broker.settle(120);
    await suspend("carol", "dora");
    const close = closeReview(broker.front, broker.actor("carol"), id, "Looked at it.");
    await expect(close).rejects.toEqual(refused("suspended"));
    expect((await broker.reload(pending)).review?.closed).toBeNull();
  });

  it("They make no break-glass, extend nothing and revoke nothing", async () => {
    const { broker, suspend } = world();
    const active = await broker.activeGrant();
    const pending = await broker.ask({ access: edit("payments-web") });
    await suspend("alice");
    const escalate = escalateRequest(broker.front, broker.actor("alice"), pending.id, null);
    await expect(escalate).rejects.toEqual(refused("suspended"));
    await expect(broker.extend(active)).rejects.toEqual(refused("suspended"));
    await suspend("bob");
    await expect(broker.end(active, "revoke", "bob")).rejects.toEqual(refused("suspended"));
  });

  it("They still give back what they have", async () => {
    const { broker, suspend } = world();
    const active = await broker.activeGrant();
    const pending = await broker.ask({ access: edit("payments-web") });
    await suspend("alice");
    expect(await broker.end(active, "return")).toMatchObject({ state: "ending" });
    expect(await broker.end(pending, "cancel")).toMatchObject({ state: "cancelled" });
  });

  it("Everyone else asks and decides as before", async () => {
    const { broker, suspend } = world();
    await suspend("carol", "dora");
    expect(await broker.grant()).toMatchObject({ state: "approved" });
  });
});

describe("Draining the broker", () => {
  it("Each grant is sent to converge, also where they fill several pages", async () => {
    const { broker } = world();
    await broker.grant();
    await broker.grant({
      cluster: "staging",
      access: { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } },
    });
    const { requests } = broker.front;
    const oneByOne: typeof requests.grants = (page, matches) =>
      requests.grants({ ...page, limit: 1 }, matches);
    const front = { ...broker.front, requests: { ...requests, grants: oneByOne } };
    await changeStops(front, broker.actor("carol"), "drain", null, "her laptop is gone");
    const stopped = broker.queue.sent.filter(({ cause }) => cause === "stopped");
    expect(new Set(stopped.map(({ subject }) => subject))).toEqual(
      new Set([PROD, STAGING].map(({ arn }) => bindingKey(arn, ALICE))),
    );
  });
});

describe("While the broker is drained", () => {
  it("Asks, break-glass and decisions of everyone are refused, until another admin lifts it", async () => {
    const { broker, change } = world();
    const asked = await broker.ask();
    await change("drain", "carol");
    await expect(broker.ask({ access: edit("payments-web") })).rejects.toMatchObject({
      code: "drained",
      message:
        "carol drained the broker: her laptop is gone. Nothing was stored; wait until it is lifted: dora or erin can lift it.",
      facts: { by: "carol", liftedBy: ["dora", "erin"], mayLift: false },
    });
    await expect(broker.approve(asked)).rejects.toEqual(refused("drained"));
    const escalate = (request: AccessRequest) =>
      escalateRequest(broker.front, broker.actor("alice"), request.id, null);
    await expect(escalate(asked)).rejects.toEqual(refused("drained"));
    await expect(change("drain", "dora")).rejects.toEqual(refused("already-drained"));
    await expect(change("undrain", "carol")).rejects.toEqual(refused("own-stop"));
    await change("undrain", "dora");
    expect(await escalate(asked)).toMatchObject({ state: "approved" });
  });

  it("Access is still given back, revoked, and suspended people stay suspended after it", async () => {
    const { broker, change, suspend, names } = world();
    const first = await broker.activeGrant();
    await change("drain", "carol");
    expect(await broker.end(first, "revoke", "bob")).toMatchObject({ state: "ending" });
    await suspend("alice", "dora");
    await change("undrain", "erin");
    expect(await names()).toEqual(["alice"]);
  });
});

it("A drain is answered once converge has each grant's message, since Lambda freezes what is not awaited", async () => {
  const broker = memoryBroker({ policy: withAdmins() });
  await broker.activeGrant();
  const order: string[] = [];
  const front = { ...broker.front, queue: lateQueue(broker.front.queue, order) };
  await changeStops(front, broker.actor("carol"), "drain", null, "an incident");
  expect(order).toEqual(["sent"]);
});

describe("A stop that nobody could lift", () => {
  /** Carol and dora are the only admins. */
  function twoAdmins() {
    const { erin: _, ...people } = withAdmins().people;
    const broker = memoryBroker({ policy: { ...withAdmins(), people } });
    return {
      broker,
      change: (type: StopType, by: string, person: string | null, isNamed = false) =>
        changeStops(broker.front, broker.actor(by), type, person, "her laptop is gone", isNamed),
    };
  }
  const stuck = (...names: readonly string[]) =>
    expect.objectContaining({ code: "nobody-could-lift", facts: { stuck: names } });

  it("It is refused to the one of two admins who suspends the other, and nothing is stored", async () => {
    const { broker, change } = twoAdmins();
    await expect(change("suspend", "carol", "dora")).rejects.toEqual(stuck("dora"));
    const unasked = changeStops(broker.front, broker.actor("carol"), "suspend", "dora", "laptop");
    await expect(unasked).rejects.toEqual(stuck("dora"));
    expect(broker.stopRecords).toEqual([]);
  });

  it("It is refused where it takes away who could lift an earlier stop", async () => {
    const { broker, change } = twoAdmins();
    await change("drain", "carol", null);
    await change("suspend", "carol", "alice");
    await expect(change("suspend", "dora", "dora")).rejects.toEqual(stuck("alice", "everyone"));
    expect(broker.stopRecords).toHaveLength(2);
  });

  it("It is done where it is asked for by name, and the record says so", async () => {
    const { broker, change } = twoAdmins();
    await change("suspend", "carol", "dora", true);
    expect(broker.stopRecords).toMatchObject([{ details: { evenIfNobodyCanLift: true } }]);
    await expect(change("drain", "carol", null)).rejects.toEqual(stuck("everyone"));
    await change("drain", "carol", null, true);
    expect((await broker.front.stops.latest()).drain?.by).toBe("carol");
  });

  it("A lift and a stop that another admin can lift are as before", async () => {
    const { broker, change } = twoAdmins();
    await change("suspend", "carol", "alice");
    await change("lift", "dora", "alice");
    await change("suspend", "dora", "dora");
    expect(broker.stopRecords.map(({ type }) => type)).toEqual(["suspend", "lift", "suspend"]);
  });
});
