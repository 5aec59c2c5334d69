/** The principal behind an ARN: gone, recreated, unreadable, or in another account. */
import { describe, expect, it } from "vitest";
import {
  failCalls,
  isDueSoon,
  ns,
  refusedWith,
  timesOf,
  UNANSWERED,
  VISIBLE_SECONDS,
  watchAws,
} from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, aPolicy, PROD } from "../../../../../lab/fakes/builders.ts";
import { EDIT, memoryBroker, VIEW, view } from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

describe("A recreated principal", () => {
  it("A recreated principal inherits nothing once two looks agree", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(timesOf(broker).dueAt).toBe(plusSeconds(broker.clock.now(), VISIBLE_SECONDS));
    broker.clock.advance(VISIBLE_SECONDS);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      outcome: { code: "principal-recreated" },
    });
    expect(broker.actual()).toBeUndefined();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
  });

  it("A look that began too early is no second one, however late its answer comes", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.converge();
    broker.clock.advance(VISIBLE_SECONDS - 1);
    broker.before("entries.principal", () => broker.clock.advance(2));
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "principal-recreated" } });
  });

  it("A recreated principal is recognised even if one look at it failed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "GetRole", UNANSWERED, { times: 1 });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "principal-recreated" } });
    expect(broker.actual()).toBeUndefined();
  });

  it("A failed look at the principal keeps the first of two looks", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.converge();
    broker.clock.advance(30);
    failCalls(broker, "GetRole", UNANSWERED, { times: 1 });
    await broker.converge();
    broker.clock.advance(VISIBLE_SECONDS - 30);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "principal-recreated" } });
  });

  it("A single look that shows another principal ends no grant if a later one contradicts it", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.converge();
    broker.principals.set(ALICE, "AROAALICE");
    await broker.settle(40);
    broker.principals.set(ALICE, "AROASUCCESSOR");
    await broker.settle(40);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });

  it("A grant does not begin while one look shows another principal", async () => {
    const broker = memoryBroker();
    await broker.activeGrant();
    broker.principals.set(ALICE, "AROASUCCESSOR");
    const second = await broker.grant({ access: view("payments-api") });
    await broker.converge();
    expect(broker.namespaces(VIEW)).toEqual([]);
    expect(await broker.reload(second)).toMatchObject({ state: "approved" });
  });

  it.each([
    ["principal", ALICE, "principal-recreated"],
    ["cluster", PROD.arn, "cluster-gone"],
  ])("A grant fails if its %s is newer than its request", async (_, arn, code) => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    broker.clock.advance(60);
    broker.createdAt.set(arn, broker.clock.now());
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "failed", outcome: { code } });
    expect(broker.entries.calls).toEqual([]);
    broker.clock.advance(60);
    expect(await broker.activeGrant()).toMatchObject({ state: "active" });
  });

  it("A grant that has begun and is not active fails at one look at a newer principal", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "AssociateAccessPolicy", UNANSWERED, { times: 1 });
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(20);
    broker.createdAt.set(ALICE, broker.clock.now());
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
    await broker.settle(600);
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      effectiveAt: null,
      outcome: { code: "principal-recreated" },
    });
  });

  it("A principal that seems slightly older than the request may be newer by another clock", async () => {
    const stateOf = async (ageSeconds: number) => {
      const broker = memoryBroker();
      broker.createdAt.set(ALICE, plusSeconds(broker.clock.now(), -ageSeconds));
      return (await broker.activeGrant()).state;
    };
    expect(await stateOf(10)).toBe("failed");
    expect(await stateOf(11)).toBe("active");
  });
});

describe("A principal that IAM does not know", () => {
  it("A principal that IAM does not know gets nothing, and its grant fails at the second look", async () => {
    const broker = memoryBroker();
    broker.principals.delete(ALICE);
    const grant = await broker.grant();
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "approved" });
    broker.clock.advance(VISIBLE_SECONDS);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "principal-gone" },
    });
    expect(broker.entries.calls).toEqual([]);
  });

  it("A grant begins at the next look if IAM did not show its new principal yet", async () => {
    const broker = memoryBroker();
    broker.principals.delete(ALICE);
    const grant = await broker.grant();
    await broker.converge();
    broker.principals.set(ALICE, "AROAALICE");
    await broker.settle(60);
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A principal that cannot be read gets no new access, but access that is over is removed", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    failCalls(broker, "GetRole", refusedWith("AccessDenied"));
    const second = await broker.grant({ access: view("payments-api"), durationSeconds: 7_200 });
    await broker.convergeAtEnd(grant);
    expect(broker.namespaces(EDIT)).toEqual([]);
    expect(isDueSoon(broker)).toBe(true);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(await broker.reload(second)).toMatchObject({ state: "approved" });
    expect(broker.namespaces(VIEW)).toEqual([]);
  });
});

