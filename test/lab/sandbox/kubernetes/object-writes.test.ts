import { describe, expect, test } from "vitest";
import { ApiServer, admin, configMap, configMaps, type Reply } from "./api-server.ts";
import { eksStore, entry, objectStore, rbacObject, roleRef } from "./cluster-world.ts";

const server = new ApiServer();

describe("an object that is written again", () => {
  const path = `${configMaps}/written`;
  const put = (body: string) => server.send(path, "carol", { method: "PUT", body });
  const patch = (body: object, type = "merge-patch") =>
    server.send(path, "carol", {
      method: "PATCH",
      body: JSON.stringify(body),
      headers: { "content-type": `application/${type}+json` },
    });
  const version = ({ json }: Reply) =>
    (json["metadata"] as { readonly resourceVersion: string }).resourceVersion;

  async function written(): Promise<Reply> {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    return server.send(configMaps, "carol", { body: configMap("written", { data: { a: "1" } }) });
  }

  test("A replaced object keeps its identity, and has another version", async () => {
    const before = await written();
    const after = await put(configMap("written", { data: { b: "2" } }));
    expect(after).toMatchObject({ code: 200, json: { data: { b: "2" } } });
    const { resourceVersion: _old, ...identity } = before.json["metadata"] as object & {
      readonly resourceVersion: string;
    };
    expect(after.json["metadata"]).toMatchObject(identity);
    expect(version(after)).not.toBe(version(before));
    expect((await server.send(path, "carol")).json).toEqual(after.json);
  });

  test("A write that changes nothing, or is a dry run, keeps the object's version", async () => {
    const before = await written();
    expect(version(await patch({ data: { a: "1" } }))).toBe(version(before));
    const tried = await server.send(`${path}?dryRun=All`, "carol", {
      method: "PUT",
      body: configMap("written", { data: { a: "9" } }),
    });
    expect(tried).toMatchObject({ code: 200, json: { data: { a: "9" } } });
    expect((await server.send(path, "carol")).json).toEqual(before.json);
  });

  test("A write under an old version is refused as a conflict", async () => {
    const before = await written();
    await patch({ data: { a: "2" } });
    expect(await patch({ metadata: { resourceVersion: version(before) } })).toMatchObject({
      code: 409,
      json: {
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "written": the object has been modified; please apply your changes to the latest version and try again',
      },
    });
  });

  test("A write under another name, in another namespace, or of a missing object is refused", async () => {
    await written();
    expect((await put(configMap("other"))).code).toBe(400);
    expect((await patch({ metadata: { namespace: "test-1" } })).code).toBe(400);
    const missing = { method: "PUT", body: configMap("missing") };
    expect((await server.send(`${configMaps}/missing`, "carol", missing)).code).toBe(404);
  });

  test("The patches of kubectl are applied, and another kind of patch is refused with their names", async () => {
    await written();
    expect(await patch({ data: { b: "2" } }, "strategic-merge-patch")).toMatchObject({
      code: 200,
      json: { data: { a: "1", b: "2" } },
    });
    const other = await patch([], "json-patch");
    expect(other.code).toBe(415);
    expect(other.text).toContain("application/strategic-merge-patch+json");
  });

  test("A replaced Role grants nothing that its author does not hold", async () => {
    const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/test-1";
    const body = (rules: readonly object[]) => ({
      ...rbacObject("Role", "grown", { rules }, "test-1"),
    });
    const may = {
      rules: [{ apiGroups: ["*"], resources: ["roles"], verbs: ["create", "update"] }],
    };
    await server.start({
      eks: eksStore([entry("alice")]),
      objects: objectStore([
        rbacObject("ClusterRole", "roles", may),
        rbacObject("ClusterRoleBinding", "roles", {
          subjects: [
            { kind: "Group", apiGroup: "rbac.authorization.k8s.io", name: "system:authenticated" },
          ],
          ...roleRef("ClusterRole", "roles"),
        }),
      ]),
    });
    const role = `${rbac}/roles`;
    await server.send(role, "alice", { body: JSON.stringify(body([])) });
    const grown = await server.send(`${role}/grown`, "alice", {
      method: "PUT",
      body: JSON.stringify(body([{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }])),
    });
    expect(grown.code).toBe(403);
    expect(grown.text).toContain("is attempting to grant RBAC permissions not currently held");
    const labelled = {
      ...body([]),
      metadata: { name: "grown", namespace: "test-1", labels: { a: "b" } },
    };
    const same = { method: "PUT", body: JSON.stringify(labelled) };
    expect((await server.send(`${role}/grown`, "alice", same)).code).toBe(200);
  });
});
