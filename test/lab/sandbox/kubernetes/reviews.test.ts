import { describe, expect, test } from "vitest";
import { ApiServer, admin, canList } from "./api-server.ts";
import {
  eksStore,
  entry,
  objectStore,
  policyArn,
  rbacObject,
  roleArn,
  roleId,
  roleRef,
} from "./cluster-world.ts";

const server = new ApiServer();

describe("reviews", () => {
  const review = (kind: string, spec: object) => ({
    body: JSON.stringify({ apiVersion: "authorization.k8s.io/v1", kind, spec }),
  });

  test("A review of oneself says which association allows", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    expect(await canList(server, "carol")).toEqual({
      allowed: true,
      reason: `EKS Access Policy: allowed by ClusterRoleBinding "${roleArn("carol")}+${policyArn("ClusterAdmin")}" of ClusterRole "${policyArn("ClusterAdmin")}" to User "${roleId("carol")}"`,
    });
  });

  test("A review of others needs permission, and judges the groups that it names", async () => {
    await server.start({
      eks: eksStore([admin, entry("bob")]),
      objects: objectStore([
        rbacObject("ClusterRoleBinding", "ops", {
          subjects: [{ kind: "Group", name: "ops" }],
          ...roleRef("ClusterRole", "view"),
        }),
      ]),
    });
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const resourceAttributes = { verb: "list", resource: "pods" };
    const asked = review("SubjectAccessReview", { user: "x", groups: ["ops"], resourceAttributes });
    expect((await server.send(path, "bob", asked)).code).toBe(403);
    expect((await server.send(path, "carol", asked)).json["status"]).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "ops" of ClusterRole "view" to Group "ops"',
    });
  });

  test.each([
    [{}, "exactly one of"],
    [
      { resourceAttributes: { verb: "get" }, nonResourceAttributes: { path: "/" } },
      "exactly one of",
    ],
    [{ resourceAttributes: { verb: "get", fieldSelector: {} } }, "unknown: fieldSelector"],
    [{ resourceAttributes: { verb: 1 } }, "spec.resourceAttributes.verb"],
  ])("A review with the spec %o is refused", async (spec, text) => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    const reply = await server.send(path, "carol", review("SelfSubjectAccessReview", spec));
    expect(reply.code).toBe(400);
    expect(reply.json["message"]).toContain(text);
  });
});
