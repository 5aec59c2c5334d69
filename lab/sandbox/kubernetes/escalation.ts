/**
 * RBAC's escalation check: nobody grants through a Role or a binding what they do not hold.
 *
 * Only permissions that RBAC itself grants count as held. Permissions by an access policy do not
 * count. So a holder of the Admin access policy is refused here. An authorizer may allow the verb
 * `escalate` (roles) or `bind` (bindings), as ClusterAdmin's `*` does. Source: k8s.io/kubernetes
 * `pkg/registry/rbac/{role,rolebinding}/policybased` and
 * `pkg/registry/rbac/validation/policy_comparator.go`.
 */
import { type Authority, authorize } from "./authorizer.ts";
import { type Attributes, coversPath, coversResource, type PolicyRule } from "./policy-rule.ts";
import { rbacRules } from "./rbac.ts";
import { bindingOf, referencedRules, rulesOfRole } from "./rbac-objects.ts";
import type { ResourceType } from "./resources.ts";
import type { KubernetesObject } from "./state.ts";
import { forbidden, notFound } from "./status.ts";
import type { UserInfo } from "./user-info.ts";

/** A rule's smallest parts: one verb on one resource of one group, at most one name; or one path. */
function smallest(rule: PolicyRule): readonly PolicyRule[] {
  const names = rule.resourceNames ?? [];
  return rule.verbs.flatMap((verb) => [
    ...(rule.apiGroups ?? []).flatMap((group) =>
      (rule.resources ?? []).flatMap((resource) =>
        (names.length === 0 ? [[]] : names.map((name) => [name])).map((resourceNames) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          resourceNames,
        })),
      ),
    ),
    ...(rule.nonResourceURLs ?? []).map((url) => ({ verbs: [verb], nonResourceURLs: [url] })),
  ]);
}

const coversOne = (held: readonly string[] | undefined, wanted: string): boolean =>
  (held ?? []).includes("*") || (held ?? []).includes(wanted);

/** Does one held rule cover a smallest part? */
function covers(held: PolicyRule, part: PolicyRule): boolean {
  const [verb = ""] = part.verbs;
  if (!coversOne(held.verbs, verb)) return false;
  const [url] = part.nonResourceURLs ?? [];
  if (url !== undefined) return coversPath(held.nonResourceURLs, url);
  const [group = ""] = part.apiGroups ?? [];
  const [whole = ""] = part.resources ?? [];
  const [resource = "", subresource = ""] = whole.split("/");
  const [name] = part.resourceNames ?? [];
  const names = held.resourceNames ?? [];
  return (
    coversOne(held.apiGroups, group) &&
    coversResource(held.resources, resource, subresource) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

/** The parts of `wanted` that no rule of `held` covers. */
export function uncovered(
  held: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): readonly PolicyRule[] {
  return wanted.flatMap(smallest).filter((part) => !held.some((rule) => covers(rule, part)));
}

const list = (values: readonly string[]): string =>
  `[${values.map((one) => JSON.stringify(one)).join(" ")}]`;

/** A rule as Kubernetes prints it: `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}`. */
function compact(rule: PolicyRule): string {
  const members = [
    ["APIGroups", rule.apiGroups],
    ["Resources", rule.resources],
    ["ResourceNames", rule.resourceNames],
    ["NonResourceURLs", rule.nonResourceURLs],
    ["Verbs", rule.verbs],
  ] as const;
  const texts = members.flatMap(([name, values = []]) =>
    values.length === 0 ? [] : `${name}:${list(values)}`,
  );
  return `{${texts.join(", ")}}`;
}

/** Parts with their verbs joined where all else is equal, sorted: as the API server lists them. */
function summary(parts: readonly PolicyRule[]): string {
  const byRest = Map.groupBy(parts, (part) => compact({ ...part, verbs: [] }));
  const joined = [...byRest.values()].flatMap(([first, ...more]) =>
    first === undefined
      ? []
      : compact({ ...first, verbs: [...new Set([first, ...more].flatMap(({ verbs }) => verbs))] }),
  );
  return joined.sort().join("\n");
}

const ROLE_KINDS: ReadonlySet<string> = new Set(["Role", "ClusterRole"]);
const BINDING_KINDS: ReadonlySet<string> = new Set(["RoleBinding", "ClusterRoleBinding"]);

/**
 * The permissions that the object would grant, and the request whose permission makes the check
 * unnecessary.
 */
function granted(
  { objects }: Authority,
  { kind }: ResourceType,
  object: KubernetesObject,
  request: Attributes,
): { readonly rules: readonly PolicyRule[]; readonly exempting: Attributes } | undefined {
  const { name } = object.metadata;
  if (ROLE_KINDS.has(kind)) {
    return { rules: rulesOfRole(object), exempting: { ...request, verb: "escalate", name } };
  }
  if (!BINDING_KINDS.has(kind)) return undefined;
  const { roleRef } = bindingOf(object);
  const resource = roleRef.kind === "Role" ? "roles" : "clusterroles";
  const exempting = { ...request, verb: "bind", resource, name: roleRef.name };
  const rules = referencedRules(objects, roleRef, request.namespace);
  return { rules: rules ?? [], exempting };
}

/**
 * Refuses an RBAC object that gives its creator's power away beyond what they hold. Throws 403,
 * and 404 for a binding to a role that does not exist, which only `bind` may create.
 */
export function checkEscalation(
  authority: Authority,
  user: UserInfo,
  type: ResourceType,
  object: KubernetesObject,
  request: Attributes,
): void {
  const grant = granted(authority, type, object, request);
  if (grant === undefined || authorize(authority, user, grant.exempting).allowed) return;
  const { apiGroup } = request;
  if (BINDING_KINDS.has(type.kind)) {
    const { roleRef } = bindingOf(object);
    if (referencedRules(authority.objects, roleRef, request.namespace) === undefined) {
      throw notFound({ apiGroup, resource: grant.exempting.resource, name: roleRef.name });
    }
  }
  const beyond = uncovered(rbacRules(authority.objects, user, request.namespace), grant.rules);
  if (beyond.length === 0) return;
  throw forbidden(
    { apiGroup, resource: request.resource, name: object.metadata.name },
    `user "${user.username}" (groups=${list(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${summary(beyond)}`,
  );
}
