/**
 * Brokers whose judge is broken in one way, each with a request that only such a judge grants. A decision on one's own
 * principal or machine, and on a lapsed request, is refused twice, so one broken check grants nothing there.
 */
import { ALICE, aPolicy, BOB } from "../../../../lab/fakes/builders.ts";
import { policyWithMachine } from "../../../../lab/fakes/machine-policy.ts";
import { edit, type MemoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import type { AccessPolicy, Rule } from "../../../../shared/domain/policy/policy.ts";
import type { Ask } from "../../../../shared/domain/requests/ask.ts";
import type { Access } from "../../../../shared/domain/requests/request.ts";

export interface MutatedJudge {
  readonly name: string;
  /** Below `shared/domain/policy/`, or `/` for the root. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly policy?: AccessPolicy;
  readonly play: (broker: MemoryBroker) => Promise<unknown>;
}

const changed = (name: string, over: Partial<Rule>, policy = aPolicy()): AccessPolicy => ({
  ...policy,
  rules: policy.rules.map((rule) => (rule.name === name ? { ...rule, ...over } : rule)),
});
const edited = (over: Partial<Rule>, policy = aPolicy()) => changed("payments-edit", over, policy);
const holding = (name: string, arns: readonly string[], policy = aPolicy()): AccessPolicy => {
  const person = policy.people[name];
  if (!person) throw new Error(`There is no ${name}.`);
  return { ...policy, people: { ...policy.people, [name]: { ...person, principals: arns } } };
};

/** Bob approves what somebody asks for. */
const granted = (over: Partial<Ask> = {}) => ({
  play: async (broker: MemoryBroker) => broker.approve(await broker.ask(over)),
});
const VIEW: Access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } };
/** Alice looks at staging, which nobody has to approve. */
const viewed = (over: Partial<Ask>) => ({
  play: (broker: MemoryBroker) => broker.ask({ cluster: "staging", access: VIEW, ...over }),
});
const extended = (times: number, seconds: number) => ({
  play: async (broker: MemoryBroker) => {
    let grant = await broker.activeGrant({ durationSeconds: 3_600 });
    for (let left = times; left > 0; left -= 1) {
      const extension = await broker.extend(grant, { durationSeconds: seconds });
      await broker.approve(extension);
      await broker.converge();
      grant = await broker.reload(extension);
    }
  },
});
const FOREIGN = "arn:aws:iam::444455556666:role/alice";
const TUESDAY_NIGHT = {
  days: ["tue"],
  from: "22:00",
  to: "23:00",
  timezone: "UTC",
} as const;
const LATER = "2026-11-24T20:00:00.000Z";

const OBJECTIONS: readonly MutatedJudge[] = [
  {
    name: "lends on other clusters",
    file: "objections.ts",
    from: "!cluster || !rule.clusters.includes(terms.cluster)",
    to: "!cluster",
    ...granted({ cluster: "staging", rule: "payments-edit" }),
  },
  {
    name: "lends on retired clusters",
    file: "objections.ts",
    from: "cluster?.retired === true",
    to: "false",
    policy: {
      ...aPolicy(),
      clusters: Object.fromEntries(
        Object.entries(aPolicy().clusters).map(([name, one]) => [name, { ...one, retired: true }]),
      ),
    },
    ...granted(),
  },
  {
    name: "lends for longer",
    file: "objections.ts",
    from: "durationUnder(rule, terms) > rule.duration.maxSeconds",
    to: "false",
    ...granted({ durationSeconds: 18_000 }),
  },
  {
    name: "takes short reasons",
    file: "objections.ts",
    from: "!isLongEnough(reason, minLength)",
    to: "false",
    ...granted({ reason: "x" }),
  },
  {
    name: "takes reasons without a ticket",
    file: "objections.ts",
    from: "ticket !== null && !namesTicket(reason, ticket)",
    to: "false",
    policy: edited({ reason: { minLength: 0, ticket: "^PAY-[0-9]+$" } }),
    ...granted(),
  },
  {
    name: "lends to other people's principals",
    file: "objections.ts",
    from: "!principal || !member.principals.includes(arn)",
    to: "!principal",
    ...viewed({ principalArn: BOB }),
  },
  {
    name: "lends to shared principals",
    file: "objections.ts",
    from: "holders.includes(member.name) && holders.length > 1 && !rule.sharedPrincipals",
    to: "false",
    policy: holding("bob", [ALICE]),
    ...viewed({ principalArn: ALICE }),
  },
  {
    name: "lends to principals of other accounts",
    file: "objections.ts",
    from: "(!rule.foreignPrincipals ||",
    to: "(",
    policy: holding("alice", [ALICE, FOREIGN]),
    ...viewed({ principalArn: FOREIGN }),
  },
  {
    name: "lends outside of the hours",
    file: "time-objections.ts",
    from: "if (hours === null) return [];",
    to: "if (hours !== null || hours === null) return [];",
    policy: edited({ hours: TUESDAY_NIGHT }),
    ...granted(),
  },
  {
    name: "lends later than the rule does",
    file: "time-objections.ts",
    from: "!within(askedAt, startsAt, rule.startLatestSeconds)",
    to: "false",
    policy: edited({ startLatestSeconds: 3_600 }),
    ...granted({ startsAt: LATER }),
  },
];

