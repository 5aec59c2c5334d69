/** The gate before the console's routes, by calls that no page of its own makes. */
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LONGEST_BODY, TOKEN_HEADER } from "../../../cli/console/gate.ts";
import { HEADERS } from "../../../cli/console/headers.ts";
import { CONSOLE_ROUTES, type Route } from "../../../cli/console/routes.ts";
import { type Knock, knock, letIn, type RunningConsole, runConsole } from "./running-console.ts";

const ID = "019aaaaa-0000-7000-8000-000000000001";
let console_: RunningConsole;

beforeAll(async () => {
  console_ = await runConsole(() => ({ body: {} }));
  await letIn(console_);
});
afterAll(() => console_.close());

const pathOf = ({ path }: Route): string =>
  path
    .replace("{id}", ID)
    .replace("{delegationId}", ID)
    .replace("{findingId}", "0123456789abcdef")
    .replace("{name}", "alice");

/** A call that the gate lets through. */
function right(route: Route): Knock {
  const { origin, ...page } = console_.page();
  const isGet = route.method === "GET";
  const headers = { ...page, ...(isGet ? {} : { origin: origin ?? "" }) };
  const takesBody = route.method === "POST" && route.need === "token";
  return {
    method: route.method,
    path: pathOf(route),
    headers: takesBody ? { ...headers, "content-type": "application/json" } : headers,
    ...(takesBody ? { body: "{}" } : {}),
  };
}

const without = (call: Knock, name: string): Knock => ({
  ...call,
  headers: Object.fromEntries(Object.entries(call.headers ?? {}).filter(([key]) => key !== name)),
});
const withHeader = (call: Knock, name: string, value: string): Knock => ({
  ...call,
  headers: { ...call.headers, [name]: value },
});

const guarded = CONSOLE_ROUTES.filter(({ need }) => need === "token");
const changing = CONSOLE_ROUTES.filter(({ method }) => method !== "GET");
const taking = guarded.filter(({ method }) => method === "POST");
const EARLIER = "A".repeat(43);

/** Each makes a wrong call of a right one. */
const HOSTILE: readonly {
  readonly what: string;
  readonly routes: readonly Route[];
  readonly spoil: (call: Knock) => Knock;
  readonly status: number;
}[] = [
  {
    what: "the host localhost",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "host", `localhost:${console_.port}`),
    status: 421,
  },
  {
    what: "the host [::1]",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "host", `[::1]:${console_.port}`),
    status: 421,
  },
  {
    what: "another port as its host",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "host", `127.0.0.1:${console_.port + 1}`),
    status: 421,
  },
  {
    what: "a name of a DNS that leads here",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "host", `rebound.example.com:${console_.port}`),
    status: 421,
  },
  {
    what: "an absolute target",
    routes: CONSOLE_ROUTES,
    spoil: (call) => ({ ...call, path: `http://127.0.0.1:${console_.port}${call.path}` }),
    status: 400,
  },
  {
    what: "a WebSocket upgrade",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(withHeader(call, "connection", "upgrade"), "upgrade", "websocket"),
    status: 0,
  },
  {
    what: "OPTIONS",
    routes: CONSOLE_ROUTES,
    spoil: (call) => ({ ...call, method: "OPTIONS" }),
    status: 405,
  },
  {
    what: "PUT",
    routes: CONSOLE_ROUTES,
    spoil: (call) => ({ ...call, method: "PUT" }),
    status: 405,
  },
  {
    what: "another site",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "sec-fetch-site", "cross-site"),
    status: 403,
  },
  {
    what: "a page on another port of 127.0.0.1",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "sec-fetch-site", "same-site"),
    status: 403,
  },
  {
    what: "another origin",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "origin", `http://127.0.0.1:${console_.port + 1}`),
    status: 403,
  },
  {
    what: "the origin of a frame without one",
    routes: CONSOLE_ROUTES,
    spoil: (call) => withHeader(call, "origin", "null"),
    status: 403,
  },
  {
    what: "no origin, though it changes something",
    routes: changing,
    spoil: (call) => without(call, "origin"),
    status: 403,
  },
  {
    what: "no token",
    routes: guarded,
    spoil: (call) => without(call, TOKEN_HEADER),
    status: 401,
  },
  {
    what: "the token of an earlier process",
    routes: guarded,
    spoil: (call) => withHeader(call, TOKEN_HEADER, EARLIER),
    status: 401,
  },
  {
    what: "a form's content type",
    routes: taking,
    spoil: (call) => withHeader(call, "content-type", "application/x-www-form-urlencoded"),
    status: 415,
  },
  {
    what: "no content type",
    routes: taking,
    spoil: (call) => without(call, "content-type"),
    status: 415,
  },
  {
    what: "a body of 20 KB",
    routes: taking,
    spoil: (call) => ({ ...call, body: JSON.stringify({ note: "x".repeat(20_000) }) }),
    status: 413,
  },
  {
    what: "a body without a length",
    routes: taking,
    spoil: ({ body: _, ...call }) => withHeader(call, "transfer-encoding", "chunked"),
    status: 411,
  },
];

const WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)";
const OF_SAFARI = {
  accept: "*/*",
  "accept-encoding": "gzip, deflate",
  "accept-language": "en-GB,en;q=0.9",
};

/** How a browser's calls differ from those of Chromium. */
const BROWSERS: readonly { readonly name: string; readonly as: (call: Knock) => Knock }[] = [
  { name: "Chromium", as: (call) => call },
  {
    name: "Safari 18",
    as: (call) => ({
      ...call,
      headers: {
        ...{ ...call.headers, ...OF_SAFARI, priority: "u=3, i" },
        ...{ "sec-fetch-dest": "empty", "sec-fetch-mode": "cors" },
        "user-agent": `${MAC} ${WEBKIT} Version/18.5 Safari/605.1.15`,
      },
    }),
  },
  {
    // The last one without Fetch Metadata: https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
    name: "Safari 16.3",
    as: (call) => {
      const { headers, ...rest } = without(call, "sec-fetch-site");
      const userAgent = `${MAC} ${WEBKIT} Version/16.3 Safari/605.1.15`;
      return { ...rest, headers: { ...headers, ...OF_SAFARI, "user-agent": userAgent } };
    },
  },
];

describe("the console's gate", () => {
  it.each(BROWSERS)(
    "The gate lets each call of the console's own page in $name through",
    async ({ as }) => {
      const quiet = CONSOLE_ROUTES.filter(
        ({ need, operation }) => need !== "digits" && !ASKS.has(operation ?? ""),
      );
      for (const route of quiet) {
        const { status } = await knock(console_.port, as(right(route)));
        // A request that this page was not shown is not decided.
        const expected = route.operation === "decideRequest" ? 409 : 200;
        expect([route.path, status]).toEqual([route.path, expected]);
      }
    },
  );

  it.each(HOSTILE)(
    "No route of the console takes a call with $what",
    async ({ routes, spoil, status }) => {
      const before = console_.api.calls.length;
      expect(routes.length).toBeGreaterThan(0);
      for (const route of routes) {
        const call = spoil(right(route));
        const answer = await knock(console_.port, call).catch(() => undefined);
        expect([route.path, answer?.status ?? 0]).toEqual([route.path, status]);
      }
      expect(console_.api.calls.length).toBe(before);
    },
  );

  it("A header that decides and is sent twice is taken for none", async () => {
    const { port } = console_;
    const token = console_.page()[TOKEN_HEADER] ?? "";
    const twice = (name: string, value: string) =>
      raw(port, [
        `GET /session HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        `${TOKEN_HEADER}: ${token}`,
        `${name}: ${value}`,
      ]);
    expect(await twice("Host", `127.0.0.1:${port}`)).toMatch(/^HTTP\/1\.1 4(00|21)/);
    expect(await twice(TOKEN_HEADER, token)).toMatch(/^HTTP\/1\.1 401/);
    expect(await twice("Accept", "*/*")).toMatch(/^HTTP\/1\.1 200/);
  });

  it("A navigation from the address bar gets the page, and nothing else", async () => {
    const headers = { "sec-fetch-site": "none" };
    expect(await knock(console_.port, { path: "/", headers })).toMatchObject({ status: 200 });
    const session = { ...headers, [TOKEN_HEADER]: console_.page()[TOKEN_HEADER] ?? "" };
    expect(await knock(console_.port, { path: "/session", headers: session })).toMatchObject({
      status: 403,
    });
  });

  it.each([
    "/api/v1/audit/events",
    "/api/v1/audit/records",
    "/api/v1/openapi.json",
    "/api/v1/nothing",
    "/api/v1/requests/../drain",
    "/api/v1/requests/not-an-id",
    `/api/v1/requests/${ID}%2fdecision`,
    "/console.js/",
    "/..%2fpackage.json",
  ])("The console forwards nothing for %s", async (path) => {
    const before = console_.api.calls.length;
    expect(await knock(console_.port, { path, headers: console_.page() })).toMatchObject({
      status: 404,
    });
    expect(console_.api.calls.length).toBe(before);
  });

  it("A query that the operation does not take is refused, and one that it takes is built from its parameters", async () => {
    const ask = (path: string) => knock(console_.port, { path, headers: console_.page() });
    expect(await ask("/api/v1/requests?view=mine&view=mine")).toMatchObject({ status: 400 });
    expect(await ask("/api/v1/requests?person=bob")).toMatchObject({ status: 400 });
    expect(await ask("/api/v1/requests?view=a%26limit%3D1")).toMatchObject({ status: 200 });
    expect(console_.api.calls.at(-1)).toMatchObject({
      path: "/v1/requests?view=a%26limit%3D1",
      signed: true,
    });
    expect(await ask("/api/v1/people/Ad%C3%A9la%20X/access")).toMatchObject({ status: 200 });
    expect(console_.api.calls.at(-1)).toMatchObject({ path: "/v1/people/Ad%C3%A9la%20X/access" });
  });

  it("Every answer carries every header of the policy, a refusal too", async () => {
    for (const path of ["/", "/session", "/nothing"]) {
      const { headers } = await knock(console_.port, { path, headers: console_.page() });
      expect(headers).toMatchObject(HEADERS);
    }
    expect(HEADERS["content-security-policy"]).toContain("require-trusted-types-for 'script'");
    expect(HEADERS["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  it("Only the first answer with the page clears what another program left in the browser", async () => {
    const fresh = await runConsole(() => ({ body: {} }));
    const first = await knock(fresh.port, { path: "/" });
    const second = await knock(fresh.port, { path: "/" });
    expect(first.headers["clear-site-data"]).toBe('"storage"');
    expect(second.headers["clear-site-data"]).toBeUndefined();
    await fresh.close();
  });

  it("The answer to a wrong Host names the right address, and how to reach it through SSH", async () => {
    const { body } = await knock(console_.port, { path: "/", headers: { host: "localhost" } });
    expect(JSON.parse(body).detail).toContain(`http://127.0.0.1:${console_.port}/`);
    expect(JSON.parse(body).detail).toContain(`ssh -L ${console_.port}:127.0.0.1:${console_.port}`);
  });

  it("The longest body is shorter than one of 20 KB", () => {
    expect(LONGEST_BODY).toBeLessThan(20_000);
  });
});

/** Operations that ask in the terminal: other tests answer there. */
const ASKS: ReadonlySet<string> = new Set([
  "escalateRequest",
  "extendGrant",
  "createDelegation",
  "liftSuspension",
  "liftDrain",
  "drain",
]);

/** Sends lines as they are, and answers the first part of what comes back. */
function raw(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`${[...lines, "Connection: close", "", ""].join("\r\n")}`),
    );
    let said = "";
    socket.setEncoding("utf8").on("data", (part: string) => {
      said += part;
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(said));
  });
}
