import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { apiClient } from "../../../cli/api/api-client.ts";

let server: Server;
afterEach(() => server.close());

/** An API behind a gateway that accepts one key. @returns its address, and the keys of its calls */
async function gateway(accepted: string) {
  const keys: string[] = [];
  server = createServer((request, response) => {
    const [, key = ""] = /Credential=([^/]+)/.exec(request.headers.authorization ?? "") ?? [];
    keys.push(key);
    response.writeHead(key === accepted ? 200 : 403);
    response.end(JSON.stringify(key === accepted ? { done: true } : { message: "Forbidden" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
}

/** An identity with a kept session, and a fresh one once that is forgotten. */
function identity() {
  let key = "KEPT";
  return {
    region: "us-west-2",
    credentials: async () => ({ accessKeyId: key, secretAccessKey: "s" }),
    forget: async () => {
      key = "FRESH";
      return true;
    },
  };
}

const POST = { method: "POST", path: "/v1/requests", body: {} } as const;

describe("A session that the gateway refuses", () => {
  it("A call is repeated once under a fresh session, since its role may have been created again", async () => {
    const { address, keys } = await gateway("FRESH");
    await expect(apiClient(address, identity()).send(POST)).resolves.toEqual({ done: true });
    expect(keys).toEqual(["KEPT", "FRESH"]);
  });

  it("A call is refused where the fresh session is refused as well", async () => {
    const { address, keys } = await gateway("NOBODY");
    await expect(apiClient(address, identity()).send(POST)).rejects.toMatchObject({
      code: "credentials-not-accepted",
    });
    expect(keys).toEqual(["KEPT", "FRESH"]);
  });

  it("A call is not repeated where no session was kept", async () => {
    const { address, keys } = await gateway("FRESH");
    const { region, credentials } = identity();
    for (const forget of [undefined, async () => false])
      await expect(
        apiClient(address, { region, credentials, ...(forget ? { forget } : {}) }).send(POST),
      ).rejects.toMatchObject({ code: "credentials-not-accepted" });
    expect(keys).toEqual(["KEPT", "KEPT"]);
  });
});

describe("A call that somebody stops", () => {
  it("A call that is stopped while it is signed never leaves", async () => {
    const { address, keys } = await gateway("KEPT");
    const stop = new AbortController();
    const leaves = () => {
      throw new Error("It left.");
    };
    const { region, credentials } = identity();
    const stopping = async () => {
      stop.abort("stopped");
      return credentials();
    };
    const api = apiClient(address, { region, credentials: stopping });
    const sent = api.send(POST, { signal: stop.signal, leaves });
    await expect(sent).rejects.toBe("stopped");
    expect(keys).toEqual([]);
  });

  it("A call that has left is answered, and is not repeated once it is stopped", async () => {
    const { address, keys } = await gateway("FRESH");
    const stop = new AbortController();
    const passage = { signal: stop.signal, leaves: () => stop.abort("stopped") };
    await expect(apiClient(address, identity()).send(POST, passage)).rejects.toMatchObject({
      code: "credentials-not-accepted",
    });
    expect(keys).toEqual(["KEPT"]);
  });
});
