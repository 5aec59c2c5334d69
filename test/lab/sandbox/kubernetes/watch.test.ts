import { describe, expect, test } from "vitest";
import { ApiServer, admin, configMap, configMaps, type Reply } from "./api-server.ts";
import { CLUSTER, clusterScope, eksStore, entry, objectStore, roleArn } from "./cluster-world.ts";

const server = new ApiServer();

describe("a watch", () => {
  const written = (a: string) => ({ body: configMap("watched", { data: { a } }) });
  const one = `${configMaps}/watched`;
  /** A watch of one second, once it has begun. */
  const watch = (who: string, query = "") =>
    new Promise<{ readonly watching: Promise<Reply> }>((resolve) => {
      const begun = () => resolve({ watching });
      const path = `${configMaps}?watch=true&timeoutSeconds=1${query}`;
      const watching = server.send(path, who, { begun });
    });
  /** The events of a watch about one object during some work. */
  async function watched(query: string, meanwhile: () => Promise<unknown>): Promise<unknown[]> {
    const { watching } = await watch("carol", query);
    await meanwhile();
    const { text } = await watching;
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
      .filter(({ object }) => object.metadata.name === "watched")
      .map(({ type, object }) => [type, object.data]);
  }
  const life = async () => {
    await server.send(configMaps, "carol", written("1"));
    await server.send(one, "carol", { method: "PUT", ...written("2") });
    await server.send(one, "carol", { method: "DELETE" });
  };

  test("A watch reports every change once, in order", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    expect(await watched("", life)).toEqual([
      ["ADDED", { a: "1" }],
      ["MODIFIED", { a: "2" }],
      ["DELETED", { a: "2" }],
    ]);
  });

  test("A watch begins with what is there, or with what is newer than its version", async () => {
    await server.start({ eks: eksStore([admin]), objects: objectStore() });
    const { json } = await server.send(configMaps, "carol", written("1"));
    const { resourceVersion } = json["metadata"] as { readonly resourceVersion: string };
    const nothing = async () => undefined;
    expect(await watched("", nothing)).toEqual([["ADDED", { a: "1" }]]);
    const change = () => server.send(one, "carol", { method: "PUT", ...written("2") });
    expect(await watched(`&resourceVersion=${resourceVersion}`, change)).toEqual([
      ["MODIFIED", { a: "2" }],
    ]);
  });

  test("A watch goes on when access is removed, since it is authorised when it begins", async () => {
    const eks = eksStore([admin, entry("bob", { policies: { View: clusterScope } })]);
    await server.start({ eks, objects: objectStore() });
    const { watching } = await watch("bob");
    eks.change((state) => {
      delete state.clusters[CLUSTER]?.entries[roleArn("bob")];
    });
    await server.send(configMaps, "carol", written("1"));
    expect((await watching).text).toContain('"a":"1"');
    expect((await server.send(`${configMaps}?watch=true&timeoutSeconds=1`, "bob")).code).toBe(401);
  });
});
