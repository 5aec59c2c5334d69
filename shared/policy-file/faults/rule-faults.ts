/** Finds what no single key of a rule shows. One function for each concept of a rule. */
import type * as z from "zod/mini";
import { hasWildcard, reachesSystem } from "../../domain/values/namespace-pattern.ts";
import { questionOf } from "../../domain/values/nearest-text.ts";
import type { AccessPolicyFile } from "../access-policy-file.ts";
import type { RuleFile } from "../rules/rule-file.ts";
import type { Fault } from "../yaml/located-yaml.ts";
import { KNOWN_ACCESS_POLICIES, KNOWN_AS_OF, meantAccessPolicy } from "./known-access-policies.ts";

type File = z.output<typeof AccessPolicyFile>;
type FileRule = z.output<typeof RuleFile>;

/** Finds faults of one rule. The checks of this file give paths that begin at the rule. */
type RuleCheck = (rule: FileRule, file: File, at: number) => readonly Fault[];

/** The faults of a rule. Pure. @param at its place in the file */
export const ruleFaults: RuleCheck = (rule, file, at) =>
  CHECKS.flatMap((check) => check(rule, file, at)).map(({ path, detail }) => ({
    path: ["rules", at, ...path],
    detail,
  }));

const CHECKS: readonly RuleCheck[] = [
  faultsOfName,
  faultsOfClusters,
  faultsOfWho,
  faultsOfApproval,
  faultsOfAgents,
  faultsOfGroupCount,
  faultsOfDuration,
  faultsOfExtend,
  faultsOfPolicies,
  faultsOfNamespaces,
  faultsOfReview,
];

function faultsOfName({ name }: FileRule, { rules }: File, at: number): readonly Fault[] {
  const isTaken = rules.slice(0, at).some((earlier) => earlier.name === name);
  return isTaken ? [{ path: ["name"], detail: `Another rule is called ${name}.` }] : [];
}

function faultsOfClusters({ clusters }: FileRule, file: File): readonly Fault[] {
  return clusters.flatMap((cluster, n) =>
    Object.hasOwn(file.clusters, cluster)
      ? []
      : [{ path: ["clusters", n], detail: `No cluster is called ${cluster}.` }],
  );
}

function faultsOfWho({ who }: FileRule, { people }: File): readonly Fault[] {
  return (who.people ?? []).flatMap((person, n) =>
    Object.hasOwn(people, person)
      ? []
      : [{ path: ["who", "people", n], detail: `No person is called ${person}.` }],
  );
}

/** Kept by file: every rule asks, and there may be thousands of people. */
const withMembers = new WeakMap<File["people"], ReadonlySet<string>>();

function groupsWithMembers(people: File["people"]): ReadonlySet<string> {
  const kept =
    withMembers.get(people) ?? new Set(Object.values(people).flatMap(({ groups }) => groups ?? []));
  withMembers.set(people, kept);
  return kept;
}

function faultsOfApproval({ approval, agents }: FileRule, file: File): readonly Fault[] {
  return [
    ...(approval === "none" ? [] : faultsOfNeeds(approval, ["approval"], file)),
    ...faultsOfNeeds(agents?.approve ?? [], ["agents", "approve"], file),
  ];
}

/** Where people need an approval, so does everybody who asks for them. */
function faultsOfAgents({ agents, approval, breakGlass }: FileRule): readonly Fault[] {
  if (!agents) return [];
  if (breakGlass)
    return [{ path: ["agents"], detail: "A machine uses no break-glass. Leave the key out." }];
  return approval === "none"
    ? []
    : [
        {
          path: ["agents"],
          detail:
            "The rule wants an approval of everybody. Leave the key out, or write approval: none.",
        },
      ];
}

function faultsOfNeeds(
  needs: Exclude<FileRule["approval"], "none">,
  path: readonly string[],
  { people }: File,
): readonly Fault[] {
  const known = groupsWithMembers(people);
  return needs.flatMap(({ groups, escalate }, n) => {
    const hasMember = (names: readonly string[]) => names.some((group) => known.has(group));
    const all = [...groups, ...(escalate?.groups ?? [])];
    return [
      ...(hasMember(all)
        ? []
        : [{ path: [...path, n, "groups"], detail: `${EMPTY}, so nobody could approve.` }]),
      ...(!escalate || hasMember(escalate.groups)
        ? []
        : [
            {
              path: [...path, n, "escalate", "groups"],
              detail: `${EMPTY}, so nobody would be asked.`,
            },
          ]),
    ];
  });
}

const EMPTY = "None of these groups has a member";

/**
 * Each group has an item of its own in the transaction that stores a request. A transaction has at
 * most 100 items, and this leaves room for all others.
 */
const MOST_GROUPS = 40;

function faultsOfGroupCount({ approval, agents }: FileRule): readonly Fault[] {
  const [needs, key] =
    approval === "none" ? [agents?.approve ?? [], ["agents", "approve"]] : [approval, ["approval"]];
  const seen = new Set<string>();
  for (const [n, { groups, escalate }] of needs.entries())
    for (const [path, names] of [
      [["groups"], groups],
      [["escalate", "groups"], escalate?.groups ?? []],
    ] as const)
      for (const [at, name] of names.entries())
        if (seen.add(name).size > MOST_GROUPS)
          return [
            {
              path: [...key, n, ...path, at],
              detail: `A rule names at most ${MOST_GROUPS} groups that approve, with those that it escalates to. Put people into fewer groups.`,
            },
          ];
  return [];
}

function faultsOfDuration({ duration }: FileRule): readonly Fault[] {
  return duration.default !== undefined && duration.default > duration.max
    ? [{ path: ["duration", "default"], detail: "The default is longer than the maximum." }]
    : [];
}

/** Where the usual grant leaves no time, a person could extend none that they asked for as usual. */
function faultsOfExtend({ duration, extend }: FileRule): readonly Fault[] {
  const usual = duration.default ?? duration.max;
  return extend && extend.total <= usual
    ? [
        {
          path: ["extend", "total"],
          detail:
            "The total is no longer than a grant without any extension. Write more than duration.default, or duration.max where there is no default.",
        },
      ]
    : [];
}

function faultsOfPolicies({ access, newerPolicies }: FileRule): readonly Fault[] {
  if (!("policies" in access) || newerPolicies === true) return [];
  return access.policies.flatMap((name, n) =>
    KNOWN_ACCESS_POLICIES.includes(name)
      ? []
      : [
          {
            path: ["access", "policies", n],
            detail: `EKS had no access policy ${name} on ${KNOWN_AS_OF}.${questionOf(meantAccessPolicy(name))} If it is newer, write newerPolicies: true in the rule.`,
          },
        ],
  );
}

function faultsOfNamespaces({ access }: FileRule): readonly Fault[] {
  if (!("namespaces" in access)) return [];
  return access.namespaces.flatMap((pattern, n) =>
    hasWildcard(pattern) && pattern.startsWith("kube-") && reachesSystem(pattern)
      ? [
          {
            path: ["access", "namespaces", n],
            detail: "Name each kube- namespace in full. A pattern never covers one.",
          },
        ]
      : [],
  );
}

function faultsOfReview({ breakGlass, review }: FileRule, { people }: File): readonly Fault[] {
  if (!review) return [];
  if (!breakGlass)
    return [{ path: ["review"], detail: "Only a rule with breakGlass: true has a review." }];
  const known = groupsWithMembers(people);
  return review.by === undefined || review.by.some((group) => known.has(group))
    ? []
    : [{ path: ["review", "by"], detail: `${EMPTY}, so nobody could close a review.` }];
}
