/** Whether access policies together permit all that another one does, by AWS's documented table. */

import { keptByKey } from "./kept.ts";
import { DOCUMENTED_RULES, type KubernetesRule } from "./permits.ts";

/** A verb on a resource of an API group, or on a URL. `*` stands for any. */
export interface Permission {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
}

/** The access that a grant lends at a place. */
export interface Lent {
  /** An access policy; undefined for Kubernetes groups, whose rights only the cluster knows. */
  readonly policy: string | undefined;
  /** Whether it is lent on the whole cluster, and so on URLs and resources without a namespace. */
  readonly isWhole: boolean;
}

const EVERYTHING: readonly Permission[] = [{ group: "*", resource: "*", verb: "*" }];

/** URLs are no resources of a group. */
export const URLS = "url";

const expanded = ({ apiGroups, resources, nonResourceURLs, verbs }: KubernetesRule) =>
  verbs.flatMap((verb): readonly Permission[] => [
    ...apiGroups.flatMap((group) => resources.map((resource) => ({ group, resource, verb }))),
    ...nonResourceURLs.map((resource) => ({ group: URLS, resource, verb })),
  ]);

/** Whether AWS documents what a policy permits. An undocumented policy counts as everything. */
export const isDocumented = (policy: string | undefined): policy is string =>
  policy !== undefined && Object.hasOwn(DOCUMENTED_RULES, policy);

/** A policy is asked for thousands of grants. */
const permissionsOf = keptByKey(
  ({ policy, isWhole }: Lent) => `${policy} ${isWhole}`,
  ({ policy, isWhole }: Lent): readonly Permission[] => {
    if (!isDocumented(policy)) return EVERYTHING;
    const all = (DOCUMENTED_RULES[policy] ?? []).flatMap(expanded);
    return isWhole ? all : all.filter(({ group }) => group !== URLS);
  },
);

const permits = (held: Permission, { group, resource, verb }: Permission): boolean =>
  (held.group === "*" || held.group === group) &&
  (held.resource === "*" || held.resource === resource) &&
  (held.verb === "*" || held.verb === verb);

/** Whether an access policy permits something at a place. */
export const permitsThat = (lent: Lent, wanted: Permission): boolean =>
  permissionsOf(lent).some((held) => permits(held, wanted));

/** Everything that AWS's table names, so that two policies can be compared by a number. */
const named = keptByKey(
  () => "all",
  (): readonly Permission[] => {
    const all = Object.keys(DOCUMENTED_RULES).flatMap((policy) =>
      permissionsOf({ policy, isWhole: false }),
    );
    const exact = all.filter((each) => !Object.values(each).includes("*"));
    return [...new Map(exact.map((each) => [JSON.stringify(each), each])).values()];
  },
);

/** How many of the kinds of request that AWS's table names the policies permit together. */
export const kindsPermitted = keptByKey(
  (policies: readonly string[]) => policies.toSorted().join(" "),
  (policies: readonly string[]): number =>
    named().filter((kind) =>
      policies.some((policy) => permitsThat({ policy, isWhole: true }, kind)),
    ).length,
);

/** The kinds of request that AWS's table names: those of a policy, and those of them that another one permits. */
export const sharedKinds = keptByKey(
  (policy: string, whole: string) => `${policy} ${whole}`,
  (policy: string, whole: string): { readonly shared: number; readonly all: number } => {
    const of = (name: string) => (kind: Permission) =>
      isDocumented(name) && permitsThat({ policy: name, isWhole: true }, kind);
    const all = named().filter(of(whole));
    return { shared: all.filter(of(policy)).length, all: all.length };
  },
);

/** How many permissions of the wanted policy are missing in what is lent at one place. */
export const missingOf = keptByKey(
  (wanted: Lent, lent: readonly Lent[]) =>
    [wanted, ...lent].map(({ policy, isWhole }) => `${policy} ${isWhole}`).join(),
  (wanted: Lent, lent: readonly Lent[]): number => {
    const held = lent.flatMap((each) => permissionsOf(each));
    return permissionsOf(wanted).filter((each) => !held.some((one) => permits(one, each))).length;
  },
);

/**
 * Either at cluster scope, or beside Kubernetes' own parts, lets a subject become cluster admin.
 */
const STEPS_UP: readonly Permission[] = [
  { group: "", resource: "pods", verb: "create" },
  { group: "", resource: "serviceaccounts", verb: "impersonate" },
];

/** Whether it permits to create pods, or to impersonate service accounts. */
export const stepsUp = (lent: Lent): boolean =>
  permissionsOf(lent).some((held) => STEPS_UP.some((step) => permits(held, step)));

/** Whether one policy permits nothing that another does not. */
export const isPartOf = (part: string, whole: string): boolean =>
  missingOf({ policy: part, isWhole: true }, [{ policy: whole, isWhole: true }]) === 0;

/** The parts of a policy, smallest first. */
export const partsOf = (policy: string): readonly string[] =>
  Object.keys(DOCUMENTED_RULES)
    .filter((part) => isPartOf(part, policy) && !isPartOf(policy, part))
    .toSorted((a, b) => kindsPermitted([a]) - kindsPermitted([b]));
