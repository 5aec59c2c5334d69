/** Converge's work for people who are suspended, and while the broker is drained. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { BOB } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { edit, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { MemoryBrokerOptions } from "../../../../../lab/fakes/memory-broker-parts.ts";
import { withAdmins } from "../../../../../lab/fakes/two-admins.ts";
import {
  NO_STOPS,
  type StopType,
  stopRecord,
  stopsAfter,
} from "../../../../../shared/domain/stops/stops.ts";
import { MOST_STOPS } from "../../../../../shared/ports/stop-store.ts";
import { changeStops } from "../../../../../shared/usecases/stops/change-stops.ts";
import { aStop } from "../../../../contracts/stop-store.contract.ts";

function world(options: MemoryBrokerOptions = {}) {
  const broker = memoryBroker({ policy: withAdmins(), ...options });
  const change = (type: StopType, by: string, person: string | null = null) =>
    changeStops(broker.front, broker.actor(by), type, person, "her laptop is gone");
  /** Writes a record behind the API's back, as a holder of its rights could. */
  const forged = (draft: Parameters<typeof aStop>[0]) => {
    const last = broker.stopRecords.at(-1);
    const before = last ? stopsAfter(last) : undefined;
    const full = aStop({ policyHash: broker.front.policy.hash, at: broker.clock.now(), ...draft });
    broker.stopRecords.push(stopRecord(before ?? NO_STOPS, full));
  };
  return { broker, change, forged };
}

describe("Grants of a suspended person", () => {
  it("An active grant ends at once: its access goes in the same run", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    expect(broker.queue.sent.at(-1)).toMatchObject({ cause: "stopped" });
    await broker.converge();
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ending",
      outcome: { code: "suspended", detail: expect.stringContaining("carol suspended alice") },
    });
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(await broker.isAtRest()).toBe(true);
  });

  it("It ends even where no read of EKS is answered", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    broker.breakPort("entries.read", new Error("no answer"));
    await broker.converge().catch(() => undefined);
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
  });

  it("Its access goes although the table takes no step, and why it ended is stored later", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    const repair = broker.breakPort("requests.save", new Error("The table takes nothing."));
    await broker.converge().catch(() => undefined);
    expect(broker.actual()).toBeUndefined();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    repair();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "suspended" },
    });
  });

  it("Where nobody is stopped by the time that it can be stored, it is not said to have expired", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    const repair = broker.breakPort("requests.save", new Error("The table takes nothing."));
    await broker.converge().catch(() => undefined);
    expect(broker.actual()).toBeUndefined();
    repair();
    await change("lift", "dora", "alice");
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "ended-early" },
    });
  });

  it("A step that the table refuses once is stored after the removal", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    const before = broker.calls.length;
    broker.before("requests.save", () => {
      throw new Error("The table is busy.");
    });
    await broker.converge();
    const calls = broker.calls.slice(before);
    expect(calls.indexOf("entries.remove")).toBeLessThan(calls.lastIndexOf("requests.save"));
    expect(JSON.stringify(await broker.history(grant))).toContain("DeleteAccessEntry");
    expect(await broker.reload(grant)).toMatchObject({
      state: "ending",
      outcome: { code: "suspended" },
    });
  });

  it.each([5, 23, 60])(
    "One transaction at most comes before the removal, beside %i planted records",
    async (count) => {
      const { broker, change } = world();
      const grant = await broker.activeGrant();
      const planted = Array.from({ length: count }, (_, n) => ({
        ...grant,
        id: countedId(n + 100),
      }));
      const first = new Map([...planted, grant].map((each) => [each.id, each]));
      broker.tables.grants.set(broker.binding, first);
      await change("suspend", "carol", "alice");
      // Somebody keeps the head busy, so that each transaction of the eight-second run is tried for long.
      for (const site of ["requests.save", "requests.saveAll"])
        broker.beforeEach(site, () => broker.clock.advance(1));
      const before = broker.calls.length;
      await broker.converge(broker.binding, broker.timed(8));
      const calls = broker.calls.slice(before);
      const early = calls.slice(0, calls.indexOf("entries.remove"));
      expect(early.filter((name) => name.startsWith("requests.save"))).toEqual([
        "requests.saveAll",
      ]);
      expect(broker.actual()).toBeUndefined();
    },
  );

  it("An approved grant that has not begun gets no access, whoever approved it", async () => {
    const { broker, change } = world();
    const grant = await broker.grant();
    await change("suspend", "carol", "alice");
    await broker.converge();
    await broker.settle();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "ended",
      outcome: { code: "suspended" },
    });
  });

  it("A grant of somebody else through a principal that they hold ends too", async () => {
    const policy = withAdmins();
    const bob = { ...policy.people["bob"], principals: [BOB] };
    const dora = {
      ...policy.people["dora"],
      principals: [...(policy.people["alice"]?.principals ?? [])],
    };
    const rules = policy.rules.map((rule) => ({ ...rule, sharedPrincipals: true }));
    const people = { ...policy.people, bob, dora } as typeof policy.people;
    const { broker, change } = world({ policy: { ...policy, people, rules } });
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "dora");
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "ending",
      outcome: { detail: expect.stringContaining("carol suspended dora") },
    });
  });

  it("A grant of somebody else stays", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "bob");
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An approval of a suspended person does not count for a grant that has not begun", async () => {
    const { broker, change } = world();
    const grant = await broker.grant();
    await change("suspend", "carol", "bob");
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "not-approved" },
    });
  });

  it("An active grant keeps its access while its approver is suspended, also where others remove it", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "bob");
    broker.othersDelete();
    broker.clock.advance(400);
    await broker.converge();
    expect(broker.actual()).toBeDefined();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A record that is forged as approved while they are suspended gains nothing", async () => {
    const { broker, change } = world();
    const grant = await broker.grant();
    await change("suspend", "carol", "alice");
    forge(broker, grant, { approvedAt: broker.clock.now() });
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
  });

  it("Once it is lifted, new grants begin, and those that ended stay ended", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    await broker.converge();
    await broker.settle();
    await change("lift", "dora", "alice");
    const next = await broker.activeGrant({ access: edit("payments-web") });
    expect(next.state).toBe("active");
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A grant that was suspended and lifted before converge looked goes on", async () => {
    const { broker, change } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    await change("lift", "dora", "alice");
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });
});

