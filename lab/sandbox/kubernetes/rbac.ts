/**
 * The RBAC authorizer. ClusterRoleBindings are visited first, then the RoleBindings of the
 * request's namespace; the first rule that allows decides, and nothing denies.
 *
 * ClusterRole aggregation is not emulated: a role's rules are those written in it.
 * Source and wording: k8s.io/kubernetes `plugin/pkg/auth/authorizer/rbac` and `pkg/registry/rbac/validation`.
 */
import type { Decision } from "./decision.ts";
import { type Attributes, type PolicyRule, ruleAllows } from "./policy-rule.ts";
import {
  type Binding,
  clusterRoleBindings,
  RBAC_GROUP,
  referencedRules,
  roleBindings,
  type Subject,
} from "./rbac-objects.ts";
import type { KubernetesState } from "./state.ts";
import type { UserInfo } from "./user-info.ts";

/** Is the user meant? A service account without a namespace is of the binding's own. */
function subjectMatches(subject: Subject, user: UserInfo, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return user.username === subject.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const namespace = subject.namespace || bindingNamespace;
      return (
        namespace !== "" && user.username === `system:serviceaccount:${namespace}:${subject.name}`
      );
    }
  }
}

const describeSubject = (subject: Subject, bindingNamespace: string): string =>
  subject.kind === "ServiceAccount"
    ? `ServiceAccount "${subject.name}/${subject.namespace || bindingNamespace}"`
    : `${subject.kind} "${subject.name}"`;

/** A binding as reasons name it: `ClusterRoleBinding "x" of ClusterRole "y" to Group "z"`. */
export function describeBinding(
  { name, namespace, roleRef }: Omit<Binding, "subjects">,
  subject: Subject,
): string {
  const binding =
    namespace === "" ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`;
  return `${binding} of ${roleRef.kind} "${roleRef.name}" to ${describeSubject(subject, namespace)}`;
}

interface Held {
  readonly binding: Binding;
  readonly subject: Subject;
  /** Undefined: the binding refers to a role that does not exist. */
  readonly rules: readonly PolicyRule[] | undefined;
}

/** The user's bindings in a namespace (empty: cluster-wide only), in RBAC's order. */
function held(state: KubernetesState, user: UserInfo, namespace: string): readonly Held[] {
  return [...clusterRoleBindings(state), ...roleBindings(state, namespace)].flatMap((binding) => {
    const subject = binding.subjects.find((one) => subjectMatches(one, user, binding.namespace));
    return subject === undefined
      ? []
      : { binding, subject, rules: referencedRules(state, binding.roleRef, namespace) };
  });
}

/** All rules that RBAC gives the user in a namespace: what SelfSubjectRulesReview shows. */
export function rbacRules(
  state: KubernetesState,
  user: UserInfo,
  namespace: string,
): readonly PolicyRule[] {
  return held(state, user, namespace).flatMap(({ rules }) => rules ?? []);
}

/** RBAC's opinion. Without one, the reason names the roles that a binding of the user lacks. */
export function authorizeByRbac(
  state: KubernetesState,
  user: UserInfo,
  request: Attributes,
): Decision {
  const bindings = held(state, user, request.namespace);
  const allowing = bindings.find(({ rules }) => rules?.some((rule) => ruleAllows(rule, request)));
  if (allowing !== undefined) {
    const by = describeBinding(allowing.binding, allowing.subject);
    return { allowed: true, reason: `RBAC: allowed by ${by}` };
  }
  const missing = bindings.flatMap(({ binding: { roleRef }, rules }) =>
    rules === undefined
      ? `${roleRef.kind.toLowerCase()}.${RBAC_GROUP} "${roleRef.name}" not found`
      : [],
  );
  const errors = [...new Set(missing)];
  if (errors.length === 0) return { allowed: false, reason: "" };
  const text = errors.length === 1 ? errors[0] : `[${errors.join(", ")}]`;
  return { allowed: false, reason: `RBAC: ${text}` };
}
