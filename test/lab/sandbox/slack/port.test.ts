import { request } from "node:http";
import { describe, expect, it, vi } from "vitest";
import { SLACK_WORKSPACE } from "../../../../lab/sandbox/world/slack-workspace.ts";
import { section, startSlack } from "./slack-fixture.ts";

/** With headers that `fetch` does not let one set. */
const statusOf = (url: string, headers: Readonly<Record<string, string>>, method = "GET") =>
  new Promise<number | undefined>((resolve, reject) => {
    request(url, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

describe("the port of Slack", () => {
  it("The port of Slack reports a defect with its hidden characters written out", async () => {
    const { url } = await startSlack(undefined, {
      ...SLACK_WORKSPACE,
      get users(): never {
        throw new Error("no \u009b31muser");
      },
    });
    const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    await expect(fetch(`${url}/_sandbox/users`)).rejects.toThrow();
    const reported = stderr.mock.calls.join("");
    stderr.mockRestore();
    expect(reported).toContain("sandbox: Slack's GET /_sandbox/users failed unexpectedly: ");
    expect(reported).toContain("no \\u{9b}31muser");
    expect(reported).not.toContain("\u009b");
  });

  it("The port of Slack gives the page to whoever has the token of its address", async () => {
    const { url, token } = await startSlack();
    const page = await fetch(`${url}/?token=${token}`);
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await fetch(`${url}/`)).status).toBe(401);
    expect((await fetch(`${url}/?token=${token}0`)).status).toBe(401);
  });

  it("The port of Slack serves the page's own files and no other", async () => {
    const { url } = await startSlack();
    const script = await fetch(`${url}/page/main.mjs`);
    expect(script.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    for (const name of ["port.ts", "..%2Fport.ts", "constructor", "a/main.mjs"])
      expect((await fetch(`${url}/page/${name}`)).status).toBe(404);
  });

  it("The port of Slack acts for nobody without the token", async () => {
    const { url, received } = await startSlack();
    const act = async (headers: Readonly<Record<string, string>>) => {
      const body = JSON.stringify({ kind: "url_verification" });
      return (await fetch(`${url}/_sandbox/actions`, { method: "POST", headers, body })).status;
    };
    expect(await act({})).toBe(401);
    expect(await act({ authorization: "Bearer x" })).toBe(401);
    expect(received).toEqual([]);
  });

  it("The port of Slack refuses another Host, such as a name that was made to lead here", async () => {
    const { url, token } = await startSlack();
    const page = `${url}/?token=${token}`;
    const { port } = new URL(url);
    expect(await statusOf(page, { host: `evil.example:${port}` })).toBe(421);
    expect(await statusOf(page, { host: `localhost:${port}` })).toBe(200);
  });

  it("The port of Slack refuses another Origin everywhere, and its own without the token", async () => {
    const { url, token } = await startSlack();
    const authorization = `Bearer ${token}`;
    for (const path of ["/_sandbox/calls", "/api/auth.test", "/_sandbox/faults"]) {
      const evil = { origin: "http://evil.example", authorization };
      expect(await statusOf(`${url}${path}`, evil, "POST")).toBe(403);
      expect(await statusOf(`${url}${path}`, { origin: url }, "POST")).toBe(403);
    }
    expect(await statusOf(`${url}/_sandbox/calls`, { origin: url, authorization })).toBe(200);
    expect(await statusOf(`${url}/page/main.mjs`, { origin: url })).toBe(200);
    expect(await statusOf(`${url}/page/main.mjs`, { origin: "http://evil.example" })).toBe(403);
  });

  it("The port of Slack names a path and a method that it does not have", async () => {
    const { sandbox } = await startSlack();
    expect(await sandbox("GET", "nothing")).toMatchObject({ status: 404 });
    expect(await sandbox("PUT", "faults")).toEqual({
      status: 405,
      body: { message: "/_sandbox/faults takes POST, GET, DELETE, not PUT." },
    });
  });
});

describe("the log of calls", () => {
  it("The log of calls shows each call with its arguments and its answer, from a number on", async () => {
    const { call, sandbox } = await startSlack();
    await call("auth.test");
    await call("chat.postMessage", { channel: "C0001", text: "a", blocks: [section("a")] });
    await call("users.info", { user: "U4711" });
    const { body } = await sandbox("GET", "calls?after=1");
    expect(body).toMatchObject([
      {
        seq: 2,
        at: "2026-11-25T12:00:00.000Z",
        method: "chat.postMessage",
        arguments: { channel: "C0001", text: "a" },
        answer: { ok: true, channel: "C0001" },
      },
      { seq: 3, method: "users.info", answer: { ok: false, error: "user_not_found" } },
    ]);
    expect((await sandbox("GET", "calls?after=3")).body).toEqual([]);
  });
});

describe("a fault", () => {
  it("A fault of kind outage answers 503 and does nothing, as often as it says", async () => {
    const { url, call, sandbox, state } = await startSlack();
    await sandbox("POST", "faults", { kind: "outage", method: "chat.postMessage", count: 1 });
    const message = { channel: "C0001", text: "a" };
    expect((await fetch(`${url}/api/chat.postMessage`, { method: "POST" })).status).toBe(503);
    expect(state.messages).toEqual([]);
    expect(await call("chat.postMessage", message)).toMatchObject({ ok: true });
  });

  it("A fault of kind rate-limit answers 429 with its seconds as Retry-After", async () => {
    const { call, sandbox } = await startSlack();
    await sandbox("POST", "faults", { kind: "rate-limit", seconds: 7, count: 1 });
    expect(await call("auth.test")).toMatchObject({ error: "ratelimited", retryAfter: "7" });
    expect(await call("auth.test")).toMatchObject({ ok: true });
  });

  it("A fault of kind drop does what was asked and cuts the connection", async () => {
    const { call, sandbox, state } = await startSlack();
    await sandbox("POST", "faults", { kind: "drop", count: 1 });
    await expect(call("chat.postMessage", { channel: "C0001", text: "a" })).rejects.toThrow();
    expect(state.messages).toHaveLength(1);
  });

  it("A fault of kind delay answers later", async () => {
    const { call, sandbox } = await startSlack();
    await sandbox("POST", "faults", { kind: "delay", milliseconds: 120, count: 1 });
    const start = performance.now();
    expect(await call("auth.test")).toMatchObject({ ok: true });
    expect(performance.now() - start).toBeGreaterThanOrEqual(115);
  });

  it("A fault of Slack ends after its seconds, or when all are deleted", async () => {
    const { call, sandbox, pass } = await startSlack();
    await sandbox("POST", "faults", { kind: "outage", seconds: 5 });
    expect(await call("auth.test")).toMatchObject({ error: "service_unavailable" });
    pass(5_000);
    expect(await call("auth.test")).toMatchObject({ ok: true });
    await sandbox("POST", "faults", { kind: "outage" });
    expect((await sandbox("DELETE", "faults")).body).toEqual({ faults: [] });
    expect(await call("auth.test")).toMatchObject({ ok: true });
  });

  it.each([
    [{ kind: "throttle" }, "kind is one of outage, rate-limit, delay, error, drop."],
    [{ kind: "delay" }, "A delay needs milliseconds."],
    [{ kind: "drop", milliseconds: 5 }, "A fault of kind drop takes no milliseconds."],
    [{ kind: "drop", method: "chat.meMessage" }, "The sandbox has no method chat.meMessage."],
    [{ kind: "drop", user: "U0001" }, "A fault has no member user;"],
    [{ kind: "drop", count: 0 }, "count is a whole number"],
    ["drop", "A fault is a JSON object."],
  ])("The Slack fault %j is refused by name", async (body, message) => {
    const { sandbox } = await startSlack();
    const answer = await sandbox("POST", "faults", body);
    expect(answer.status).toBe(400);
    expect((answer.body as { message: string }).message).toContain(message);
    expect((await sandbox("GET", "faults")).body).toEqual({ faults: [] });
  });
});
