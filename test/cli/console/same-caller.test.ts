/** The console's calls are signed by the person who started it, also where keys are renewed within a call. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { sameCaller } from "../../../cli/console/same-caller.ts";

let server: Server;
afterEach(() => server.close());

const ACCOUNT = "111122223333";
const RETURN = { method: "POST", path: "/v1/requests/one/return", body: {} } as const;

/** An API that knows these keys' people. It refuses every call of the first key but the question who it is. */
async function api(people: Readonly<Record<string, string>>, account = ACCOUNT) {
  const [first] = Object.keys(people);
  const calls: string[] = [];
  server = createServer((request, response) => {
    const [, key = ""] = /Credential=([^/]+)/.exec(request.headers.authorization ?? "") ?? [];
    const isQuestion = request.url === "/v1/whoami";
    calls.push(`${key} ${request.url}`);
    response.writeHead(isQuestion || key !== first ? 200 : 403);
    const own = key === first ? ACCOUNT : account;
    const identityArn = `arn:aws:sts::${own}:assumed-role/people/${people[key]}`;
    const who = { person: people[key], identityArn };
    const refusal = { message: "Forbidden" };
    response.end(JSON.stringify(isQuestion ? who : key === first ? refusal : { done: true }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

/** Keys that are the first ones, and the second ones once those are forgotten. */
function identity([first = "", second = ""]: readonly string[]) {
  let accessKeyId = first;
  return {
    region: "us-west-2",
    credentials: async () => ({ accessKeyId, secretAccessKey: "s" }),
    forget: async () => {
      accessKeyId = second;
      return true;
    },
  };
}

async function sending(people: Readonly<Record<string, string>>, account?: string) {
  const { address, calls } = await api(people, account);
  const seen: string[] = [];
  const signing = { address, identity: identity(Object.keys(people)) };
  const caller = await sameCaller(signing, ({ person }) => seen.push(person));
  return { calls, seen, send: () => caller.send(RETURN) };
}

describe("A call whose keys are renewed while it is made", () => {
  it("It is sent once the new keys were seen to be the same person's", async () => {
    const { calls, seen, send } = await sending({ OLD: "alice", NEW: "alice" });
    expect(await send()).toEqual({ done: true });
    expect(calls).toEqual([
      "OLD /v1/whoami",
      `OLD ${RETURN.path}`,
      "NEW /v1/whoami",
      `NEW ${RETURN.path}`,
    ]);
    expect(seen).toEqual([]);
  });

  it.each<[string, string, string?]>([
    ["another person", "bob"],
    ["the same name in another account", "alice", "444455556666"],
  ])("It is not sent with keys of %s, and nothing is from then on", async (_, name, account) => {
    const { calls, seen, send } = await sending({ OLD: "alice", NEW: name }, account);
    await expect(send()).rejects.toMatchObject({ code: "another-person" });
    await expect(send()).rejects.toMatchObject({ code: "another-person" });
    expect(calls).toEqual(["OLD /v1/whoami", `OLD ${RETURN.path}`, "NEW /v1/whoami"]);
    expect(seen).toEqual([name]);
  });
});
