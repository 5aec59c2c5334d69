/** The gain of a forged record that claims an approval on another person's behalf. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, BOB, T0 } from "../../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../../lab/fakes/counted-ids.ts";
import { forgeWhole } from "../../../../../lab/fakes/forge-whole.ts";
import { type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { oneOf } from "../../../../../lab/fakes/policy-asking.ts";
import { DAY, policyDelegating, withGroups } from "../../../../../lab/fakes/policy-delegating.ts";
import {
  type DelegationRecord,
  endRecord,
  type MadeRecord,
  madeRecord,
} from "../../../../../shared/domain/delegations/delegation-record.ts";
import type { AccessPolicy } from "../../../../../shared/domain/policy/policy.ts";
import type { AccessRequest, Approval } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const NOWHERE = countedId(77);

/** A grant that erin approved for bob, ten seconds after bob had delegated to her for a day. */
async function approvedOnBehalf(policy = policyDelegating()) {
  const broker = memoryBroker({ policy });
  const asked = await broker.ask();
  const made = await broker.delegate("bob", "erin");
  broker.clock.advance(10);
  return { broker, made, approved: await broker.approve(asked, "erin") };
}

/** The first approval, with other members. */
const approval = ({ approvals: [first] }: AccessRequest, over: Partial<Approval>) => {
  if (!first) throw new Error("Nobody approved.");
  return { approvals: [{ ...first, ...over }] };
};
const happened = (actor: string, at: string, id = NOWHERE) => ({
  delegationId: id,
  actor,
  at,
  policyHash: "a".repeat(64),
});
const PROOF = { surface: "api", proof: {} } as const;
const madeBy = (actor: string, to = "erin", over: Partial<MadeRecord["details"]> = {}, at = T0) =>
  madeRecord(happened(actor, at), {
    to,
    from: T0,
    until: plusSeconds(T0, DAY),
    ...PROOF,
    ...over,
  });
const stored = ({ tables }: MemoryBroker, records: readonly DelegationRecord[]) =>
  tables.delegations.set(NOWHERE, records);
const named = { person: "bob", delegation: NOWHERE };

const expectRefused = async (broker: MemoryBroker, grant: AccessRequest, code: string) => {
  await broker.converge();
  expect(await broker.reload(grant)).toMatchObject({ state: "failed", outcome: { code } });
  expect(broker.operations()).toEqual([]);
};

describe("An approval on somebody's behalf", () => {
  it("lends access where it was given under a delegation in force", async () => {
    const { broker, approved } = await approvedOnBehalf();
    await broker.converge();
    expect((await broker.reload(approved)).state).toBe("active");
    expect(broker.namespaces("arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy")).toEqual(
      ["payments-api"],
    );
  });

  it("counts at the instant of the approval, so a later end of the delegation changes nothing", async () => {
    const { broker, made, approved } = await approvedOnBehalf();
    broker.clock.advance(1);
    await broker.endDelegation(made);
    await broker.converge();
    expect((await broker.reload(approved)).state).toBe("active");
  });

  it("still counts where access is repaired after the delegation is over", async () => {
    const broker = memoryBroker({ policy: policyDelegating() });
    const asked = await broker.ask();
    await broker.delegate("bob", "erin", { until: plusSeconds(T0, 60) });
    const grant = await broker.approve(asked, "erin");
    await broker.converge();
    broker.clock.advance(600);
    broker.othersPut({});
    await broker.converge();
    expect((await broker.reload(grant)).state).toBe("active");
    expect(broker.operations().filter((each) => each === "AssociateAccessPolicy")).toHaveLength(2);
  });
});

type Forgery = (approved: AccessRequest) => Partial<AccessRequest>;

