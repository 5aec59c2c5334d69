/** `timelatch mcp` as a client starts it: a process that speaks on standard input and output. */
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ACCESS_KEY,
  type LoopbackApi,
  loopbackApi,
  problem,
  SECRET_KEY,
  SESSION_TOKEN,
} from "../loopback-api.ts";
import { LAUNCHER, run } from "../run-timelatch.ts";

const WHO = {
  person: "deploy-bot",
  groups: ["pipelines"],
  roles: [],
  machine: { owners: ["olga"] },
};

let api: LoopbackApi;
beforeAll(async () => {
  api = await loopbackApi(({ path }) =>
    path === "/v1/whoami"
      ? { body: { ...WHO, identityArn: "arn:aws:iam::111122223333:role/deploy-bot" } }
      : problem(403, "policy-denied", "No rule for you lends anything on prod."),
  );
});
afterAll(() => api.close());

const environment = () => ({
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  AWS_SESSION_TOKEN: SESSION_TOKEN,
  AWS_REGION: "us-west-2",
  TIMELATCH_API: api.address,
});

describe("timelatch mcp", () => {
  it.each([
    ["2025-11-25", {}],
    ["2026-07-28", { versionNegotiation: { mode: "auto" as const } }],
  ])("A client of %s finds the tools, and its calls are signed", async (version, options) => {
    const client = new Client({ name: "some-agent", version: "1.0" }, options);
    const said: string[] = [];
    const transport = new StdioClientTransport({
      command: LAUNCHER,
      args: ["mcp"],
      env: environment(),
      stderr: "pipe",
    });
    transport.stderr?.on("data", (data) => said.push(String(data)));
    await client.connect(transport);
    try {
      expect(client.getNegotiatedProtocolVersion()).toBe(version);
      expect((await client.listTools()).tools).toHaveLength(7);
      const { structuredContent } = await client.callTool({ name: "whoami", arguments: {} });
      expect(structuredContent).toMatchObject({ caller: "deploy-bot", owners: ["olga"] });
      const refused = await client.callTool({ name: "what_may_i_ask", arguments: {} });
      expect(refused).toMatchObject({
        isError: true,
        structuredContent: { refused: "policy-denied" },
      });
      expect(api.calls.every(({ signed }) => signed)).toBe(true);
    } finally {
      await client.close();
    }
    expect(said.join("")).toBe("");
  });

  it("Standard output holds messages only, and the end of standard input ends it", async () => {
    const lines = [
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"raw","version":"0"}}}',
      "this is no message",
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    ];
    const { code, out } = await run(["mcp"], {
      env: environment(),
      stdin: `${lines.join("\n")}\n`,
    });
    expect(code).toBe(0);
    for (const line of out
      .trimEnd()
      .split("\n")
      .filter((each) => each !== ""))
      expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  it("Wrong settings are a failure of the command, before a client waits", async () => {
    const { code, out, err } = await run(["mcp"], {
      env: { ...environment(), TIMELATCH_API: "x" },
    });
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("timelatch: ");
    const json = await run(["mcp", "--json"], { env: environment() });
    expect(json.code).toBe(2);
  });
});
