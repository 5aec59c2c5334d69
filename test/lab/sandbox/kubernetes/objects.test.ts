import { describe, expect, test } from "vitest";
import { ApiServer, admin, configMap, configMaps } from "./api-server.ts";
import { eksStore, entry, objectStore, rbacObject } from "./cluster-world.ts";

const server = new ApiServer();

describe("objects", () => {
  test.each([
    [
      "an upper-case name",
      configMap("Upper"),
      422,
      'ConfigMap "Upper" is invalid: metadata.name: Invalid value: "Upper": a lowercase RFC 1123 subdomain',
    ],
    [
      "no name",
      JSON.stringify({ apiVersion: "v1", kind: "ConfigMap" }),
      422,
      "metadata.name: Required value: name or generateName is required",
    ],
    [
      "a generated name",
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"a-"}}',
      400,
      "metadata.generateName is not emulated",
    ],
    [
      "another kind",
      '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}',
      400,
      '"Secret"',
    ],
    [
      "another namespace",
      '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"kube-system"}}',
      400,
      "does not match the namespace sent on the request",
    ],
    ["no JSON", "{", 400, "is not valid application/json"],
  ])("An object with %s is refused", async (_what, body, code, text) => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const reply = await server.send(configMaps, "carol", { body });
    expect(reply).toMatchObject({ code, json: { kind: "Status", code } });
    expect(reply.json["message"]).toContain(text);
  });

  test("An object without what its kind requires is refused", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "p" },
      spec: { containers: [] },
    };
    const pods = await server.send("/api/v1/namespaces/default/pods", "carol", {
      body: JSON.stringify(pod),
    });
    expect(pods).toMatchObject({
      code: 422,
      json: { message: 'Pod "p" is invalid: spec.containers: Required value' },
    });
    const binding = rbacObject("ClusterRoleBinding", "b", { subjects: [] });
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings";
    const bindings = await server.send(path, "carol", { body: JSON.stringify(binding) });
    expect(bindings.json["message"]).toBe(
      'ClusterRoleBinding.rbac.authorization.k8s.io "b" is invalid: roleRef: Required value',
    );
  });

  test("A body in an unknown media type, or over three mebibytes, is refused", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const headers = { "content-type": "text/plain" };
    expect((await server.send(configMaps, "carol", { body: "x", headers })).code).toBe(415);
    const body = "x".repeat(3 * 1024 * 1024 + 1);
    expect((await server.send(configMaps, "carol", { body })).code).toBe(413);
  });

  test("An RBAC object with a member that is not emulated is refused", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const path = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
    const body = JSON.stringify(rbacObject("ClusterRole", "r", { aggregationRule: {}, rules: [] }));
    const reply = await server.send(path, "carol", { body });
    expect(reply.code).toBe(400);
    expect(reply.json["message"]).toContain("unknown field aggregationRule");
  });

  test("A dry run stores nothing", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const reply = await server.send(`${configMaps}?dryRun=All`, "carol", { body: configMap("a") });
    expect(reply.code).toBe(201);
    expect((await server.send(`${configMaps}/a`, "carol")).code).toBe(404);
  });

  test("An object is read from YAML, and listed by its labels", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, labels: { tier: web } }\n";
    const headers = { "content-type": "application/yaml" };
    expect((await server.send(configMaps, "carol", { body: yaml, headers })).code).toBe(201);
    await server.send(configMaps, "carol", { body: configMap("b") });
    const names = async (selector: string) => {
      const { json } = await server.send(
        `${configMaps}?labelSelector=${encodeURIComponent(selector)}`,
        "carol",
      );
      return (json["items"] as { metadata: { name: string } }[]).map(
        ({ metadata }) => metadata.name,
      );
    };
    expect(await names("tier=web")).toEqual(["a"]);
    expect(await names("tier!=web")).toEqual(["b"]);
    expect(await names("tier in (db, web)")).toEqual(["a"]);
    expect(await names("tier notin (db),!other")).toEqual(["a", "b"]);
    expect(await names("!tier")).toEqual(["b"]);
    expect(
      (await server.send(`${configMaps}?labelSelector=${encodeURIComponent("a>1")}`, "carol")).code,
    ).toBe(400);
  });

  test("A namespace of the API server cannot be deleted", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const reply = await server.send("/api/v1/namespaces/kube-system", "carol", {
      method: "DELETE",
    });
    expect(reply.json["message"]).toBe(
      'namespaces "kube-system" is forbidden: this namespace may not be deleted',
    );
  });

  test("A kind that the server does not have is not found, once it is allowed", async () => {
    await server.start({ eks: eksStore([admin, entry("bob")]), objects: objectStore() });
    const path = "/apis/example.io/v1/namespaces/default/widgets";
    expect((await server.send(path, "carol")).code).toBe(404);
    expect((await server.send(path, "bob")).code).toBe(403);
  });
});
