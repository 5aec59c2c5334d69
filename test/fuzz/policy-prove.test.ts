/** Proofs about policies of every kind, with what every group of people can bring about, one by one. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuorum } from "../../shared/domain/policy/approval.ts";
import { objectionsToPrincipal } from "../../shared/domain/policy/objections.ts";
import {
  type AccessPolicy,
  type Member,
  matchesWho,
  memberOf,
  type Rule,
} from "../../shared/domain/policy/policy.ts";
import { lends } from "../../shared/domain/policy/rule-access.ts";
import type { Access } from "../../shared/domain/requests/request.ts";
import { patternCovers } from "../../shared/domain/values/namespace-pattern.ts";
import type { ReachClaim } from "../../shared/policy-tools/prove/claim.ts";
import { proveClaim } from "../../shared/policy-tools/prove/prove-claim.ts";
import { canDecide } from "../../shared/policy-tools/rule-approval.ts";
import { anyPolicy, PEOPLE } from "./any-policy.ts";
import { fuzzLeast, fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

/** One name of each kind that the patterns of the small world tell apart. */
const NAMES = [
  "kube-system",
  "kube-x",
  "kz",
  "k-x",
  "team-a",
  "team-a-x",
  "team-b",
  "team-x",
  "web",
  "zz",
  "z-x",
];
const CLAIMED = ["*", "k*", "team-*", "team-a", "kube-system", "web", "*-x"];
const POLICIES = ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy", "AmazonEKSSecretReaderPolicy"];
const CLUSTER_ADMIN = "AmazonEKSClusterAdminPolicy";

const GROUPS = ["dev", "ops", "leads"];
const some = fc
  .constantFrom(...GROUPS)
  .map((group) => ({ people: [] as string[], groups: [group] }));
const claims: fc.Arbitrary<ReachClaim> = fc.record({
  kind: fc.constant("reach" as const),
  name: fc.constant("a claim"),
  reach: fc.record({
    cluster: fc.constantFrom("prod", "test"),
    policies: fc.oneof(
      fc.constant([] as string[]),
      fc.constantFrom(...POLICIES, CLUSTER_ADMIN).map((one) => [one]),
      fc.constant(POLICIES.slice(0, 2)),
    ),
    namespaces: fc.oneof(
      fc.constant([] as string[]),
      fc.subarray(CLAIMED, { minLength: 1, maxLength: 2 }),
    ),
    isDirect: fc.boolean(),
  }),
  people: fc.constantFrom(undefined, 1, 2, 3),
  who: fc.option(some, { nil: undefined, freq: 2 }),
  without: fc.option(some, { nil: undefined, freq: 2 }),
  unattendedSeconds: fc.constant(undefined),
  except: fc.constant([]),
  standing: fc.constant(false),
});

/** Mostly without rules that need nobody, and with people who are known on every surface: else few people suffice. */
const policies: fc.Arbitrary<AccessPolicy> = fc
  .tuple(anyPolicy, fc.nat({ max: 3 }))
  .map(([policy, kind]) => ({
    ...policy,
    rules:
      kind === 0
        ? policy.rules
        : policy.rules
            .filter(({ approval }) => approval.length > 0)
            .map((rule) => ({ ...rule, decideIn: ["api", "slack"] })),
    people: Object.fromEntries(
      Object.entries(policy.people).map(([name, person]) => [
        name,
        kind === 0 ? person : { ...person, personalRole: `role-${name}` },
      ]),
    ),
  }));