describe("A record forged around an approval on somebody's behalf", () => {
  it.each<[string, Forgery, string]>([
    [
      "names a delegation that never was",
      (one) => approval(one, { onBehalfOf: named }),
      "not-delegated",
    ],
    [
      "names another delegator",
      (one) =>
        approval(one, {
          onBehalfOf: {
            person: "bella",
            delegation: one.approvals[0]?.onBehalfOf?.delegation ?? "",
          },
        }),
      "not-delegated",
    ],
    ["names another delegate", (one) => approval(one, { person: "frank" }), "not-delegated"],
    [
      "was given before the delegation was made",
      (one) => approval(one, { at: plusSeconds(T0, -1) }),
      "not-delegated",
    ],
    [
      "was given as the delegation was over",
      (one) => approval(one, { at: plusSeconds(T0, DAY) }),
      "not-delegated",
    ],
    ["has no instant", (one) => approval(one, { at: "x" }), "not-delegated"],
    [
      "says it was the delegate's own",
      ({ approvals: [first] }) => {
        const { onBehalfOf: _, ...own } = first as Approval;
        return { approvals: [own] };
      },
      "not-approved",
    ],
    ["was given by the requester", (one) => approval(one, { person: "alice" }), "self-approval"],
    [
      "is on the requester's behalf",
      (one) => approval(one, { onBehalfOf: { person: "alice", delegation: NOWHERE } }),
      "self-approval",
    ],
  ])("is refused, and gains nothing, where it %s", async (_what, over, code) => {
    const { broker, approved } = await approvedOnBehalf();
    forge(broker, approved, over(approved));
    await expectRefused(broker, approved, code);
  });

  it("counts delegate and delegator as one, also where both are stored as approvals", async () => {
    const policy = policyDelegating([{ groups: ["payments-leads"], count: 2 }]);
    const broker = memoryBroker({ policy });
    const asked = await broker.ask();
    await broker.delegate("bob", "erin");
    await broker.delegate("bob", "frank");
    await broker.approve(asked, "erin");
    const approved = await broker.approve(asked, "bella");
    const [erin, bella] = approved.approvals;
    const frank = [...broker.tables.delegations.values()][1]?.[0]?.delegationId ?? "";
    for (const [first, second] of [
      [erin, { ...bella, person: "bob" }],
      [{ ...bella, person: "bob" }, erin],
      [erin, { ...erin, person: "frank", onBehalfOf: { person: "bob", delegation: frank } }],
      [erin, erin],
    ]) {
      const forged = { ...approved, approvals: [first, second] as readonly Approval[] };
      expect(broker.judge(forged)).toMatchObject({ admitted: false, code: "not-approved" });
    }
    expect(broker.judge(approved)).toEqual({ admitted: true });
  });
});

describe("A forged delegation", () => {
  it.each<[string, () => readonly DelegationRecord[], Partial<Approval>]>([
    ["to somebody else", () => [madeBy("bob", "frank")], {}],
    ["by somebody else", () => [madeBy("bella")], {}],
    [
      "to oneself",
      () => [madeBy("erin", "erin")],
      { onBehalfOf: { person: "erin", delegation: NOWHERE } },
    ],
    [
      "by somebody whom the policy does not know",
      () => [madeBy("nobody")],
      { onBehalfOf: { person: "nobody", delegation: NOWHERE } },
    ],
    [
      "by somebody who may not approve",
      () => [madeBy("frank")],
      { onBehalfOf: { person: "frank", delegation: NOWHERE } },
    ],
    ["that begins later", () => [madeBy("bob", "erin", { from: plusSeconds(T0, 11) })], {}],
    ["that was made later", () => [madeBy("bob", "erin", {}, plusSeconds(T0, 11))], {}],
    ["that was over", () => [madeBy("bob", "erin", { until: plusSeconds(T0, 10) })], {}],
    [
      "that began longer ago than the policy allows",
      () => [
        madeBy("bob", "erin", { from: plusSeconds(T0, -21 * DAY), until: plusSeconds(T0, DAY) }),
      ],
      {},
    ],
    ["that has no instants", () => [madeBy("bob", "erin", { from: "", until: "~" })], {}],
    ["that was changed", () => [{ ...madeBy("bella"), actor: "bob" }], {}],
    [
      "in the place of another",
      () => [
        madeRecord(happened("bob", T0, countedId(78)), {
          ...PROOF,
          to: "erin",
          from: T0,
          until: plusSeconds(T0, DAY),
        }),
      ],
      {},
    ],
    ["that was ended before", () => ended(9), {}],
    ["that was ended at the same instant", () => ended(10), {}],
    [
      "whose end was changed to be later",
      () => ended(9).map((one) => (one.seq === 2 ? { ...one, at: plusSeconds(T0, 60) } : one)),
      {},
    ],
    [
      "whose end does not follow it",
      () =>
        ended(60).map((one) => (one.seq === 2 ? { ...one, previousHash: "b".repeat(64) } : one)),
      {},
    ],
    ["of which only the end is there", () => ended(60).slice(1), {}],
    ["with two ends", () => [...ended(60), ...ended(60).slice(1)], {}],
  ])("%s is refused, and gains nothing", async (_what, records, over) => {
    const { broker, approved } = await approvedOnBehalf();
    forge(broker, approved, approval(approved, { onBehalfOf: named, ...over }));
    stored(broker, records());
    await expectRefused(
      broker,
      approved,
      ["nobody", "frank", "erin"].includes(over.onBehalfOf?.person ?? "")
        ? "not-approved"
        : "not-delegated",
    );
  });

  it("is believed where every record of it is as api would write it: who takes api over gains what the delegator may approve", async () => {
    const { broker, approved } = await approvedOnBehalf();
    forgeWhole(broker, approved, approval(approved, { onBehalfOf: named }));
    stored(broker, [madeBy("bob")]);
    await broker.converge();
    expect((await broker.reload(approved)).state).toBe("active");
  });
});

