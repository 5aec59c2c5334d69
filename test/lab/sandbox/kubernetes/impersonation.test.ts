import { describe, expect, test } from "vitest";
import { ApiServer } from "./api-server.ts";
import { eksStore, entry, objectStore, rbacObject, roleRef } from "./cluster-world.ts";

const server = new ApiServer();

describe("impersonation", () => {
  const path = "/api/v1/namespaces/default/pods";
  const helpdesk = rbacObject("ClusterRole", "helpdesk", {
    rules: [
      { apiGroups: [""], resources: ["users"], verbs: ["impersonate"], resourceNames: ["zoe"] },
      { apiGroups: [""], resources: ["groups"], verbs: ["impersonate"], resourceNames: ["ops"] },
    ],
  });
  const members = (group: string, role: string) =>
    rbacObject("ClusterRoleBinding", group, {
      subjects: [{ kind: "Group", name: group }],
      ...roleRef("ClusterRole", role),
    });

  test.each([
    [{ "impersonate-user": "zoe" }, 403, 'User "zoe" cannot list'],
    [{ "impersonate-user": "zoe", "impersonate-group": "ops" }, 200, undefined],
    [{ "impersonate-user": "amy" }, 403, 'cannot impersonate resource "users"'],
    [
      { "impersonate-user": "zoe", "impersonate-group": "ops,system:masters" },
      403,
      'groups "system:masters" is forbidden',
    ],
    [
      { "impersonate-user": "system:serviceaccount:kube-system:ci" },
      403,
      'cannot impersonate resource "serviceaccounts" in API group "" in the namespace "kube-system"',
    ],
    [{ "impersonate-group": "ops" }, 400, "without impersonating a user name"],
    [{ "impersonate-user": "zoe", "impersonate-uid": "1" }, 400, "impersonate-uid is not emulated"],
    [
      { "impersonate-user": "zoe", "impersonate-extra-principalid": "AROACAROL" },
      400,
      "impersonate-extra-principalid is not emulated",
    ],
  ])("Impersonation by %o is answered %i", async (headers, code, text) => {
    await server.start({
      eks: eksStore([entry("bob", { groups: ["helpdesk"] })]),
      objects: objectStore([helpdesk, members("helpdesk", "helpdesk"), members("ops", "view")]),
    });
    const reply = await server.send(path, "bob", { headers: headers as Record<string, string> });
    expect(reply.code).toBe(code);
    if (text !== undefined) expect(reply.json["message"]).toContain(text);
  });
});
