/** Requests whose terms, approvers or chains change during their lives are judged again. */
import { describe, expect, it } from "vitest";
import { ALICE, aPolicy } from "../../../../lab/fakes/builders.ts";
import { PAYMENTS_GLASS, policyWithGlass } from "../../../../lab/fakes/glass-policy.ts";
import { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import { WEEKDAYS } from "../../../../shared/domain/values/local-time.ts";
import { recordedRequest } from "../../../../shared/policy-tools/replay/recorded-request.ts";
import { replayPolicy } from "../../../../shared/policy-tools/replay/replay-policy.ts";
import { decideRequest } from "../../../../shared/usecases/requests/decide-request.ts";
import { escalateRequest } from "../../../../shared/usecases/requests/escalate-request.ts";
import { recordOf, replayed, verdicts } from "./played-record.ts";

/** A policy with one rule changed. */
const withRule = (policy: AccessPolicy, name: string, change: Partial<Rule>): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) => (rule.name === name ? { ...rule, ...change } : rule)),
});
const EDIT = "payments-edit";
const ruleNamed = (policy: AccessPolicy, name: string) => {
  const found = policy.rules.find((rule) => rule.name === name);
  if (!found) throw new Error(`The policy has no rule ${name}.`);
  return found;
};

/** The requests as an earlier release recorded them. */
const unsaid = (requests: ReturnType<typeof recordOf>["requests"]) =>
  new Map(
    [...requests].map(([id, each]) => {
      const [first, ...later] = each.asks;
      return [id, { ...each, asks: [{ ...first, defaults: undefined }, ...later] as const }];
    }),
  );

const detailsOf = (found: ReturnType<typeof replayed>) =>
  found.replays.map(({ replayed: each }) => ("code" in each ? each.code : each.verdict));

describe("policy replay of an extension", () => {
  async function extended(times = 1) {
    const policy = aPolicy();
    const broker = memoryBroker({ policy });
    const asked = await broker.ask();
    // The chain begins with its access, and not with the request.
    broker.clock.advance(600);
    await broker.approve(asked);
    await broker.converge();
    let last = await broker.reload(asked);
    for (let n = 0; n < times; n += 1) {
      const extension = await broker.approve(await broker.extend(last, { durationSeconds: 1_800 }));
      await broker.converge();
      last = await broker.reload(extension);
    }
    return { policy, broker, extend: ruleNamed(policy, EDIT).extend };
  }

  it.each([
    ["the same", (extend: object) => extend, ["same", "same"]],
    [
      "a shorter total",
      (extend: object) => ({ ...extend, totalSeconds: 5_000 }),
      ["same", "total-exceeded"],
    ],
    [
      "a total that just suffices",
      (extend: object) => ({ ...extend, totalSeconds: 5_400 }),
      ["same", "same"],
    ],
    ["no extension", () => undefined, ["same", "not-extendable"]],
    [
      "extensions without an approval",
      (extend: object) => ({ ...extend, approval: "none" }),
      ["same", "nobody-asked"],
    ],
  ])("It is judged with its chain under %s", async (_, change, expected) => {
    const { policy, broker, extend } = await extended();
    const other = withRule(policy, EDIT, { extend: change(extend ?? {}) } as Partial<Rule>);
    const found = replayed(broker, policy, other);
    expect(detailsOf(found)).toEqual(expected);
    expect(found.contradictions).toEqual([]);
  });

  it("The second of two extensions is one too many where a rule allows one", async () => {
    const { policy, broker, extend } = await extended(2);
    const other = withRule(policy, EDIT, { extend: { ...extend, times: 1 } } as Partial<Rule>);
    expect(detailsOf(replayed(broker, policy, policy))).toEqual(["same", "same", "same"]);
    expect(detailsOf(replayed(broker, policy, other))).toEqual(["same", "same", "extended-enough"]);
  });

  it("An extension whose grant is not in the record is named, since its chain is not judged", async () => {
    const { policy, broker } = await extended();
    const record = recordOf(broker, policy);
    const [first, extension] = [...record.requests.keys()];
    const whole = replayPolicy(policy, record, () => true);
    expect(whole.cutChains).toEqual([]);
    record.requests.delete(first ?? "");
    expect(replayPolicy(policy, record, () => true).cutChains).toEqual([extension]);
  });

  it("An extension stays under its rule where an earlier rule now lends the same", async () => {
    const { policy, broker } = await extended();
    const { extend: _, ...earlier } = { ...ruleNamed(policy, EDIT), name: "earlier" };
    const other = { ...policy, rules: [earlier, ...policy.rules] } as AccessPolicy;
    const found = replayed(broker, policy, other);
    expect(found.replays.map((each) => each.replayed)).toMatchObject([
      { verdict: "same", rule: "earlier" },
      { verdict: "same", rule: EDIT },
    ]);
  });
});

