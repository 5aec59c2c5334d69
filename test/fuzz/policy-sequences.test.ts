/** Proofs about small policies, and every sequence of requests, delegations and approvals over fakes. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case, RuleWords } from "../../lab/oracle/file-words.ts";
import { canDelegate, holds, isAmong, personsIn } from "../../lab/oracle/people.ts";
import { CLUSTER_ADMIN, EVERYTHING, gives, isStep, rightsOf } from "../../lab/oracle/permitted.ts";
import { randomCase } from "../../lab/oracle/random-case.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { parsePolicyTests } from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { compileClaim } from "../../shared/policy-tools/prove/compile-claim.ts";
import { proveClaim } from "../../shared/policy-tools/prove/prove-claim.ts";
import { askersAmong, canBringAbout } from "./played-coalitions.ts";
import { fuzzLeast, fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

/** A name for each way in which the patterns of the random policies meet. */
const NAMES = [
  ...["kube-system", "kube-x", "k-x", "k-api", "team-a", "team-x", "team-api", "ta-api", "t-a-api"],
  ...["team-b-c", "web", "a", "ab-c", "a-api", "kb-c", "b-c", "x-api", "tab-c", "zz"],
];
/** The whole cluster, and each name. */
const PLACES = [undefined, ...NAMES];

/** Character by character, without a regular expression. */
function covers(pattern: string, name: string): boolean {
  if (pattern === "") return name === "";
  if (pattern[0] === "*")
    return covers(pattern.slice(1), name) || (name !== "" && covers(pattern, name.slice(1)));
  return pattern[0] === name[0] && name !== "" && covers(pattern.slice(1), name.slice(1));
}

/** The policies that a rule lends at a place. */
function lentAt({ access }: RuleWords, groups: Case["groups"], place: string | undefined) {
  if ("groups" in access) return access.groups.map((group) => groups[group] ?? EVERYTHING);
  const isThere =
    "scope" in access ||
    (place !== undefined &&
      access.namespaces.some((pattern) =>
        pattern.includes("*")
          ? !place.startsWith("kube-") && covers(pattern, place)
          : pattern === place,
      ));
  return isThere ? access.policies : [];
}

/** Whether the grants of these rules, all to one principal, break the claim. */
function breaks({ claim, groups }: Case, rules: readonly RuleWords[]): boolean {
  const { policies = [], namespaces = [], direct } = claim.reach;
  const isMeant = (place: string | undefined) =>
    namespaces.length === 0 ||
    (place !== undefined && namespaces.some((pattern) => covers(pattern, place)));
  const heldAt = (place: string | undefined) =>
    rules.flatMap((rule) => lentAt(rule, groups, place));
  const isReached = PLACES.filter(isMeant).some((place) => {
    const held = heldAt(place);
    if (policies.length === 0) return held.length > 0;
    return policies.some((policy) =>
      rightsOf(policy, place === undefined).every((right) => held.some((one) => gives(one, right))),
    );
  });
  const isStepped =
    !direct &&
    policies.includes(CLUSTER_ADMIN) &&
    PLACES.filter((place) => place === undefined || place.startsWith("kube-")).some((place) =>
      heldAt(place).some(isStep),
    );
  return isReached || isStepped;
}

/** The fewest people who break the claim, of all groups of people there are. */
async function fewestPlayed(given: Case, policy: AccessPolicy): Promise<number | undefined> {
  const { file, claim } = given;
  const all = personsIn(file);
  const isOut = (name: string) =>
    claim.without !== undefined &&
    all.some(
      (names) =>
        names.includes(name) && names.some((one) => isAmong(file, claim.without ?? {}, one)),
    );
  const persons = all.filter((names) => !names.some(isOut));
  const groups = Array.from({ length: 2 ** persons.length }, (_, bits) =>
    persons.filter((_person, at) => (bits >> at) & 1),
  ).toSorted((a, b) => a.length - b.length);
  for (const group of groups) {
    if (group.length > (claim.people ?? persons.length)) break;
    if (await isBrokenBy(given, policy, group.flat(), isOut)) return group.length;
  }
  return undefined;
}

async function isBrokenBy(
  given: Case,
  policy: AccessPolicy,
  names: readonly string[],
  isOut: (name: string) => boolean,
): Promise<boolean> {
  const { file, claim } = given;
  const people = Object.keys(file.people);
  const delegators = claim.standing ? people : names.filter((name) => canDelegate(file, name));
  const coalition = { file, policy, names, delegators };
  const askers = askersAmong(coalition, isOut);
  const arns = [...new Set(people.flatMap((name) => file.people[name]?.principals ?? []))];
  for (const principalArn of arns.filter((arn) => isEndMeant(given, arn))) {
    const lent: RuleWords[] = [];
    for (const rule of file.rules) {
      const isExcepted = (name: string) =>
        claim.except?.some(
          (one) => one.rule === rule.name && (!one.who || isAmong(file, one.who, name)),
        ) === true;
      const meant = askers.filter((name) => !isExcepted(name));
      const ask = { cluster: claim.reach.cluster, principalArn };
      if (await canBringAbout(coalition, rule, ask, meant)) lent.push(rule);
    }
    if (breaks(given, lent)) return true;
  }
  return false;
}

/** Whether the claim means somebody who ends up with what the principal gets. */
const isEndMeant = ({ file, claim: { who } }: Case, arn: string): boolean =>
  !who ||
  Object.entries(file.people).some(
    ([name, { identities }]) =>
      (holds(file, name, arn) || identities.iam?.includes(arn) === true) &&
      isAmong(file, who, name),
  );

function policyOf({ file }: Case): AccessPolicy | undefined {
  try {
    return parseAccessPolicy(JSON.stringify(file));
  } catch (error) {
    if (error instanceof FileFaults) return undefined;
    throw error;
  }
}

describe("A proof about a policy", () => {
  it("It needs as many people as the real use cases do, whatever they ask, delegate and approve", async () => {
    const counts = { held: 0, failed: 0, several: 0 };
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { claim: words, ...rest } = randomCase(seed);
        const { unattended: _, ...claim } = words;
        const given = { ...rest, claim };
        const policy = policyOf(given);
        if (!policy) return;
        const tests = JSON.stringify({ version: 1, never: [claim], groups: given.groups });
        const { claims, groups } = parsePolicyTests(tests);
        const [located] = claims;
        if (!located) throw new Error("The claim is lost.");
        const { breach } = proveClaim(policy, compileClaim(located.claim), groups);
        const fewest = breach?.kind === "reach" ? breach.fewest.people.length : undefined;
        expect(fewest).toBe(await fewestPlayed(given, policy));
        counts[fewest === undefined ? "held" : "failed"] += 1;
        if ((fewest ?? 0) > 1) counts.several += 1;
      }),
      fuzzRuns(60),
    );
    expect(counts.held).toBeGreaterThan(fuzzLeast(10));
    expect(counts.failed).toBeGreaterThan(fuzzLeast(8));
    expect(counts.several).toBeGreaterThan(fuzzLeast(3));
  });
});
