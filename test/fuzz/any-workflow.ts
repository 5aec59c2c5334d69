/** Files that say whatever a rule can say of what follows a request, and what people then do. */
import fc from "fast-check";
import { anyAsk, anyTimedFile, PEOPLE } from "./any-policy.ts";
import type { FileRule, PolicyFile } from "./naive-policy.ts";

/** When everything is asked: within the hours of most rules. */
export const ASKED = "2026-11-24T10:00:00.000Z";

const GROUPS = ["dev", "ops", "leads"] as const;
const some = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const maybe = <T>(value: fc.Arbitrary<T>, freq = 2) => fc.option(value, { nil: undefined, freq });

const following = fc.record({
  extend: maybe(
    fc.record({
      times: fc.constantFrom(1, 2, 10),
      total: fc.constantFrom("5h", "8h", "1d"),
      approval: fc.constantFrom("same", "none", undefined),
    }),
    4,
  ),
  delegable: maybe(fc.boolean()),
  review: maybe(
    fc.record({ by: maybe(some(GROUPS)), within: fc.constantFrom("1h", "2d", undefined) }),
  ),
});

const delegations = maybe(
  fc.record({
    allowed: fc.constantFrom(true, true, true, false),
    longest: fc.constantFrom(undefined, "1h", "2d"),
  }),
  4,
);

/** The same, but that everybody holds one role, and every rule lends to it. */
function withTeam(file: PolicyFile, isShared: boolean): PolicyFile {
  if (!isShared) return file;
  const principals = ["arn:aws:iam::111122223333:role/people/team"];
  const people = Object.entries(file.people).map(([name, one]) => [name, { ...one, principals }]);
  return {
    ...file,
    people: Object.fromEntries(people),
    rules: file.rules.map((rule) => ({ ...rule, sharedPrincipals: true })),
  };
}

/** A break-glass rule that lends what the first rule does, and for less time. */
function withGlass(rules: readonly FileRule[], hasGlass: boolean): readonly FileRule[] {
  const [first] = rules;
  if (!first || !hasGlass) return rules;
  const glass = { name: "glass", approval: "none", breakGlass: true, duration: { max: "45m" } };
  return [...rules, { ...first, ...glass } as FileRule];
}

/** A file as JSON. A review is only in a rule with `breakGlass`. */
export const anyWorkflowFile = fc
  .record({
    base: anyTimedFile.filter(({ isOdd }) => !isOdd),
    all: fc.array(following, { minLength: 6, maxLength: 6 }),
    delegations,
    isShared: fc.constantFrom(true, false, false),
    hasGlass: fc.boolean(),
  })
  .map(({ base, all, delegations: said, isShared, hasGlass }) => {
    const file = withTeam(base.tree as PolicyFile, isShared);
    const rules = withGlass(file.rules, hasGlass).map((rule: FileRule, at) => {
      const { review, ...others } = all[at] ?? {};
      return { ...rule, ...others, ...(rule.breakGlass ? { review } : {}) };
    });
    return JSON.parse(JSON.stringify({ ...file, delegations: said, rules })) as PolicyFile;
  });

const hoursLater = (hours: number) => new Date(Date.parse(ASKED) + hours * 3_600_000).toISOString();

/** A delegation that is mostly in force, and mostly to the approver. */
const delegationTo = (person: string) =>
  fc.record({
    by: fc.constantFrom(...PEOPLE),
    to: fc.oneof(
      { weight: 5, arbitrary: fc.constant(person) },
      { weight: 1, arbitrary: fc.constantFrom(...PEOPLE) },
    ),
    from: fc.constantFrom(-72, -1, -0.5, -0.5, 0).map(hoursLater),
    until: fc.constantFrom(0, 1, 48, 48).map(hoursLater),
  });

const approval = fc.constantFrom(...PEOPLE).chain((person) =>
  fc.record({
    person: fc.constant(person),
    at: fc.constantFrom(0, 0, 0, 0.5, 1, 2).map(hoursLater),
    surface: fc.constantFrom("api" as const, "api" as const, "slack" as const),
    under: maybe(delegationTo(person), 2),
  }),
);

/** The steps after a request: the approvers' acts, and the person's next request. */
export const anyNext = fc.record({
  asked: anyAsk,
  approvals: fc.array(approval, { minLength: 2, maxLength: 6 }),
  offer: fc.record(
    {
      seconds: fc.constantFrom(60, 1_800, 3_600, 86_400),
      namespaces: fc.uniqueArray(
        fc.constantFrom("team-a", "team-b", "team-a-x", "team-a-*", "web", "kube-system"),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  ),
  chain: fc.record({
    since: fc.constantFrom(-4, -3, -1).map(hoursLater),
    extensions: fc.constantFrom(0, 0, 1, 2),
    expiresAt: fc.constantFrom(0.5, 1, 3).map(hoursLater),
  }),
  longer: fc.constantFrom(1_800, 3_600, 14_400),
});