const TWO = [{ groups: ["payments-leads"], count: 2 }];
const BOTH = [
  { groups: ["payments-leads"], count: 1 },
  { groups: ["sre"], count: 1 },
];

const APPROVALS: readonly MutatedJudge[] = [
  {
    name: "takes one approval for two",
    file: "approval.ts",
    from: "{ length: need.count }",
    to: "{ length: 1 }",
    policy: edited({ approval: TWO }),
    ...granted(),
  },
  {
    name: "takes anybody for any requirement",
    file: "approval.ts",
    from: "tried.has(name) || !able.some((group) => groups.includes(group))",
    to: "tried.has(name) || able.length < 0",
    policy: policyDelegating(BOTH),
    play: async (broker) => {
      const asked = await broker.ask({ principalArn: ALICE });
      await broker.approve(asked);
      await broker.approve(asked, "bella");
    },
  },
  {
    name: "delegates what is not delegable",
    file: "delegated.ts",
    from: "rule?.delegable === false",
    to: "rule === null",
    policy: policyDelegating(undefined, { delegable: false }),
    play: async (broker) => {
      const asked = await broker.ask();
      await broker.delegate("bob", "erin");
      await broker.approve(asked, "erin", "bob");
    },
  },
  {
    name: "lets anybody be a delegate",
    file: "delegated.ts",
    from: "groups.some((group) => delegations.toGroups?.includes(group))",
    to: "groups.length >= 0",
    policy: {
      ...policyDelegating(),
      delegations: { longestSeconds: 864_000, toGroups: ["sre"] },
    },
    play: async (broker) => {
      const asked = await broker.ask();
      await broker.delegate("bob", "erin");
      await broker.approve(asked, "erin", "bob");
    },
  },
  {
    name: "takes a machine for a person who needs nobody",
    file: "agent-approval.ts",
    from: "via !== undefined || (member !== undefined && isMachine(member))",
    to: "via !== undefined",
    policy: changed(
      "view-staging",
      { agents: [{ groups: ["payments-leads"], count: 1 }] },
      policyWithMachine(),
    ),
    play: (broker) => broker.ask({ cluster: "staging", access: VIEW }, "deploy-bot"),
  },
];

const EXTENSIONS: readonly MutatedJudge[] = [
  {
    name: "extends more often than the rule says",
    file: "extension.ts",
    from: "chain.extensions > times",
    to: "false",
    ...extended(3, 600),
  },
  {
    name: "extends for longer than the rule says",
    file: "extension.ts",
    from: "secondsBetween(chain.since, until) > totalSeconds",
    to: "false",
    policy: edited({ extend: { times: 2, totalSeconds: 5_400, approval: "same" } }),
    ...extended(1, 3_600),
  },
];

const ACCESS: readonly MutatedJudge[] = [
  {
    name: "lends in other namespaces",
    file: "rule-access.ts",
    from: "return patternCovers(pattern, asked) &&",
    to: "return",
    ...granted({ access: edit("orders") }),
  },
  {
    name: "lends namespaces of Kubernetes by a pattern",
    file: "rule-access.ts",
    from: "if (reachesSystem(asked)) return false;",
    to: "",
    policy: edited({
      access: { policies: ["AmazonEKSEditPolicy"], namespaces: ["*"], wildcards: false },
    }),
    ...granted({ access: edit("kube-system") }),
  },
  {
    name: "lends other access policies",
    file: "rule-access.ts",
    from: '!("policies" in lent) || !lent.policies.includes(asked.policy)',
    to: '!("policies" in lent)',
    ...granted({
      access: {
        policy: "AmazonEKSAdminPolicy",
        scope: { type: "namespace", namespaces: ["payments-api"] },
      },
    }),
  },
  {
    name: "lends the whole cluster for a namespace",
    file: "rule-access.ts",
    from: 'if (asked.scope.type === "cluster") return "scope" in lent;',
    to: 'if (asked.scope.type === "cluster") return true;',
    ...granted({ access: { ...VIEW, policy: "AmazonEKSEditPolicy" } }),
  },
  {
    name: "lends other Kubernetes groups",
    file: "rule-access.ts",
    from: "asked.groups.every((group) => lent.groups.includes(group))",
    to: "asked.groups.length > 0",
    ...granted({ cluster: "staging", access: { groups: ["cluster-owners"] } }),
  },
  {
    name: "lends patterns where names are meant",
    file: "rule-access.ts",
    from: "(wildcards || !hasWildcard(asked))",
    to: '(wildcards || asked !== "")',
    ...granted({ access: edit("payments-*") }),
  },
];

export const MUTATED_JUDGES: readonly MutatedJudge[] = [
  ...OBJECTIONS,
  ...APPROVALS,
  ...EXTENSIONS,
  ...ACCESS,
];