type Named = Readonly<Record<string, readonly object[]>>;
const TABLE = (
  JSON.parse(readFileSync("shared/domain/policy/access-policy-rules.json", "utf8")) as {
    policies: Named;
  }
).policies;
/** Every permission of a policy without wildcards, as a text. */
const permissions = (policy: string): ReadonlySet<string> =>
  new Set(
    (TABLE[policy] as { apiGroups: string[]; resources: string[]; verbs: string[] }[]).flatMap(
      ({ apiGroups, resources, verbs }) =>
        apiGroups.flatMap((group) =>
          resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource}/${verb}`)),
        ),
    ),
  );
const EVERYTHING = "everything";

/**
 * Whether somebody holds the policy at a place: names of access policies, or everything by groups.
 */
function gives(held: ReadonlySet<string>, target: string): boolean {
  if (held.has(EVERYTHING)) return true;
  if (target === CLUSTER_ADMIN) return false;
  const all = new Set([...held].flatMap((policy) => [...permissions(policy)]));
  return [...permissions(target)].every((one) => all.has(one));
}

/** People with one identity or principal are one. */
function partition(policy: AccessPolicy): readonly (readonly string[])[] {
  const marks = (name: string) => {
    const { email, identities, principals } = policy.people[name] as Member;
    return [email, ...identities.iam, ...identities.slack, ...principals];
  };
  let parts: string[][] = PEOPLE.map((name) => [name]);
  for (;;) {
    const pair = parts.flatMap((one, at) =>
      parts
        .slice(at + 1)
        .filter((other) => one.flatMap(marks).some((mark) => other.flatMap(marks).includes(mark)))
        .map((other) => [one, other] as const),
    )[0];
    if (!pair) return parts;
    parts = [
      ...parts.filter((part) => part !== pair[0] && part !== pair[1]),
      [...pair[0], ...pair[1]],
    ];
  }
}

const members = (policy: AccessPolicy, names: readonly string[]) =>
  names.flatMap((name) => memberOf(policy, name) ?? []);

const isOf = (policy: AccessPolicy, name: string, groups: readonly string[]) =>
  memberOf(policy, name)?.groups.some((group) => groups.includes(group)) === true;

/** Whether these people can have a rule lend something to a principal of one of them. */
function canBringAbout(
  policy: AccessPolicy,
  rule: Rule,
  cluster: string,
  principalArn: string,
  names: readonly string[],
): boolean {
  const isHolder = (name: string) => policy.people[name]?.principals.includes(principalArn);
  return members(policy, names).some((member) => {
    const { iam, slack } = member.identities;
    const isLent =
      (iam.length > 0 || slack.length > 0 || member.personalRole !== undefined) &&
      policy.clusters[cluster]?.retired !== true &&
      rule.clusters.includes(cluster) &&
      matchesWho(rule.who, member) &&
      member.principals.includes(principalArn) &&
      objectionsToPrincipal(policy, rule, member, { cluster, principalArn }).length === 0;
    const approvers = members(policy, names).filter(
      (one) =>
        one.name !== member.name &&
        (rule.approverMayHoldPrincipal || !isHolder(one.name)) &&
        canDecide(policy, rule, one),
    );
    return isLent && isQuorum(rule.approval, approvers);
  });
}

/** The policies that they can have at a place; undefined for the whole cluster. */
function heldAt(rules: readonly Rule[], place: string | undefined): ReadonlySet<string> {
  const asked = (policy: string): readonly Access[] => [
    { policy, scope: { type: "cluster" } },
    ...(place === undefined
      ? []
      : [{ policy, scope: { type: "namespace", namespaces: [place] } } as const]),
  ];
  return new Set(
    rules.flatMap((rule) => [
      ...("groups" in rule.access ? [EVERYTHING] : []),
      ...POLICIES.slice(0, 2).filter((policy) => asked(policy).some((each) => lends(rule, each))),
    ]),
  );
}

/** The fewest people who break the claim, of all groups of people there are. */
function naively(policy: AccessPolicy, claim: ReachClaim): number | undefined {
  const { reach, who, without, people: most = PEOPLE.length } = claim;
  const parts = partition(policy).filter(
    (names) => !without || !names.some((name) => isOf(policy, name, without.groups)),
  );
  const sets = Array.from({ length: 2 ** parts.length }, (_, bits) =>
    parts.filter((_part, at) => (bits >> at) & 1),
  ).toSorted((a, b) => a.length - b.length);
  const arns = [...new Set(Object.values(policy.people).flatMap(({ principals }) => principals))];
  const meant = arns.filter(
    (arn) =>
      !who ||
      Object.entries(policy.people).some(
        ([name, { principals, identities }]) =>
          (principals.includes(arn) || identities.iam.includes(arn)) &&
          isOf(policy, name, who.groups),
      ),
  );
  const places =
    reach.namespaces.length === 0
      ? [undefined, ...NAMES]
      : NAMES.filter((name) =>
          reach.namespaces.some((one) => one === name || patternCovers(one, name)),
        );
  const isBroken = (names: readonly string[]) =>
    meant.some((arn) => {
      const rules = policy.rules.filter((rule) =>
        canBringAbout(policy, rule, reach.cluster, arn, names),
      );
      return places.some((place) => breaks(claim, rules, place));
    });
  return sets.find((each) => each.length <= most && isBroken(each.flat()))?.length;
}

function breaks({ reach }: ReachClaim, rules: readonly Rule[], place: string | undefined): boolean {
  const held = heldAt(rules, place);
  if (reach.policies.length === 0) return held.size > 0;
  if (reach.policies.some((target) => gives(held, target))) return true;
  if (reach.isDirect || !reach.policies.includes(CLUSTER_ADMIN)) return false;
  return [undefined, "kube-system", "kube-x"].some((where) =>
    heldAt(rules, where).has("AmazonEKSEditPolicy"),
  );
}

describe("A proof about a policy", () => {
  it("It holds or fails, and needs as many people, as every group of people says one by one", () => {
    const counts = { held: 0, failed: 0, several: 0, together: 0 };
    fc.assert(
      fc.property(policies, claims, (policy, claim) => {
        const { breach } = proveClaim(policy, claim, {});
        const fewest = breach?.kind === "reach" ? breach.fewest.people.length : undefined;
        expect(fewest).toBe(naively(policy, claim));
        counts[fewest === undefined ? "held" : "failed"] += 1;
        if ((fewest ?? 0) > 1) counts.several += 1;
        if (breach?.kind === "reach" && breach.reaching.ways.length > 1) counts.together += 1;
      }),
      fuzzRuns(600),
    );
    expect(counts.held).toBeGreaterThan(fuzzLeast(60));
    expect(counts.failed).toBeGreaterThan(fuzzLeast(60));
    expect(counts.several).toBeGreaterThan(fuzzLeast(20));
  });
});