describe("policy replay of a request that became break-glass", () => {
  async function escalated() {
    const policy = policyWithGlass();
    const broker = memoryBroker({ policy });
    const { id } = await broker.ask();
    broker.clock.advance(30);
    await escalateRequest(broker.front, broker.actor("alice"), id, PAYMENTS_GLASS);
    return { policy, broker };
  }

  it.each([
    ["the same", (policy: AccessPolicy) => policy, ["same"]],
    [
      "a break-glass that is shorter",
      (policy: AccessPolicy) =>
        withRule(policy, PAYMENTS_GLASS, {
          duration: { maxSeconds: 600, defaultSeconds: 600 },
        } as Partial<Rule>),
      ["duration-too-long"],
    ],
    [
      "a break-glass that somebody has to approve",
      (policy: AccessPolicy) =>
        withRule(policy, PAYMENTS_GLASS, { approval: [{ groups: ["payments-leads"], count: 1 }] }),
      ["others-needed"],
    ],
    [
      "a break-glass for others",
      (policy: AccessPolicy) =>
        withRule(policy, PAYMENTS_GLASS, { who: { groups: ["sre"], people: [] } } as Partial<Rule>),
      ["policy-denied"],
    ],
    [
      "a first rule for others",
      (policy: AccessPolicy) => withRule(policy, EDIT, { clusters: ["staging"] }),
      ["duration-too-long"],
    ],
  ])("Both of its asks are judged under %s", async (_, change, expected) => {
    const { policy, broker } = await escalated();
    const found = replayed(broker, policy, change(policy));
    expect(detailsOf(found)).toEqual(expected);
    expect(found.contradictions).toEqual([]);
  });
});