describe("A drain", () => {
  it("It ends the grants of everyone, and adds nothing", async () => {
    const { broker, change } = world();
    const active = await broker.activeGrant();
    const approved = await broker.grant({ access: edit("payments-web") });
    await change("drain", "carol");
    await broker.converge();
    expect(await broker.reload(active)).toMatchObject({
      state: "ending",
      outcome: { code: "drained" },
    });
    expect(["ending", "ended"]).toContain((await broker.reload(approved)).state);
    expect(broker.actual()).toBeUndefined();
  });
});

describe("Converge without word of who is suspended", () => {
  it("Additions wait, and go on once it can", async () => {
    const { broker } = world();
    const grant = await broker.grant();
    const { since } = broker.ports.stops;
    Object.assign(broker.ports.stops, { since: () => Promise.reject(new Error("no answer")) });
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(broker.isDueSoon()).toBe(true);
    Object.assign(broker.ports.stops, { since });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("Nothing begins before all suspensions are read, and nothing of whoever the last one names", async () => {
    const { broker, forged } = world();
    const grant = await broker.grant();
    for (let count = 0; count < MOST_STOPS; count += 1) forged({ person: "zoe" });
    forged({ person: "alice" });
    await broker.settle(60);
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "suspended" } });
  });

  it("Removals go on", async () => {
    const { broker } = world();
    const grant = await broker.activeGrant();
    Object.assign(broker.ports.stops, { since: () => Promise.reject(new Error("no answer")) });
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });

  it("Access that others removed is not restored meanwhile", async () => {
    const { broker } = world();
    await broker.activeGrant();
    broker.othersDelete();
    broker.clock.advance(400);
    Object.assign(broker.ports.stops, { since: () => Promise.reject(new Error("no answer")) });
    const before = broker.entries.calls.length;
    await broker.converge();
    expect(broker.entries.calls).toHaveLength(before);
  });
});

