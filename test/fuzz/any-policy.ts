/** Policies that can be read, in a world so small that rules overlap and people share things. */
import fc from "fast-check";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import type { Ask } from "../../shared/domain/requests/ask.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";

export const PEOPLE = ["ann", "ben", "cat", "dan"] as const;
const GROUPS = ["dev", "ops", "leads", "empty"] as const;
const CLUSTERS = ["prod", "test", "other"] as const;
const POLICIES = ["AmazonEKSEditPolicy", "AmazonEKSViewPolicy"] as const;
const PATTERNS = ["*", "k*", "team-*", "team-a", "team-a-*", "kube-system", "web"] as const;
const NAMES = ["team-a", "team-b", "team-a-x", "web", "kube-system", "kube-x", "team-*", "*"];
const KUBERNETES_GROUPS = ["admins", "readers"] as const;
const OTHER_ACCOUNT = "444455556666";

const role = (name: string, account = "111122223333") =>
  `arn:aws:iam::${account}:role/people/${name}`;
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const flag = fc.option(fc.boolean(), { nil: undefined, freq: 3 });
/** The usual value, three times of four: else too few asks would be allowed. */
const mostly = <T>(usual: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others });

const person = (name: string) =>
  fc.record({
    email: fc.constant(`${name}@example.com`),
    groups: fc.subarray(["dev", "ops", "leads"]),
    identities: fc.constantFrom(
      { iam: [role(name)] },
      { slack: [`T0001/U${name.length}${name.toUpperCase()}`] },
      {},
    ),
    principals: mostly(
      [role(name)],
      fc.subarray([role(name), role(`${name}-2`), role("team"), role(name, OTHER_ACCOUNT)]),
    ),
  });

const access = fc.oneof(
  fc.record({ policies: some(POLICIES), scope: fc.constant("cluster") }),
  fc.record({ policies: some(POLICIES), scope: fc.constant("cluster"), exactly: flag }),
  fc.record({ policies: some(POLICIES), namespaces: some(PATTERNS), wildcards: flag }),
  fc.record({ groups: some(KUBERNETES_GROUPS) }),
);

const rule = fc.record({
  who: fc.oneof(
    fc.record({ groups: some(GROUPS) }),
    fc.record({ people: some(PEOPLE) }),
    fc.record({ people: some(PEOPLE), groups: some(GROUPS) }),
  ),
  clusters: some(CLUSTERS),
  access,
  duration: fc.record({
    max: fc.constantFrom("1h", "4h"),
    default: fc.constantFrom(undefined, "30m"),
  }),
  approval: fc.oneof(
    fc.constant("none"),
    fc.array(fc.record({ groups: some(["dev", "ops", "leads"]), count: fc.constantFrom(1, 2) }), {
      minLength: 1,
      maxLength: 2,
    }),
  ),
  reason: fc.constantFrom(undefined, { minLength: 10 }, { ticket: "^INC-[0-9]+$" }),
  breakGlass: flag,
  sharedPrincipals: flag,
  approverMayHoldPrincipal: flag,
  foreignPrincipals: flag,
  decideIn: fc.constantFrom(undefined, ["api"], ["slack"]),
});

const cluster = (name: string, account: string) =>
  mostly<boolean | undefined>(undefined, fc.boolean()).map((retired) => ({
    arn: `arn:aws:eks:us-west-2:${account}:cluster/${name}`,
    retired,
  }));

const file = fc.record({
  version: fc.constant(1),
  clusters: fc.record({
    prod: cluster("prod", "111122223333"),
    test: cluster("test", "111122223333"),
    other: cluster("other", OTHER_ACCOUNT),
  }),
  people: fc.record(Object.fromEntries(PEOPLE.map((name) => [name, person(name)]))),
  roles: fc.constantFrom(undefined, { admins: ["ops"] }, { auditors: ["leads"] }),
  slack: fc.constantFrom(undefined, { teams: ["T0001"], channel: "C0001", alarms: "C0002" }),
  rules: fc
    .tuple(fc.array(rule, { minLength: 1, maxLength: 4 }), fc.boolean())
    // A copy of a rule decides nothing, unless its terms are others.
    .map(([rules, twice]) => (twice ? [...rules, { ...rules[0], approval: "none" }] : rules))
    .map((rules) => rules.map((each, at) => ({ name: `rule-${at}`, ...each }))),
});

const ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Asia/Kolkata", "UTC"];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const when = fc.record({
  days: fc.oneof({ weight: 2, arbitrary: fc.constant(DAYS) }, { weight: 1, arbitrary: some(DAYS) }),
  from: fc.constantFrom("00:00", "02:15", "08:00", "22:00"),
  to: fc.constantFrom("02:45", "10:00", "18:00", "24:00"),
  timezone: fc.constantFrom(...ZONES),
});
const times = fc.record({
  when: mostly<unknown>(undefined, when),
  start: fc.constantFrom(undefined, { latest: "2h" }, { latest: "1d" }, { latest: "30d" }),
  lapse: fc.constantFrom(undefined, "1m", "2h", "7d"),
  atMost: fc.constantFrom(
    undefined,
    { times: 3, per: "1d" },
    { times: 1, per: "1h" },
    { times: 2, per: "7d" },
  ),
  /** The second circle of the first requirement, if there is one. */
  second: fc.option(some(["dev", "ops", "leads"]), { nil: undefined, freq: 2 }),
});
/** Times that no rule may have, or that only look like times. */
const oddTimes = fc.constantFrom<object>(
  { when: { days: [], from: "08:00", to: "18:00", timezone: "UTC" } },
  { when: { days: ["mon"], from: "08:00", to: "08:00", timezone: "UTC" } },
  { when: { days: ["mon"], from: "08:00", to: "25:00", timezone: "UTC" } },
  { when: { days: ["mon"], from: "08:00", to: "18:00", timezone: "Mars/Olympus" } },
  { when: { days: ["mon"], from: "08:00", to: "18:00" } },
  { start: { latest: "31d" } },
  { start: {} },
  { lapse: "0m" },
  { lapse: 0 },
  { lapse: "8d" },
  { atMost: { times: 0, per: "1d" } },
  { atMost: { times: 1, per: "0s" } },
  { when: null },
);

/** A file with hours, starts, lapses and limits in its rules: sound, unless `odd` is among them. */
export const anyTimedFile = fc
  .record({
    base: file,
    all: fc.array(times, { minLength: 5, maxLength: 5 }),
    odd: fc.oneof(
      { weight: 3, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: oddTimes },
    ),
  })
  .map(({ base, all, odd }) => ({
    isOdd: odd !== undefined,
    tree: JSON.parse(
      JSON.stringify({
        ...base,
        rules: base.rules.map((each, at) => {
          const { second, ...said } = all[at] ?? {};
          const approval = withEscalation(each.approval, second);
          return { ...each, approval, ...said, ...(at === 0 ? odd : {}) };
        }),
      }),
    ) as unknown,
  }));

/** The same approval, whose first requirement has a second circle. */
const withEscalation = (approval: unknown, groups: readonly string[] | undefined) =>
  Array.isArray(approval) && groups
    ? approval.map((need, at) => (at === 0 ? { ...need, escalate: { after: "1m", groups } } : need))
    : approval;

/** The text of an `access.yaml`, which is nearly always sound. */
export const anyPolicyText = file.map((one) => JSON.stringify(one));

/** A policy. Each requirement of its rules has a group that somebody is in. */
export const anyPolicy: fc.Arbitrary<AccessPolicy> = anyPolicyText
  .map(policyIn)
  .filter((policy) => policy !== undefined);

function policyIn(text: string): AccessPolicy | undefined {
  try {
    return parseAccessPolicy(text);
  } catch (error) {
    if (error instanceof FileFaults) return undefined;
    throw error;
  }
}

const anyPerson = fc.constantFrom(...PEOPLE);

const asked = fc.oneof(
  fc.record({
    policy: fc.constantFrom(...POLICIES),
    scope: fc.oneof(
      fc.constant({ type: "cluster" as const }),
      fc.record({
        type: fc.constant("namespace" as const),
        namespaces: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 }),
      }),
    ),
  }),
  fc.record({ groups: some(KUBERNETES_GROUPS) }),
);

/** Asks of a person of these policies, as the API takes them. */
const anyAskOf = (name: string): fc.Arbitrary<Ask> =>
  fc.record({
    cluster: mostly<string>("prod", fc.constantFrom(...CLUSTERS, "nowhere")),
    access: asked,
    durationSeconds: mostly<number | null>(null, fc.constantFrom(1_800, 7_200, 86_400)),
    reason: mostly("INC-4711 stuck rollout", fc.constantFrom("x", "INC-1", "no ticket at all")),
    principalArn: mostly<string | null>(
      null,
      fc.constantFrom(role(name), role(`${name}-2`), role("team")),
    ),
    startsAt: mostly<string | null>(
      null,
      fc.constantFrom("2026-11-24T11:00:00.000Z", "2026-11-24T09:00:00.000Z"),
    ),
    rule: mostly<string | null>(null, fc.constantFrom("rule-0", "rule-4")),
  });

/** Somebody of these policies, and what they ask for. */
export const anyAsk = anyPerson.chain((name) =>
  fc.record({ name: fc.constant(name), ask: anyAskOf(name) }),
);

/** The instant at which those asks are made. */
export const ASKED_AT = "2026-11-24T10:00:00.000Z";
