import { describe, expect, test } from "vitest";
import type { AccessScope } from "../../../../lab/sandbox/aws/eks/state.ts";
import {
  type Authority,
  authorize,
  denialText,
} from "../../../../lab/sandbox/kubernetes/authorizer.ts";
import { associationsOf } from "../../../../lab/sandbox/kubernetes/cluster-access.ts";
import type { KubernetesObject } from "../../../../lab/sandbox/kubernetes/state.ts";
import {
  asks,
  clusterScope,
  type EntryOptions,
  entry,
  inNamespaces,
  objectStore,
  policyArn,
  policyRules,
  rbacObject,
  roleArn,
  roleId,
  roleRef,
  user,
} from "./cluster-world.ts";

function authority(options: EntryOptions, objects: readonly KubernetesObject[] = []): Authority {
  return {
    objects: objectStore(objects).state,
    associations: associationsOf({
      authenticationMode: "API",
      entries: [entry("alice", options)],
    }),
    policyRules,
  };
}

const devNamespaces = inNamespaces("dev-*");
const x = inNamespaces("x");

describe("access policies", () => {
  const vectors: readonly [string, AccessScope, string, string, boolean][] = [
    ["View", devNamespaces, "list pods", "dev-a", true],
    ["View", devNamespaces, "list pods", "prod", false],
    ["View", devNamespaces, "list pods", "", false],
    ["View", devNamespaces, "get namespaces/dev-a", "dev-a", true],
    ["View", devNamespaces, "list namespaces", "", false],
    ["View", clusterScope, "get secrets", "x", false],
    ["View", clusterScope, "get nodes", "", false],
    ["View", clusterScope, "get pods/log", "x", true],
    ["View", clusterScope, "list pods", "", true],
    ["Edit", x, "create pods/exec", "x", true],
    ["Edit", x, "create pods/exec", "xy", false],
    ["Edit", x, "create pods/eviction", "x", false],
    ["Edit", x, "create rolebindings.rbac.authorization.k8s.io", "x", false],
    ["Edit", clusterScope, "get widgets.example.io", "x", false],
    ["Admin", x, "create rolebindings.rbac.authorization.k8s.io", "x", true],
    ["Admin", x, "bind clusterroles.rbac.authorization.k8s.io", "x", false],
    ["AdminView", clusterScope, "get secrets", "x", true],
    ["AdminView", clusterScope, "get pods/exec", "x", true],
    ["AdminView", clusterScope, "create pods/exec", "x", false],
    ["ClusterAdmin", x, "delete nodes", "", false],
    ["ClusterAdmin", x, "create widgets.example.io", "x", true],
    ["ClusterAdmin", x, "get /metrics", "", false],
    ["ClusterAdmin", clusterScope, "get /metrics", "", true],
    ["ClusterAdmin", clusterScope, "delete nodes", "", true],
  ];
  test.each(vectors)(
    "The access policy %s at %o: %s in %o is allowed: %o",
    (policy, scope, request, namespace, allowed) => {
      const world = authority({ policies: { [policy]: scope } });
      expect(authorize(world, user("alice"), asks(request, namespace)).allowed).toBe(allowed);
    },
  );

  test("Access policies say which association allowed, in the words of the EKS authorizer", () => {
    const world = authority({ policies: { View: clusterScope } });
    expect(authorize(world, user("alice"), asks("list pods", "x"))).toEqual({
      allowed: true,
      reason: `EKS Access Policy: allowed by ClusterRoleBinding "${roleArn("alice")}+${policyArn("View")}" of ClusterRole "${policyArn("View")}" to User "${roleId("alice")}"`,
    });
  });

  test("Access policies with namespace scope speak of a RoleBinding in the request's namespace", () => {
    const world = authority({ policies: { View: devNamespaces } });
    expect(authorize(world, user("alice"), asks("list pods", "dev-a")).reason).toBe(
      `EKS Access Policy: allowed by RoleBinding "${roleArn("alice")}+${policyArn("View")}/dev-a" of ClusterRole "${policyArn("View")}" to User "${roleId("alice")}"`,
    );
  });

  test("Access policies are a union over what is associated", () => {
    const world = authority({ policies: { View: clusterScope, Edit: x } });
    expect(authorize(world, user("alice"), asks("delete pods", "x")).allowed).toBe(true);
    expect(authorize(world, user("alice"), asks("list pods", "y")).allowed).toBe(true);
    expect(authorize(world, user("alice"), asks("delete pods", "y")).allowed).toBe(false);
  });

  test("Access policies belong to the unique id, not to the name", () => {
    const world = authority({ policies: { ClusterAdmin: clusterScope } });
    const recreated = user("alice", { extra: { principalId: ["AROASECOND"] } });
    const impersonated = user("alice", { extra: {} });
    expect(authorize(world, recreated, asks("list pods")).allowed).toBe(false);
    expect(authorize(world, impersonated, asks("list pods")).allowed).toBe(false);
  });

  test("Access policies mean nothing while the mode is CONFIG_MAP", () => {
    const entries = [entry("alice", { policies: { ClusterAdmin: clusterScope } })];
    expect(associationsOf({ authenticationMode: "CONFIG_MAP", entries })).toEqual([]);
    expect(associationsOf({ authenticationMode: "API_AND_CONFIG_MAP", entries })).toHaveLength(1);
  });

  test.each([
    ["dev-*", "dev-", true],
    ["dev-*", "xdev-a", false],
    ["*-api", "payments-api", true],
    ["*-api", "payments-api-2", false],
    ["a*c*e", "abcde", true],
    ["a*c*e", "aec", false],
    ["a.c", "abc", false],
    ["Dev", "dev", false],
    ["*", "anything", true],
  ])(
    "Access policies take %o for a pattern of namespaces: %o matches: %o",
    (pattern, namespace, allowed) => {
      const world = authority({ policies: { View: inNamespaces("other", pattern) } });
      expect(authorize(world, user("alice"), asks("list pods", namespace)).allowed).toBe(allowed);
    },
  );

  test("Access policies never take an empty list of namespaces for all of them", () => {
    const world = authority({ policies: { View: inNamespaces() } });
    expect(authorize(world, user("alice"), asks("list pods", "x")).allowed).toBe(false);
    expect(authorize(world, user("alice"), asks("list pods")).allowed).toBe(false);
  });
});

