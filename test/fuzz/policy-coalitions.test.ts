/**
 * One change of a small policy, and everything that any group of its people can bring about before and after: by asking,
 * approving and delegating. Where that differs, `policy diff` says something.
 */
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileWords } from "../../lab/oracle/file-words.ts";
import { randomCase } from "../../lab/oracle/random-case.ts";
import { seededRandom } from "../../lab/simulation/random.ts";
import { ownersOf } from "../../shared/domain/policy/machines.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { lendsNamespace } from "../../shared/domain/policy/rule-access.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { comparePolicies } from "../../shared/policy-tools/compare/compare-policies.ts";
import { type Fewest, fewestFor } from "../../shared/policy-tools/prove/fewest.ts";
import { type Way, waysOn } from "../../shared/policy-tools/prove/ways.ts";
import { changedFile } from "./changed-file.ts";
import { fuzzLeast, fuzzReached, fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

function policyOf(file: FileWords): AccessPolicy | undefined {
  try {
    return parseAccessPolicy(JSON.stringify(file));
  } catch (error) {
    if (error instanceof FileFaults) return undefined;
    throw error;
  }
}

/** A name for each way in which the patterns of these policies meet, and the whole cluster. */
const PLACES = [
  undefined,
  "kube-system",
  "k-x",
  "team-a",
  "team-x",
  "team-a-api",
  "ta-x-a-api",
  "web",
  "ab-c",
  "zz",
];

/** Each access of each principal at each place, with the least groups of people who can bring it about. */
function broughtAbout(policy: AccessPolicy): ReadonlySet<string> {
  const found = new Set<string>();
  for (const cluster of Object.keys(policy.clusters))
    for (const [principal, ways] of waysOn(policy, cluster, [])) {
      const able = ways.map((way) => ({ way, groups: groupsWho(policy, way) }));
      for (const what of new Set(ways.flatMap(({ policy: lent, groups }) => lent ?? groups)))
        for (const place of PLACES) {
          const groups = able
            .filter(({ way }) => (way.policy ?? way.groups).includes(what) && isThere(way, place))
            .flatMap((each) => each.groups);
          for (const group of leastOf(groups))
            found.add(JSON.stringify([cluster, principal, what, place ?? "", group]));
        }
    }
  return found;
}

const isThere = ({ namespace, groups }: Way, place: string | undefined): boolean => {
  if (groups.length > 0) return place === undefined;
  if (namespace === undefined) return true;
  return place !== undefined && lendsNamespace(namespace, false, place);
};

/** The groups of people who can bring a grant about, and of which nobody can be left out. */
function groupsWho(policy: AccessPolicy, way: Way): readonly (readonly string[])[] {
  const names = Object.keys(policy.people);
  const people = names.filter((name) => policy.people[name]?.machine === undefined);
  const groups = Array.from({ length: 2 ** people.length }, (_, bits) =>
    people.filter((_name, at) => (bits >> at) & 1),
  );
  return leastOf(groups.filter((group) => canBringAbout(policy, way, group)));
}

const leastOf = (groups: readonly (readonly string[])[]) =>
  groups.filter(
    (group) =>
      !groups.some(
        (other) => other.length < group.length && other.every((name) => group.includes(name)),
      ),
  );

function canBringAbout(
  policy: AccessPolicy,
  way: Way,
  group: readonly string[],
): Fewest | undefined {
  const isActing = (name: string): boolean => {
    const owners = ownersOf(policy, name);
    const isMachine = policy.people[name]?.machine !== undefined;
    return isMachine ? owners.some((one) => group.includes(one)) : group.includes(name);
  };
  return fewestFor(policy, [way], { isActing, standing: false });
}

describe("A change of one thing in a policy", () => {
  it("policy diff is not silent where any group of people can bring about something else", () => {
    const counts = { differing: 0, same: 0 };
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { file } = randomCase(seed);
        const changed = changedFile(seededRandom(seed + 1), file);
        const [before, after] = [policyOf(file), policyOf(changed.file)];
        if (!before || !after || before.hash === after.hash) return;
        const [one, other] = [broughtAbout(before), broughtAbout(after)];
        const isSame = isDeepStrictEqual(one, other);
        counts[isSame ? "same" : "differing"] += 1;
        if (isSame) return;
        const { lending, terms, standing } = comparePolicies(before, after);
        const said = [lending, standing].flatMap(({ gained, lost }) => [...gained, ...lost]);
        expect({ change: changed.what, said: said.length + terms.length > 0 }).toEqual({
          change: changed.what,
          said: true,
        });
      }),
      fuzzRuns(250),
    );
    fuzzReached(counts.differing, "changes of what any group of people can bring about");
    expect(counts.differing).toBeGreaterThan(fuzzLeast(30));
    expect(counts.same).toBeGreaterThan(fuzzLeast(20));
  });
});
