import { describe, expect, test } from "vitest";
import { ApiServer, admin, canList } from "./api-server.ts";
import {
  ACCOUNT,
  CLUSTER,
  clusterScope,
  eksStore,
  entry,
  objectStore,
  roleArn,
} from "./cluster-world.ts";

const server = new ApiServer();

describe("the access to the API server", () => {
  test("A caller without a token may ask for the server's health, and for nothing else", async () => {
    await server.start({ eks: eksStore([]), objects: objectStore() });
    expect(await server.send("/readyz")).toMatchObject({ code: 200, text: "ok" });
    expect(await server.send("/version")).toMatchObject({
      code: 401,
      json: { kind: "Status", status: "Failure", reason: "Unauthorized", message: "Unauthorized" },
    });
    expect(server.cluster.authenticator).toEqual(["access denied: no bearer token"]);
  });

  test("The authenticator's log says why a caller was refused", async () => {
    const dead = entry("dead", { principalId: "AROAFORMER" });
    await server.start({ eks: eksStore([dead]), objects: objectStore() });
    await server.send("/api", "dead");
    await server.send("/api", "mallory");
    await server.send("/api", "NOT-A-TOKEN");
    expect(server.cluster.authenticator).toEqual([
      expect.stringContaining("the principal was recreated"),
      expect.stringContaining(`nothing maps arn:aws:iam::${ACCOUNT}:role/mallory`),
      "access denied: the token does not verify",
    ]);
  });

  test("A deleted cluster lets nobody in", async () => {
    const eks = eksStore([admin]);
    await server.start({ eks, objects: objectStore() });
    expect((await server.send("/api", "carol")).code).toBe(200);
    eks.change((state) => delete state.clusters[CLUSTER]);
    expect((await server.send("/api", "carol")).code).toBe(401);
  });
});

test("A path that is no resource is forbidden unless it is allowed", async () => {
  await server.start({ eks: eksStore([admin, entry("bob")]), objects: objectStore() });
  const reply = await server.send("/metrics", "bob");
  expect(reply.code).toBe(403);
  expect(reply.json["message"]).toBe(
    `forbidden: User "arn:aws:sts::${ACCOUNT}:assumed-role/bob/bob-example.com" cannot get path "/metrics"`,
  );
  expect((await server.send("/metrics", "carol")).code).toBe(404);
});

describe("a change of an association", () => {
  test("A change of an association is seen at once when there is no lag", async () => {
    const eks = eksStore([entry("bob", { policies: { View: clusterScope } })]);
    await server.start({ eks, objects: objectStore() });
    expect(await canList(server, "bob")).toMatchObject({ allowed: true });
    eks.change((state) => {
      const changed = state.clusters[CLUSTER]?.entries[roleArn("bob")];
      if (changed !== undefined) changed.policies = {};
    });
    expect(await canList(server, "bob")).toMatchObject({ allowed: false });
  });

  test("A change of associations is seen only after the lag, both ways", async () => {
    let time = Date.parse("2026-11-24T12:00:00Z");
    const eks = eksStore([entry("bob", { policies: { View: clusterScope } })]);
    await server.start({
      eks,
      objects: objectStore(),
      authorizerLagSeconds: 5,
      now: () => new Date(time),
    });
    eks.change((state) => {
      const changed = state.clusters[CLUSTER];
      if (changed !== undefined) changed.entries = { [admin.principalArn]: admin };
    });
    time += 1000;
    expect(await canList(server, "bob")).toMatchObject({ allowed: true });
    expect(await canList(server, "carol")).toBe(401);
    time += 4999;
    expect(await canList(server, "bob")).toMatchObject({ allowed: true });
    time += 1;
    expect(await canList(server, "bob")).toBe(401);
    expect(await canList(server, "carol")).toMatchObject({ allowed: true });
  });
});
