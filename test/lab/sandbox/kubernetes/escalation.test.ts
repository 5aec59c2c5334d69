import { describe, expect, test } from "vitest";
import type { AccessScope } from "../../../../lab/sandbox/aws/eks/state.ts";
import type { Authority } from "../../../../lab/sandbox/kubernetes/authorizer.ts";
import { associationsOf } from "../../../../lab/sandbox/kubernetes/cluster-access.ts";
import { checkEscalation, uncovered } from "../../../../lab/sandbox/kubernetes/escalation.ts";
import type { PolicyRule } from "../../../../lab/sandbox/kubernetes/policy-rule.ts";
import { resourceTypeOf } from "../../../../lab/sandbox/kubernetes/resources.ts";
import type { KubernetesObject } from "../../../../lab/sandbox/kubernetes/state.ts";
import {
  asks,
  clusterScope,
  entry,
  inNamespaces,
  objectStore,
  policyRules,
  rbacObject,
  roleRef,
  user,
} from "./cluster-world.ts";

const GROUP = "rbac.authorization.k8s.io";
const pods = (...verbs: string[]): PolicyRule => ({ apiGroups: [""], resources: ["pods"], verbs });

/** Alice, bound to `held` by RBAC in test-1, and by her entry to access policies. */
function check(
  object: KubernetesObject,
  held: readonly PolicyRule[],
  policies: Readonly<Record<string, AccessScope>> = {},
): () => void {
  const authority: Authority = {
    objects: objectStore([
      rbacObject("Role", "held", { rules: held }, "test-1"),
      rbacObject(
        "RoleBinding",
        "held",
        { subjects: [{ kind: "User", name: "alice" }], ...roleRef("Role", "held") },
        "test-1",
      ),
      rbacObject("ClusterRole", "pod-reader", { rules: [pods("get")] }),
    ]).state,
    associations: associationsOf({
      authenticationMode: "API",
      entries: [entry("alice", { policies })],
    }),
    policyRules,
  };
  const resource = `${object.kind.toLowerCase()}s`;
  const type = resourceTypeOf(GROUP, "v1", resource);
  if (type === undefined) throw new Error(`No resource ${resource}.`);
  const request = asks(`create ${resource}.${GROUP}`, object.metadata.namespace ?? "");
  return () => checkEscalation(authority, user("alice"), type, object, request);
}

const role = (rules: readonly PolicyRule[]) => rbacObject("Role", "new", { rules }, "test-1");
const binding = (name: string) =>
  rbacObject(
    "RoleBinding",
    "new",
    { subjects: [{ kind: "User", name: "u" }], ...roleRef("ClusterRole", name) },
    "test-1",
  );

describe("the creator of a Role or a binding", () => {
  test("The creator of a Role or a binding may give the permissions that RBAC gives them", () => {
    expect(check(role([pods("get")]), [pods("get", "list")])).not.toThrow();
    expect(check(binding("pod-reader"), [pods("*")])).not.toThrow();
  });

  test("The creator of a Role or a binding may not give more, and reads exactly what is missing", () => {
    expect(check(role([pods("get", "list", "watch")]), [pods("list")])).toThrow(
      'roles.rbac.authorization.k8s.io "new" is forbidden: user "alice" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get" "watch"]}',
    );
  });

  test("The creator of a Role or a binding may not give permissions that only an access policy allows them", () => {
    const admin = { Admin: inNamespaces("test-1") };
    expect(check(role([pods("get")]), [], admin)).toThrow("not currently held");
    expect(check(binding("pod-reader"), [], admin)).toThrow("not currently held");
  });

  test("The creator of a Role or a binding may give anything if an authorizer allows escalate or bind", () => {
    const clusterAdmin = { ClusterAdmin: clusterScope };
    expect(check(role([pods("*")]), [], clusterAdmin)).not.toThrow();
    expect(check(binding("cluster-admin"), [], clusterAdmin)).not.toThrow();
    expect(check(binding("nowhere"), [], clusterAdmin)).not.toThrow();
    const binder = { apiGroups: [GROUP], resources: ["clusterroles"], verbs: ["bind"] };
    expect(check(binding("cluster-admin"), [binder])).not.toThrow();
    expect(check(role([pods("get")]), [binder])).toThrow("not currently held");
  });

  test("The creator of a Role or a binding may bind only the role that bind was given for", () => {
    const binder = {
      apiGroups: [GROUP],
      resources: ["clusterroles"],
      verbs: ["bind"],
      resourceNames: ["pod-reader"],
    };
    expect(check(binding("pod-reader"), [binder])).not.toThrow();
    expect(check(binding("cluster-admin"), [binder])).toThrow("not currently held");
  });

  test("The creator of a Role or a binding may not bind a role that does not exist", () => {
    expect(check(binding("nowhere"), [])).toThrow(
      'clusterroles.rbac.authorization.k8s.io "nowhere" not found',
    );
  });
});

describe("a held rule", () => {
  test.each<readonly [string, PolicyRule, PolicyRule, boolean]>([
    ["the same", pods("get"), pods("get"), true],
    ["all verbs", pods("*"), pods("get"), true],
    ["not all verbs by one", pods("get"), pods("*"), false],
    ["all groups", { ...pods("get"), apiGroups: ["*"] }, pods("get"), true],
    ["not another group", { ...pods("get"), apiGroups: ["apps"] }, pods("get"), false],
    ["all resources", { ...pods("get"), resources: ["*"] }, pods("get"), true],
    ["not all resources by one", pods("get"), { ...pods("get"), resources: ["*"] }, false],
    [
      "a subresource of anything",
      { ...pods("get"), resources: ["*/log"] },
      { ...pods("get"), resources: ["pods/log"] },
      true,
    ],
    [
      "one name",
      { ...pods("get"), resourceNames: ["a"] },
      { ...pods("get"), resourceNames: ["a"] },
      true,
    ],
    ["not any name by one", { ...pods("get"), resourceNames: ["a"] }, pods("get"), false],
    ["one name by any", pods("get"), { ...pods("get"), resourceNames: ["a"] }, true],
    [
      "a path by a prefix",
      { nonResourceURLs: ["/a/*"], verbs: ["get"] },
      { nonResourceURLs: ["/a/b"], verbs: ["get"] },
      true,
    ],
    [
      "no path by resources",
      { ...pods("*"), resources: ["*"] },
      { nonResourceURLs: ["/a"], verbs: ["get"] },
      false,
    ],
  ])("A held rule covers %s", (_what, held, wanted, covered) => {
    expect(uncovered([held], [wanted]).length === 0).toBe(covered);
  });
});
