import { expect, test } from "vitest";
import { initialObjects } from "../../../../lab/sandbox/kubernetes/initial-objects.ts";
import { objectsOf } from "../../../../lab/sandbox/kubernetes/state.ts";
import { policyRules, rbacObject } from "./cluster-world.ts";

const given = {
  namespaces: ["payments-api"],
  pods: [{ namespace: "payments-api", name: "api-7d9c6b5f4-x2k8q", image: "api:1" }],
  objects: [],
  policyRules,
  createdAt: new Date("2026-11-24T10:00:00Z"),
};

test("A cluster starts with Kubernetes' own namespaces and those given", () => {
  const names = objectsOf(initialObjects(given), "", "namespaces").map((one) => one.metadata.name);
  expect(names).toEqual([
    "default",
    "kube-node-lease",
    "kube-public",
    "kube-system",
    "payments-api",
  ]);
});

test("A pod runs, its container named without the hashes of its controllers", () => {
  const [pod] = objectsOf(initialObjects(given), "", "pods", "payments-api");
  expect(pod).toMatchObject({
    spec: { containers: [{ name: "api", image: "api:1" }] },
    status: { phase: "Running" },
    metadata: { creationTimestamp: "2026-11-24T10:00:00Z", uid: expect.any(String) },
  });
});

test("The built-in view role has the rules of the View access policy", () => {
  const roles = objectsOf(initialObjects(given), "rbac.authorization.k8s.io", "clusterroles");
  const view = roles.find((one) => one.metadata.name === "view");
  expect(view?.["rules"]).toEqual(
    policyRules("arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"),
  );
  expect(view?.["rules"]).not.toEqual([]);
});

test.each([
  [
    "a kind that is not served",
    { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "default" } },
    "does not serve its kind",
  ],
  [
    "a lacking namespace",
    { apiVersion: "v1", kind: "Secret", metadata: { name: "s" } },
    "needs a metadata.namespace",
  ],
  [
    "a namespace too much",
    rbacObject("ClusterRole", "r", { rules: [] }, "default"),
    "has no metadata.namespace",
  ],
  ["a duplicate", rbacObject("ClusterRole", "view", { rules: [] }), "twice"],
])("Initial objects with %s are refused", (_what, object, text) => {
  expect(() => initialObjects({ ...given, objects: [object] })).toThrow(text);
});
