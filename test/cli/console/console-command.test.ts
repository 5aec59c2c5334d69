/** `timelatch console` from its start to its end. */

import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { idleEnd, openConsole } from "../../../cli/commands/console.ts";
import { parseView } from "../../../cli/program/console.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { FILES, knock, letIn, runConsole, WHO } from "./running-console.ts";

const MINE = { method: "GET", path: "/api/v1/requests?view=mine" } as const;
const setting = { files: async () => FILES, browse: async () => true, idle: () => idleEnd() };

describe("timelatch console", () => {
  it("The console needs a terminal, since it asks there whom to let in", async () => {
    const { context } = fakeTerminal();
    await expect(openConsole(context, {}, setting)).rejects.toMatchObject({ code: "no-terminal" });
  });

  it("A port that is taken is refused, and nothing is started", async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, "127.0.0.1", done));
    const { port } = taken.address() as AddressInfo;
    const console_ = await runConsole(() => ({ body: {} }), { port });
    expect(await console_.ended).toMatchObject({ code: "port-taken" });
    await console_.close();
    taken.close();
  });

  it("Without a browser, the terminal says to open the address", async () => {
    const console_ = await runConsole(() => ({ body: {} }), {
      open: "requests/019aaaaa-0000-7000-8000-000000000001",
    });
    expect(console_.err()).toContain("No browser could be started");
    expect(console_.err()).toContain(
      `:${console_.port}/#/requests/019aaaaa-0000-7000-8000-000000000001`,
    );
    await console_.close();
  });

  it("It ends when nobody has pressed anything for its time, whatever the page polls", async () => {
    const console_ = await runConsole(() => ({ body: { requests: [] } }), { idleMs: 60 });
    let isOver = false;
    void console_.ended.then(() => {
      isOver = true;
    });
    await letIn(console_).catch(() => undefined);
    // A page that polls keeps nothing alive: else this would never end.
    while (!isOver)
      await knock(console_.port, { ...MINE, headers: console_.page() }).catch(() => undefined);
    expect(await console_.ended).toBeUndefined();
    expect(console_.err()).toContain("Nobody used the console for an hour");
    await console_.close();
  });

  it("Ctrl-C is how it ends: it says so, and is no failure", async () => {
    const console_ = await runConsole(() => ({ body: {} }));
    await console_.person.press("", "\u0003");
    expect(await console_.ended).toBeUndefined();
    expect(console_.err()).toContain("The console has ended.");
    await console_.close();
  });

  it("A press in the page puts the end off", () => {
    const idle = idleEnd(1_000_000);
    const before = idle.over;
    idle.active();
    expect(idle.over).toBe(before);
    idle.stop();
  });

  it("Credentials that change to somebody else's end it, and nothing is sent with them", async () => {
    const console_ = await runConsole((call) =>
      call.path === "/v1/whoami"
        ? { body: { ...WHO, person: "alice" } }
        : { body: { requests: [] } },
    );
    await letIn(console_);
    expect(await knock(console_.port, { ...MINE, headers: console_.page() })).toMatchObject({
      status: 200,
    });
    console_.keys.accessKeyId = "AKIDSOMEBODY";
    const next = knock(console_.port, { path: "/api/v1/access", headers: console_.page() });
    expect((await next.catch(() => ({ status: 403 }))).status).toBe(403);
    expect(await console_.ended).toMatchObject({ code: "another-person" });
    expect(console_.api.calls.map(({ path }) => path)).toEqual([
      "/v1/whoami",
      "/v1/requests?view=mine",
      "/v1/whoami",
    ]);
    await console_.close();
  });

  it("A new access key of the same person has to answer whoami before anything is sent with it", async () => {
    const console_ = await runConsole((call) => ({ body: call.path === "/v1/whoami" ? WHO : {} }));
    await letIn(console_);
    console_.keys.accessKeyId = "AKIDRENEWED";
    const ask = (path: string) => knock(console_.port, { path, headers: console_.page() });
    expect(await ask("/api/v1/access")).toMatchObject({ status: 200 });
    expect(await ask("/api/v1/clusters")).toMatchObject({ status: 200 });
    const paths = console_.api.calls.map(({ path }) => path);
    expect(paths).toEqual(["/v1/whoami", "/v1/whoami", "/v1/access", "/v1/clusters"]);
    await console_.close();
  });

  it("Credentials that expired are said with what signs in again, and it goes on once they work", async () => {
    let works = true;
    const console_ = await runConsole(() =>
      works
        ? { body: { clusters: [] } }
        : {
            status: 403,
            body: { message: "The security token included in the request is expired" },
          },
    );
    await letIn(console_);
    works = false;
    const ask = () => knock(console_.port, { path: "/api/v1/clusters", headers: console_.page() });
    const refused = await ask();
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({
      type: "urn:timelatch:cli:credentials-not-accepted",
      next: [
        expect.stringContaining("aws sso login"),
        expect.any(String),
        expect.any(String),
        expect.any(String),
      ],
    });
    works = true;
    expect(await ask()).toMatchObject({ status: 200 });
    await console_.close();
  });

  it("Equal reads that come close together reach the API once", async () => {
    const console_ = await runConsole(() => ({ body: { requests: [] } }));
    await letIn(console_);
    const asks = Array.from({ length: 4 }, () =>
      knock(console_.port, { ...MINE, headers: console_.page() }),
    );
    expect((await Promise.all(asks)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(console_.api.calls.length).toBe(2);
    await console_.close();
  });

  it("Nothing that the page is sent holds a key, a token or a signature of AWS", async () => {
    const console_ = await runConsole(() => ({ body: {} }));
    await letIn(console_);
    const said = [];
    for (const path of ["/", "/session", "/api/v1/access"]) {
      const { body, headers } = await knock(console_.port, { path, headers: console_.page() });
      said.push(body, JSON.stringify(headers));
    }
    expect(said.join("\n")).not.toMatch(/AKID|wJalr|a-session-token|AWS4-HMAC|Signature=/);
    await console_.close();
  });
});

describe("the view that --open takes", () => {
  it.each(["mine", "decide", "requests/019aaaaa-0000-7000-8000-000000000001"])(
    "--open %s is taken",
    (view) => expect(parseView(view)).toBe(view),
  );

  it.each([
    "",
    "mine/",
    "requests/",
    "requests/1",
    "requests/019aaaaa-0000-7000-8000-000000000001?a=1",
    "https://example.com",
    "ask?cluster=prod",
  ])("--open %j is refused", (view) => expect(() => parseView(view)).toThrow("requests/<id>"));
});
