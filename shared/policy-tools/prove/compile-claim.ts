/** Claims as a file writes them, made ready for a policy, with what in them the policy does not have. */
import { keptByPolicy } from "../../domain/policy/kept.ts";
import { type AccessPolicy, clusterNamed, memberOf } from "../../domain/policy/policy.ts";
import { ruleNamed } from "../../domain/policy/policy-index.ts";
import { meantText } from "../../domain/values/nearest-text.ts";
import {
  KNOWN_ACCESS_POLICIES,
  meantAccessPolicy,
} from "../../policy-file/faults/known-access-policies.ts";
import type { FileClaim } from "../../policy-file/policy-tests/policy-tests-file.ts";
import type { Path } from "../../policy-file/yaml/located-yaml.ts";
import type { Claim, Some } from "./claim.ts";

type FileSome = NonNullable<FileClaim["who"]>;

export function compileClaim({ name, reach, decides, ...file }: FileClaim): Claim {
  if (!reach) return { kind: "decides", name, decides: someOf(decides ?? {}) };
  const { cluster, policy, policies = [], namespaces = [], direct = false } = reach;
  const { people, who, without, unattended, except = [], standing = false } = file;
  return {
    kind: "reach",
    name,
    reach: {
      cluster,
      namespaces,
      isDirect: direct,
      policies: policy === undefined ? policies : [policy],
    },
    people,
    who: who && someOf(who),
    without: without && someOf(without),
    unattendedSeconds: unattended,
    except: except.map((one) => ({
      rule: one.rule,
      ...(one.who ? { who: someOf(one.who) } : {}),
    })),
    standing,
  };
}

const someOf = ({ people = [], groups = [] }: FileSome): Some => ({ people, groups });

/** A name that the policy does not have. */
export interface UnknownName {
  /** Within the claim. */
  readonly path: Path;
  readonly detail: string;
}

export function unknownNames(policy: AccessPolicy, claim: FileClaim): readonly UnknownName[] {
  const { reach, decides, who, without, except = [] } = claim;
  const groups = groupsIn(policy);
  const some = (path: Path, { people = [], groups: named = [] }: FileSome = {}) => [
    ...people.flatMap((name, at) =>
      memberOf(policy, name)
        ? []
        : [unknown([...path, "people", at], "person", name, Object.keys(policy.people))],
    ),
    ...named.flatMap((name, at) =>
      groups.has(name) ? [] : [unknown([...path, "groups", at], "group", name, [...groups])],
    ),
  ];
  return [
    ...(reach && !clusterNamed(policy, reach.cluster)
      ? [unknown(["reach", "cluster"], "cluster", reach.cluster, Object.keys(policy.clusters))]
      : []),
    ...(reach ? unknownPolicies(policy, reach) : []),
    ...some(["decides"], decides),
    ...some(["who"], who),
    ...some(["without"], without),
    ...except.flatMap((one, at) => [
      ...(ruleNamed(policy, one.rule)
        ? []
        : [
            unknown(
              ["except", at, "rule"],
              "rule",
              one.rule,
              policy.rules.map(({ name }) => name),
            ),
          ]),
      ...some(["except", at, "who"], one.who),
    ]),
  ];
}

/** Many claims ask for the groups that somebody is in. */
const groupsIn = keptByPolicy(
  ({ people }) => new Set(Object.values(people).flatMap(({ groups }) => groups)),
);

function unknown(path: Path, kind: string, name: string, known: readonly string[]): UnknownName {
  const detail = `The policy has no ${kind} ${name}.`;
  return { path, detail: `${detail}${meantText(name, known)}` };
}

/** Access policies that AWS does not have, unless a rule lends one all the same. */
function unknownPolicies(
  { rules }: AccessPolicy,
  { policy, policies = [] }: NonNullable<FileClaim["reach"]>,
): readonly UnknownName[] {
  const lent = rules.flatMap(({ access }) => ("groups" in access ? [] : access.policies));
  const named: readonly (readonly [string, Path])[] =
    policy === undefined
      ? policies.map((name, at) => [name, ["reach", "policies", at]])
      : [[policy, ["reach", "policy"]]];
  return named.flatMap(([name, path]) => {
    if (KNOWN_ACCESS_POLICIES.includes(name) || lent.includes(name)) return [];
    const meant = meantAccessPolicy(name);
    const question = meant === undefined ? "" : ` Did you mean ${meant}?`;
    return [{ path, detail: `No rule lends an access policy ${name}.${question}` }];
  });
}