describe("RBAC", () => {
  const rules = [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }];
  const clusterBinding = (subject: object) =>
    rbacObject("ClusterRoleBinding", "readers", {
      subjects: [subject],
      ...roleRef("ClusterRole", "reader"),
    });
  const reader = rbacObject("ClusterRole", "reader", { rules });
  const group = { kind: "Group", name: "eks-readers" };
  const member = user("alice", { groups: ["eks-readers", "system:authenticated"] });

  test("RBAC is asked before access policies, and says who was bound", () => {
    const world = authority({ policies: { View: clusterScope } }, [reader, clusterBinding(group)]);
    expect(authorize(world, member, asks("list pods", "x"))).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "readers" of ClusterRole "reader" to Group "eks-readers"',
    });
  });

  test("RBAC cannot keep access policies from allowing", () => {
    const world = authority({ policies: { View: clusterScope } });
    expect(authorize(world, member, asks("list pods", "x")).reason).toMatch(/^EKS Access Policy/);
  });

  test("RBAC binds users by name", () => {
    const world = authority({}, [reader, clusterBinding({ kind: "User", name: "alice" })]);
    expect(authorize(world, user("alice"), asks("list pods")).allowed).toBe(true);
    expect(authorize(world, user("alice2"), asks("list pods")).allowed).toBe(false);
  });

  test("RBAC confines a RoleBinding to its namespace, whatever role it gives", () => {
    const binding = rbacObject(
      "RoleBinding",
      "readers",
      { subjects: [group], ...roleRef("ClusterRole", "reader") },
      "test-1",
    );
    const world = authority({}, [reader, binding]);
    expect(authorize(world, member, asks("list pods", "test-1")).reason).toBe(
      'RBAC: allowed by RoleBinding "readers/test-1" of ClusterRole "reader" to Group "eks-readers"',
    );
    expect(authorize(world, member, asks("list pods", "default")).allowed).toBe(false);
    expect(authorize(world, member, asks("list pods")).allowed).toBe(false);
  });

  test("RBAC finds a Role only in the namespace of its binding", () => {
    const role = rbacObject("Role", "reader", { rules }, "test-1");
    const binding = (namespace: string) =>
      rbacObject(
        "RoleBinding",
        "readers",
        { subjects: [group], ...roleRef("Role", "reader") },
        namespace,
      );
    const world = authority({}, [role, binding("test-1"), binding("default")]);
    expect(authorize(world, member, asks("list pods", "test-1")).allowed).toBe(true);
    expect(authorize(world, member, asks("list pods", "default"))).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "reader" not found',
    });
  });

  test("RBAC takes a service account without a namespace for one of the binding's", () => {
    const binding = rbacObject(
      "RoleBinding",
      "readers",
      { subjects: [{ kind: "ServiceAccount", name: "ci" }], ...roleRef("ClusterRole", "reader") },
      "test-1",
    );
    const world = authority({}, [reader, binding]);
    const account = (namespace: string) => user(`system:serviceaccount:${namespace}:ci`);
    expect(authorize(world, account("test-1"), asks("list pods", "test-1")).reason).toBe(
      'RBAC: allowed by RoleBinding "readers/test-1" of ClusterRole "reader" to ServiceAccount "ci/test-1"',
    );
    expect(authorize(world, account("default"), asks("list pods", "test-1")).allowed).toBe(false);
  });

  test("RBAC gives cluster-admin to system:masters and the basics to everybody", () => {
    const world = authority({});
    const master = user("m", { groups: ["system:masters"] });
    expect(authorize(world, master, asks("delete nodes")).allowed).toBe(true);
    const anyone = user("a");
    const review = asks("create selfsubjectaccessreviews.authorization.k8s.io");
    expect(authorize(world, anyone, review).allowed).toBe(true);
    expect(authorize(world, anyone, asks("get /apis/apps/v1")).allowed).toBe(true);
    expect(authorize(world, anyone, asks("get /metrics")).allowed).toBe(false);
  });

  test.each([
    [{ resources: ["*"] }, "list pods/log", true],
    [{ resources: ["pods"] }, "list pods/log", false],
    [{ resources: ["*/log"] }, "list pods/log", true],
    [{ resources: ["*/log"] }, "list pods", false],
    [{ apiGroups: ["apps"], resources: ["*"] }, "list pods", false],
    [{ apiGroups: ["*"], resources: ["deployments"] }, "list deployments.apps", true],
    [{ resources: ["namespaces"], resourceNames: ["a"] }, "list namespaces/a", true],
    [{ resources: ["namespaces"], resourceNames: ["a"] }, "list namespaces/b", false],
    [{ resources: ["namespaces"], resourceNames: ["a"] }, "list namespaces", false],
  ])("RBAC reads the rule %o: %s is allowed: %o", (rule, request, allowed) => {
    const role = rbacObject("ClusterRole", "reader", {
      rules: [{ apiGroups: [""], verbs: ["list"], ...rule }],
    });
    const world = authority({}, [role, clusterBinding(group)]);
    expect(authorize(world, member, asks(request)).allowed).toBe(allowed);
  });
});

describe("a denial", () => {
  test.each([
    [
      "list pods",
      "kube-system",
      'User "a" cannot list resource "pods" in API group "" in the namespace "kube-system"',
    ],
    [
      "list deployments.apps",
      "",
      'User "a" cannot list resource "deployments" in API group "apps" at the cluster scope',
    ],
    [
      "create pods/exec",
      "x",
      'User "a" cannot create resource "pods/exec" in API group "" in the namespace "x"',
    ],
    ["get /metrics", "", 'User "a" cannot get path "/metrics"'],
  ])("A denial of %s in %o reads as the API server writes it", (request, namespace, text) => {
    expect(denialText(user("a"), asks(request, namespace))).toBe(text);
  });
});