describe("When converge asks IAM", () => {
  it("IAM is asked while a grant is live, and not if access only has to be removed", async () => {
    const broker = memoryBroker();
    const asked = watchAws(broker);
    const grant = await broker.activeGrant();
    expect(asked).toContain("GetRole");
    asked.length = 0;
    await broker.convergeAtEnd(grant);
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "ended" });
    expect(asked).not.toContain("GetRole");
  });

  it("A principal of another account gets access without a lookup in IAM", async () => {
    const foreign = "arn:aws:iam::999988887777:role/alice";
    const plain = aPolicy();
    const { alice } = plain.people;
    if (!alice) throw new Error("alice is not in the policy");
    const broker = memoryBroker({
      policy: {
        ...plain,
        people: { ...plain.people, alice: { ...alice, principals: [foreign] } },
        rules: plain.rules.map((rule) => ({ ...rule, foreignPrincipals: true })),
      },
    });
    const asked = watchAws(broker);
    broker.principals.set(foreign, "AROAFOREIGN");
    const grant = await broker.grant({ principalArn: foreign });
    await broker.converge(bindingKey(PROD.arn, foreign));
    expect(asked).not.toContain("GetRole");
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });
});

describe("An entry that is older than its principal", () => {
  const deadEntry = (broker: ReturnType<typeof memoryBroker>) => {
    broker.entries.edit(broker.addressOf(), () => ({ targets: { [VIEW]: ns("old") } }));
    broker.createdAt.set(ALICE, plusSeconds(broker.clock.now(), 1));
    broker.clock.advance(120);
  };

  it("A dead entry is left to its creator, and nothing is granted on it", async () => {
    const broker = memoryBroker();
    deadEntry(broker);
    const before = broker.actual();
    const grant = await broker.grant();
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({
      state: "failed",
      outcome: { code: "entry-dead" },
    });
    expect(broker.actual()).toEqual(before);
  });

  it("A dead entry is dead for every grant, even while another grant waits for its start", async () => {
    const broker = memoryBroker();
    deadEntry(broker);
    const startsAt = plusSeconds(broker.clock.now(), 7_200);
    await broker.grant({ startsAt, access: view("payments-api") });
    for (const _ of [1, 2]) {
      const grant = await broker.grant();
      await broker.settle();
      expect(await broker.reload(grant)).toMatchObject({ outcome: { code: "entry-dead" } });
    }
    expect(broker.operations()).toEqual([]);
  });

  it("An entry that is as old as its principal is alive", async () => {
    const broker = memoryBroker();
    broker.createdAt.set(ALICE, broker.clock.now());
    broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
    broker.clock.advance(60);
    expect(await broker.activeGrant()).toMatchObject({ state: "active" });
  });

  it("An entry of ours is alive even if EKS's clock makes it older than its principal", async () => {
    const broker = memoryBroker();
    broker.createdAt.set(ALICE, broker.clock.now());
    broker.clock.advance(11);
    const grant = await broker.grant();
    failCalls(broker, "CreateAccessEntry", { ...UNANSWERED, applied: "yes" }, { times: 1 });
    broker.before("entries.create", () => broker.clock.advance(-12));
    await broker.converge();
    broker.clock.advance(12);
    expect(broker.actual()?.createdAt).toBe(plusSeconds(broker.clock.now(), -12));
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("An entry that we know is alive even if somebody removed our tag", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.createdAt.set(ALICE, plusSeconds(broker.clock.now(), 1));
    broker.entries.edit(broker.addressOf(), (entry) => ({ ...entry, tags: {} }));
    await broker.settle();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
    expect(broker.namespaces(EDIT)).toEqual(["payments-api"]);
  });
});
