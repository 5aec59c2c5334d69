/** Delegations to approve, and refusals before anything is stored. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { circles } from "../../../../lab/fakes/policy-asking.ts";
import { DAY, policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import type { DelegationRecord } from "../../../../shared/domain/delegations/delegation-record.ts";
import { delegationVerifier } from "../../../../shared/domain/delegations/delegation-record.ts";
import type { DelegationAsk } from "../../../../shared/domain/policy/delegation-ask.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { listDelegations } from "../../../../shared/usecases/delegations/list-delegations.ts";

const later = (seconds: number) => plusSeconds(T0, seconds);
const idsSeenBy = async (broker: MemoryBroker, name: string) =>
  (await listDelegations(broker.front, broker.actor(name), { limit: 10 })).items.map(
    ({ by, to }) => `${by} to ${to}`,
  );

describe("Making a delegation", () => {
  it("A delegation begins at once where its maker names no beginning, and is recorded with their proof", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    const made = await broker.delegate("bob", "erin", { until: later(DAY) });
    expect(made).toMatchObject({ by: "bob", to: "erin", from: T0, until: later(DAY), ended: null });
    const records = await broker.front.delegations.records(made.id);
    expect(verifyRecords(records)).toEqual([]);
    expect(records).toMatchObject([
      {
        type: "delegate",
        actor: "bob",
        at: T0,
        policyHash: broker.front.policy.hash,
        details: { to: "erin", from: T0, until: later(DAY), surface: "api" },
      },
    ]);
    expect(records[0]?.details.proof).toEqual({ gatewayRequestId: "q", callerId: "AROA:bob" });
  });

  it.each<
    [string, string, Partial<DelegationAsk> & { readonly by?: string; readonly to?: string }]
  >([
    ["to oneself", "delegation-to-self", { to: "bob" }],
    ["to somebody whom the policy does not know", "unknown-delegate", { to: "nobody" }],
    ["to a name that every object has", "unknown-delegate", { to: "constructor" }],
    [
      "longer than the policy allows, by a millisecond",
      "delegation-too-long",
      { until: later(21 * DAY + 0.001) },
    ],
    ["that is over at once", "delegation-in-past", { until: T0 }],
    [
      "that began before it was asked for",
      "delegation-in-past",
      { from: later(-0.001), until: later(60) },
    ],
    ["all in the past", "delegation-in-past", { from: later(-120), until: later(-60) }],
    ["that ends as it begins", "delegation-without-time", { from: later(60), until: later(60) }],
    [
      "that ends before it begins",
      "delegation-without-time",
      { from: later(60), until: later(30) },
    ],
    ["by somebody who approves nothing", "nothing-to-delegate", { by: "frank" }],
  ])(
    "A delegation %s is refused, and nothing is stored",
    async (_what, code, { by = "bob", to = "erin", ...over }) => {
      const broker = memoryBroker({ policy: policyDelegating() });
      await expect(broker.delegate(by, to, over)).rejects.toMatchObject({ code });
      expect(broker.tables.delegations.size).toBe(0);
    },
  );

  it("A delegation as long as the policy allows is stored", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    const from = later(DAY);
    await broker.delegate("bob", "erin", { from, until: plusSeconds(from, 21 * DAY) });
    expect(await idsSeenBy(broker, "bob")).toEqual(["bob to erin"]);
  });

  it("A delegation is refused where the policy says nothing of delegations", async () => {
    const { delegations: _, ...policy } = policyDelegating();
    const broker = memoryBroker({ policy });
    await expect(broker.delegate("bob", "erin")).rejects.toMatchObject({ code: "delegations-off" });
  });

  it("A delegation is refused by somebody whose rules can all not be delegated", async () => {
    const policy = policyDelegating();
    const rules = policy.rules.map((rule) => ({ ...rule, delegable: false }));
    const broker = memoryBroker({ policy: { ...policy, rules } });
    await expect(broker.delegate("bob", "erin")).rejects.toMatchObject({
      code: "nothing-to-delegate",
    });
  });

  it("An approver of only a second circle has something to delegate", async () => {
    const policy = policyDelegating([circles(["payments-leads"], ["sre"])]);
    const broker = memoryBroker({ policy: { ...policy, rules: policy.rules.slice(0, 1) } });
    expect(await broker.delegate("cyril", "erin")).toMatchObject({ by: "cyril", to: "erin" });
  });

  it("A delegation that closes a circle of any length is refused, and nothing is stored", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    await broker.delegate("bob", "carol");
    await expect(broker.delegate("carol", "bob")).rejects.toMatchObject({
      code: "delegation-circle",
    });
    await broker.delegate("carol", "bella");
    await expect(broker.delegate("bella", "bob")).rejects.toMatchObject({
      code: "delegation-circle",
      facts: { way: ["bella", "bob", "carol", "bella"] },
    });
    expect(broker.tables.delegations.size).toBe(2);
  });

  it("A delegation at another time than one the other way is no circle", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    await broker.delegate("bob", "carol", { until: later(DAY) });
    await broker.delegate("carol", "bob", { from: later(DAY), until: later(2 * DAY) });
    expect(broker.tables.delegations.size).toBe(2);
  });

  it("A delegation the other way is no circle once the first was ended", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    await broker.endDelegation(await broker.delegate("bob", "carol"));
    await broker.delegate("carol", "bob");
    expect(await idsSeenBy(broker, "bob")).toEqual(["carol to bob"]);
  });

  it("A delegation is one of ten that a person may have given, and the eleventh is refused", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    for (let n = 0; n < 10; n += 1) await broker.delegate("bob", "erin");
    await expect(broker.delegate("bob", "frank")).rejects.toMatchObject({
      code: "too-many-delegations",
    });
    await broker.delegate("bella", "frank");
  });

  it("Thirty of one person at once are ten: nobody is judged by an older list", async () => {
    const settings = { requestsPerWindow: 100 };
    const broker = memoryBroker({ policy: policyDelegating(), settings });
    const all = Array.from({ length: 30 }, () => broker.delegate("bob", "erin"));
    const codes = (await Promise.allSettled(all)).flatMap((one) =>
      one.status === "rejected" ? (one.reason as { readonly code: string }).code : [],
    );
    expect(new Set(codes)).toEqual(new Set(["too-many-delegations"]));
    expect(await broker.front.delegations.givenBy("bob", T0)).toHaveLength(10);
  });

  it("One that was counted before others were made is counted again", async () => {
    const settings = { requestsPerWindow: 100 };
    const broker = memoryBroker({ policy: policyDelegating(), settings });
    let reads = 0;
    // The second list is that of the delegate, once the delegator's own were counted.
    const { delegations } = broker.front;
    const { givenBy } = delegations;
    const beside = async (...asked: Parameters<typeof givenBy>) => {
      reads += 1;
      if (reads === 2) for (let n = 0; n < 10; n += 1) await broker.delegate("bob", "erin");
      return await givenBy(...asked);
    };
    Object.assign(delegations, { givenBy: beside });
    await expect(broker.delegate("bob", "erin")).rejects.toMatchObject({
      code: "too-many-delegations",
    });
    expect(await broker.front.delegations.made()).toBe(10);
  });

  it("Two at once that form a circle are one", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    const both = [broker.delegate("bob", "bella"), broker.delegate("bella", "bob")];
    const [, lost] = (await Promise.allSettled(both)).toSorted((a) =>
      a.status === "rejected" ? 1 : -1,
    );
    expect(lost).toMatchObject({ reason: { code: "delegation-circle" } });
    expect(await broker.front.delegations.made()).toBe(1);
  });

  it("A delegation is counted among a person's calls, also one that is refused", async () => {
    const policy = policyDelegating();
    const broker = memoryBroker({ policy, settings: { requestsPerWindow: 2 } });
    await expect(broker.delegate("bob", "bob")).rejects.toMatchObject({
      code: "delegation-to-self",
    });
    await broker.delegate("bob", "erin");
    await expect(broker.delegate("bob", "frank")).rejects.toMatchObject({ code: "rate-limited" });
    await broker.delegate("bella", "frank");
  });
});

describe("The list of delegations", () => {
  it("The list of delegations has those by and to the reader, and everyone's for admins and auditors", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    await broker.delegate("bob", "erin");
    await broker.delegate("bella", "frank");
    expect(await idsSeenBy(broker, "bob")).toEqual(["bob to erin"]);
    expect(await idsSeenBy(broker, "frank")).toEqual(["bella to frank"]);
    expect(await idsSeenBy(broker, "cyril")).toEqual([]);
    expect(await idsSeenBy(broker, "carol")).toEqual(["bob to erin", "bella to frank"]);
  });
});

describe("The right to end a delegation", () => {
  it.each(["bob", "erin", "carol"])(
    "A delegation is ended by %s: its delegator, its delegate or an admin",
    async (name) => {
      const broker = memoryBroker({ policy: policyDelegating() });
      const made = await broker.delegate("bob", "erin");
      broker.clock.advance(60);
      const ended = await broker.endDelegation(made, name);
      expect(ended.ended).toEqual({ person: name, at: later(60) });
      const records = await broker.front.delegations.records(made.id);
      expect(verifyRecords(records)).toEqual([]);
      expect(records.at(-1)).toMatchObject({ type: "undelegate", actor: name, at: later(60) });
    },
  );

  it.each(["bella", "cyril", "frank"])(
    "A delegation is not ended by %s, who is answered that there is none",
    async (name) => {
      const broker = memoryBroker({ policy: policyDelegating() });
      const made = await broker.delegate("bob", "erin");
      await expect(broker.endDelegation(made, name)).rejects.toMatchObject({
        code: "delegation-not-found",
      });
      expect(await broker.front.delegations.records(made.id)).toHaveLength(1);
    },
  );

  it("A delegation may be ended again, which changes nothing", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    const made = await broker.delegate("bob", "erin");
    const first = await broker.endDelegation(made, "erin");
    broker.clock.advance(60);
    expect(await broker.endDelegation(made, "bob")).toEqual(first);
    expect(await broker.front.delegations.records(made.id)).toHaveLength(2);
  });
});

describe("A policy under which only members of some groups may be delegates", () => {
  const policy = () => ({
    ...policyDelegating(),
    delegations: { longestSeconds: 21 * 86_400, toGroups: ["sre"] },
  });

  it("A member is one, and nobody else", async () => {
    const broker = memoryBroker({ policy: policy() });
    expect(await broker.delegate("bob", "cyril")).toMatchObject({ by: "bob", to: "cyril" });
    await expect(broker.delegate("bob", "erin")).rejects.toMatchObject({ code: "not-a-delegate" });
  });
});

/** The faults in the chains of these records. */
function verifyRecords(records: readonly DelegationRecord[]) {
  const verifier = delegationVerifier();
  return [...records.flatMap((record) => verifier.add(record) ?? []), ...verifier.end()];
}