describe("policy replay of approvals", () => {
  it("A request that was approved for less is judged by the terms that were asked for", async () => {
    const policy = aPolicy();
    const broker = memoryBroker({ policy });
    const asked = await broker.ask({ durationSeconds: 3_600 });
    await decideRequest(broker.front, broker.actor("bob"), asked.id, {
      verdict: "approve",
      digest: asked.digest,
      less: { durationSeconds: 900 },
    });
    expect(verdicts(replayed(broker, policy, policy))).toEqual(["same"]);
    const shorter = withRule(policy, EDIT, {
      duration: { maxSeconds: 1_800, defaultSeconds: null },
    } as Partial<Rule>);
    expect(detailsOf(replayed(broker, policy, shorter))).toEqual(["duration-too-long"]);
  });

  it("An approval under a delegation counts only while the policy allows delegations", async () => {
    const policy = { ...aPolicy(), delegations: { longestSeconds: 864_000 } };
    const broker = memoryBroker({ policy });
    const asked = await broker.ask();
    await broker.delegate("bob", "carol");
    await broker.approve(asked, "carol", "bob");
    expect(verdicts(replayed(broker, policy, policy))).toEqual(["same"]);
    const { delegations: _, ...without } = policy;
    expect(verdicts(replayed(broker, policy, without))).toEqual(["others-needed"]);
    const record = { ...recordOf(broker, policy), delegations: new Map() };
    expect(verdicts(replayPolicy(policy, record, () => true))).toEqual(["others-needed"]);
  });

  it("Those who agreed suffice where a rule now needs no more of them", async () => {
    const two = { approval: [{ groups: ["payments-leads", "sre"], count: 2 }] };
    const policy = withRule(aPolicy(), EDIT, two);
    const broker = memoryBroker({ policy });
    await broker.approve(await broker.ask());
    expect(verdicts(replayed(broker, policy, policy))).toEqual(["same"]);
    expect(verdicts(replayed(broker, policy, aPolicy()))).toEqual(["granted"]);
  });

  it("An older request whose policy is missing keeps its rule, though an earlier one lends the same", async () => {
    const policy = aPolicy();
    const broker = memoryBroker({ policy });
    await broker.approve(await broker.ask());
    const earlier = { ...ruleNamed(policy, EDIT), name: "earlier" };
    const other = { ...policy, rules: [earlier, ...policy.rules] };
    const record = recordOf(broker, policy);
    const ruleUnder = (found: ReturnType<typeof replayed>) => found.replays[0]?.replayed;
    expect(ruleUnder(replayPolicy(other, record, () => true))).toMatchObject({ rule: "earlier" });
    const without = { ...record, policies: new Map() };
    expect(ruleUnder(replayPolicy(other, without, () => true))).toMatchObject({ rule: "earlier" });
    const older = { ...without, requests: unsaid(record.requests) };
    expect(ruleUnder(replayPolicy(other, older, () => true))).toMatchObject({ rule: EDIT });
    expect(replayPolicy(other, older, () => true).unsaid).toBe(1);
  });

  it.each([
    ["longer", 7_200],
    ["shorter", 1_800],
    ["same", 3_600],
  ])(
    "A duration that nobody named is %s where the policy's own is %i s",
    async (verdict, seconds) => {
      const policy = aPolicy();
      const broker = memoryBroker({ policy });
      await broker.approve(await broker.ask({ durationSeconds: null }));
      const duration = { maxSeconds: 14_400, defaultSeconds: seconds };
      const other = withRule(policy, EDIT, { duration } as Partial<Rule>);
      expect(verdicts(replayed(broker, policy, policy))).toEqual(["same"]);
      expect(verdicts(replayed(broker, policy, other))).toEqual([verdict]);
      const named = memoryBroker({ policy });
      await named.approve(await named.ask({ durationSeconds: 3_600 }));
      expect(verdicts(replayed(named, policy, other))).toEqual(["same"]);
    },
  );

  it("A principal that nobody named is the policy's own, and one that was named is refused", async () => {
    const policy = aPolicy();
    const another = `${ALICE}-2`;
    const other = {
      ...policy,
      people: { ...policy.people, alice: { ...policy.people["alice"], principals: [another] } },
    } as AccessPolicy;
    const verdictOf = async (principalArn: string | null) => {
      const broker = memoryBroker({ policy });
      await broker.approve(await broker.ask({ principalArn }));
      return detailsOf(replayed(broker, policy, other));
    };
    expect(await verdictOf(null)).toEqual(["same"]);
    expect(await verdictOf(ALICE)).toEqual(["policy-denied"]);
  });

  it("The approvals are judged under the policy of the approval", async () => {
    const policy = aPolicy();
    const broker = memoryBroker({ policy });
    const { id } = await broker.approve(await broker.ask());
    const events = broker.tables.events.map((event) =>
      event.type === "approve" ? { ...event, policyHash: "later" } : event,
    );
    const recorded = recordedRequest(events);
    expect(recorded).toMatchObject({ decidedUnder: "later", asks: [{ policyHash: policy.hash }] });
    const two = withRule(policy, EDIT, { approval: [{ groups: ["payments-leads"], count: 2 }] });
    const record = recordOf(broker, policy);
    const policies = new Map([...record.policies, ["later", two]]);
    const requests = new Map(recorded ? [[id, recorded]] : []);
    const found = replayPolicy(policy, { ...record, requests, policies }, () => true);
    expect(found.contradictions).toMatchObject([{ id, replayed: { verdict: "others-needed" } }]);
  });

  it("A grant is judged at the instants of its ask and of its approval", async () => {
    const policy = aPolicy();
    const broker = memoryBroker({ policy });
    const asked = await broker.ask();
    broker.clock.advance(6 * 3_600);
    await broker.approve(asked);
    const hour = (ahead: number) =>
      new Date(Date.parse(asked.createdAt) + ahead * 3_600_000).toISOString().slice(11, 16);
    const within = (from: number, to: number) => {
      const hours = { days: WEEKDAYS, from: hour(from), to: hour(to), timezone: "UTC" };
      return withRule(policy, EDIT, { hours });
    };
    expect(detailsOf(replayed(broker, policy, within(-1, 8)))).toEqual(["same"]);
    expect(detailsOf(replayed(broker, policy, within(-1, 3)))).toEqual(["outside-hours"]);
    expect(detailsOf(replayed(broker, policy, within(3, 8)))).toEqual(["policy-denied"]);
  });

  it("A cluster whose name means another one now takes nothing", async () => {
    const policy = aPolicy();
    const broker = memoryBroker({ policy });
    await broker.approve(await broker.ask());
    const [prod, staging] = [policy.clusters["prod"], policy.clusters["staging"]];
    const other = {
      ...policy,
      clusters: { ...policy.clusters, prod: { ...prod, arn: staging?.arn ?? "" } },
    };
    const found = replayed(broker, policy, other as AccessPolicy);
    expect(detailsOf(found)).toEqual(["another-cluster"]);
  });
});