const ended = (seconds: number): readonly DelegationRecord[] => {
  const made = madeBy("bob");
  return [made, endRecord(happened("bob", plusSeconds(T0, seconds)), PROOF, made)];
};

describe("The policy of the moment at which access starts", () => {
  const off = ({ delegations: _, ...policy }: AccessPolicy): AccessPolicy => policy;
  it.each<[string, (policy: AccessPolicy) => AccessPolicy, string]>([
    ["allows no delegations", off, "not-delegated"],
    [
      "has a rule that cannot be delegated",
      () => policyDelegating(undefined, { delegable: false }),
      "not-approved",
    ],
    [
      "knows the delegator in no group that approves",
      (policy) => withGroups(policy, "bob", "sre"),
      "not-approved",
    ],
    [
      "does not know the delegate",
      ({ people: { erin: _, ...people }, ...policy }) => ({ ...policy, people }),
      "not-approved",
    ],
    [
      "allows shorter delegations, of which this one has lasted longer",
      (policy) => ({ ...policy, delegations: { longestSeconds: 10 } }),
      "not-delegated",
    ],
    [
      "has groups of delegates, and the delegate is in no such group",
      (policy) => ({
        ...policy,
        delegations: { longestSeconds: 21 * 86_400, toGroups: ["sre"] },
      }),
      "not-delegated",
    ],
    [
      "has the delegator hold the principal",
      () => policyDelegating(undefined, { sharedPrincipals: true }, { bob: [BOB, ALICE] }),
      "not-approved",
    ],
    [
      "has the delegate hold the principal",
      () => policyDelegating(undefined, { sharedPrincipals: true }, { erin: [ALICE] }),
      "not-approved",
    ],
  ])("refuses an approval on somebody's behalf where it %s", async (_what, change, code) => {
    const { broker, approved } = await approvedOnBehalf();
    expect(broker.judge(approved, change(broker.front.policy))).toMatchObject({ code });
  });

  it("refuses what only the delegate's own groups would allow, since they approved for somebody else", async () => {
    const policy = policyDelegating([oneOf("sre")]);
    const { broker, approved } = await approvedOnBehalf(withGroups(policy, "bob", "sre"));
    const now = withGroups(withGroups(policy, "bob", "payments-leads"), "erin", "sre");
    expect(broker.judge(approved, now)).toMatchObject({ code: "not-approved" });
  });
});

describe("Delegations that cannot be read", () => {
  it("hold up the grants that name one, and neither removals nor other grants", async () => {
    const { broker, approved } = await approvedOnBehalf();
    const over = await broker.grant({
      access: {
        policy: "AmazonEKSViewPolicy",
        scope: { type: "namespace", namespaces: ["payments-web"] },
      },
      durationSeconds: 900,
    });
    const restore = broker.breakPort("delegations.records", new Error("busy"));
    await broker.converge();
    expect((await broker.reload(approved)).state).toBe("approved");
    expect(broker.isDueSoon()).toBe(true);
    restore();
    await broker.converge();
    expect((await broker.reload(approved)).state).toBe("active");
    const again = broker.breakPort("delegations.records", new Error("busy"));
    await broker.convergeAtEnd(over);
    expect((await broker.reload(over)).state).toBe("ending");
    again();
  });
});