describe("A forged chain of stops", () => {
  it.each<[string, Parameters<typeof aStop>[0]]>([
    ["by who suspended", { actor: "carol" }],
    ["by who is suspended", { actor: "alice" }],
    ["by somebody who is no admin", { actor: "bob" }],
    ["by nobody", { actor: "zoe" }],
  ])("A lift %s is not believed", async (_, over) => {
    const { broker, change, forged } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    forged({ type: "lift", person: "alice", ...over });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "ending" });
    expect(broker.logs.map(({ message }) => message)).toContain(
      "a lifted suspension was not believed",
    );
  });

  it("A lift that names another admin is believed, and stays on record", async () => {
    const { broker, change, forged } = world();
    const grant = await broker.activeGrant();
    await change("suspend", "carol", "alice");
    forged({ type: "lift", person: "alice", actor: "dora" });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.stopRecords).toHaveLength(2);
  });

  it("A chain that is cut back to before the suspension lifts nothing that converge knows", async () => {
    const { broker, change } = world();
    await change("suspend", "carol", "bob");
    await change("suspend", "carol", "alice");
    const grant = await forgedGrant(broker);
    await broker.converge();
    broker.stopRecords.splice(0);
    const second = await forgedGrant(broker);
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect((await broker.reload(grant)).state).not.toBe("active");
    expect((await broker.reload(second)).state).not.toBe("active");
  });

  it.each<[string, (broker: ReturnType<typeof world>["broker"]) => void]>([
    [
      "is written over",
      ({ stopRecords }) => stopRecords.splice(0, 1, stopRecord(NO_STOPS, aStop({ person: "bob" }))),
    ],
    ["has a gap", ({ stopRecords }) => stopRecords.splice(0, 1)],
    [
      "says that nobody is stopped",
      ({ stopRecords }) => {
        const [first] = stopRecords;
        if (first) stopRecords[0] = { ...first, details: { ...first.details, after: NO_STOPS } };
      },
    ],
  ])("Nothing is added where a chain %s", async (_, tamper) => {
    const { broker, change } = world();
    const grant = await broker.grant();
    await change("suspend", "carol", "dora");
    await change("suspend", "carol", "bob");
    tamper(broker);
    await broker.converge();
    expect(broker.entries.calls).toEqual([]);
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    expect(broker.logs.map(({ message }) => message)).toContain("suspensions not read");
  });

  it("A lift by an admin of a newer policy is believed once converge has that policy", async () => {
    const { broker, change, forged } = world();
    await change("suspend", "carol", "alice");
    forged({ type: "lift", person: "alice", actor: "fay", policyHash: "f".repeat(64) });
    const grant = await forgedGrant(broker);
    await broker.converge();
    expect((await broker.reload(grant)).outcome).toMatchObject({ code: "suspended" });
    expect((await broker.stopCopy.load()).seq).toBe(1);
  });

  it("A lift that is refused under converge's own policy is never looked at again", async () => {
    const { broker, change, forged } = world();
    await change("suspend", "carol", "alice");
    forged({ type: "lift", person: "alice", actor: "bob" });
    await forgedGrant(broker);
    await broker.converge();
    expect(await broker.stopCopy.load()).toMatchObject({ seq: 2, people: { alice: {} } });
  });
});

/** A grant of alice that the API would not have stored while she is suspended. */
async function forgedGrant(broker: ReturnType<typeof world>["broker"]) {
  const { stops: _, ...front } = broker.front;
  const free = { ...front, stops: { latest: async () => NO_STOPS } };
  const { createRequest } = await import(
    "../../../../../shared/usecases/requests/create-request.ts"
  );
  const { decideRequest } = await import(
    "../../../../../shared/usecases/requests/decide-request.ts"
  );
  const ask = {
    cluster: "prod",
    access: edit(`payments-${broker.tables.requests.size}`),
    durationSeconds: 600,
    reason: "INC-4711 stuck rollout",
    principalArn: null,
    startsAt: null,
    rule: null,
  };
  const ports = free as unknown as typeof broker.front;
  const { id, digest } = await createRequest(ports, broker.actor("alice"), ask, undefined);
  return decideRequest(ports, broker.actor("bob"), id, { verdict: "approve", digest });
}
