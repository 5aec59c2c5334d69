/** Texts of other people in the console's page, from an API that passes on whatever they wrote. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ACCESS_KEY,
  type LoopbackApi,
  loopbackApi,
  SECRET_KEY,
  SESSION_TOKEN,
} from "../cli/loopback-api.ts";
import { aCluster, aStanding } from "../cli/sample-clusters.ts";
import { found } from "../cli/sample-findings.ts";
import { answerTo, asked, denied, idOf } from "../cli/sample-requests.ts";
import { type Browser, startBrowser } from "./browser.ts";
import { expectVerdict, goTo, show } from "./console-page.ts";
import { type ConsoleTerminal, startConsoleTerminal } from "./console-terminal.ts";

const MARKUP = [
  "<img src=x onerror=\"document.title='owned'\">",
  "<script>document.title='owned'</script>",
  "<a href='javascript:alert(1)'>look</a>",
  "javascript:alert(1)",
  "https://example.com/login",
  "</span></div><iframe src='https://example.com'></iframe>",
  "{{constructor.constructor('alert(1)')()}}",
  "<svg onload=alert(1)><style>*{display:none}</style>",
];
const HIDDEN = ["", "\u202e", "\u200b", "\u0000", "\n\r\t", "\u2066", "\u{e0041}", "\u2028"];
const ENDS = ["", "x".repeat(2_000), "-->"];

/** Two hundred, each with a mark that no other text has. */
const REASONS = MARKUP.flatMap((text) =>
  HIDDEN.flatMap((hidden) => ENDS.map((end) => `${hidden}${text}${end}`)),
)
  .concat(HIDDEN)
  .map((text, at) => `mark${at} ${text}`);

const WHO = { person: "bob", groups: ["payments-leads"], roles: ["admins", "auditors"] };
const requestWith = (reason: string, at: number) => ({
  ...answerTo(asked({ id: idOf(at) })),
  reason,
  requester: `alice${at}`,
  rule: reason,
});
const ALL = REASONS.map(requestWith);
const STEP = denied(asked());
const CLUSTER = aCluster();

/** Answers every read with hostile texts wherever people write some. */
function answerOf(path: string): object {
  if (path.startsWith("/v1/whoami")) return { ...WHO, identityArn: "arn:aws:iam::1:user/bob" };
  if (path.includes("view=to-approve")) return { requests: ALL };
  if (path.endsWith("/events"))
    return { events: [{ ...STEP.event, details: { ...STEP.event.details, note: REASONS[8] } }] };
  if (path.endsWith("/evidence")) return { calls: [], records: [], findings: [] };
  if (path.includes("/access?")) return { ...NOTHING, cluster: "prod", standingAsOf: null };
  if (/^\/v1\/requests\/\w/.test(path)) return { ...ALL[0], outcome: null };
  if (path.startsWith("/v1/access")) return { person: "bob", clusters: [], rules: [] };
  if (path.includes("/reach?at=")) return reachedBy(REASONS[8] ?? "");
  if (path.endsWith("/standing"))
    return { cluster: CLUSTER, entries: [hostileEntry(REASONS[9] ?? "")] };
  if (path.startsWith("/v1/clusters")) return { clusters: [CLUSTER] };
  if (path.includes("view=all&cluster=")) return { requests: LENT, since: null, leftOut: 0 };
  if (path.includes("view=open")) return { findings: "none that anybody could read" };
  if (path.startsWith("/v1/findings")) return { findings: [hostileFinding(REASONS[10] ?? "")] };
  if (path.startsWith("/v1/delegations")) return { delegations: [] };
  return { requests: [], access: [], unread: [] };
}

/** Grants with a text in every member that a time line shows. */
const LENT = ALL.map((request, at) => {
  const text = REASONS[at] ?? "";
  const began = new Date(Date.now() - 3_600_000).toISOString();
  return {
    ...request,
    ...{ requester: text, principalArn: text, state: "active", cluster: CLUSTER.name },
    ...{ startsAt: null, approvedAt: began, effectiveAt: began, endedAt: null },
    access: { policy: text, scope: { type: "namespace", namespaces: [text] } },
  };
});
const hostileEntry = (text: string) =>
  aStanding({ principalArn: text, readAt: new Date().toISOString(), groups: [text] });
const hostileFinding = (text: string) => ({
  ...found("outside-change", { principalArn: text, eventTime: new Date().toISOString() }),
  chain: `${CLUSTER.clusterArn}#2026-11`,
});

/** One page of a past instant, with the text wherever somebody else may have written it. */
const reachedBy = (text: string) => {
  const access = { policy: text, scope: { type: "namespace", namespaces: [text] } };
  const grant = { id: text, requester: text, principalArn: text, access, state: text };
  const times = { startsAt: null, approvedAt: null, revokeAt: null };
  return {
    ...{ cluster: CLUSTER, at: PAST, since: null, startedFrom: PAST, leftOut: 1 },
    standing: {
      reading: CLUSTER.standing,
      following: null,
      changed: [{ principalArn: text, changedAt: null }],
      unknown: text,
    },
    grants: [{ ...grant, ...times, effectiveAt: null, goneAt: null }],
    findings: [hostileFinding(text)],
    entries: [hostileEntry(text)],
  };
};
const PAST = "2026-11-24T11:00:00.000Z";

const NOTHING = {
  person: "bob",
  at: "2026-11-24T10:00:00.000Z",
  access: [],
  unread: [],
  blocks: [],
  waiting: [],
};

const environment = () => ({
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  AWS_SESSION_TOKEN: SESSION_TOKEN,
  AWS_REGION: "us-west-2",
  TIMELATCH_API: api.address,
});

/** The gateway's own answer where nothing is behind it. */
const DOWN = { status: 503, body: { message: "Service Unavailable" } };

/** The API's answer about a name that access.yaml does not have. */
const NOBODY = {
  status: 404,
  body: { type: "urn:timelatch:problem:person-not-found", title: "No such person" },
};

let isDown = false;
let api: LoopbackApi;
let browser: Browser;
let terminal: ConsoleTerminal;
let page: Page;

beforeAll(async () => {
  [api, browser] = await Promise.all([
    loopbackApi(({ path }) =>
      isDown ? DOWN : path.includes("alicx") ? NOBODY : { body: answerOf(path) },
    ),
    startBrowser(),
  ]);
  terminal = await startConsoleTerminal(environment());
  page = await browser.open(`${terminal.address}/`);
  await terminal.letIn(page);
});
afterAll(async () => {
  await browser.close();
  await terminal.stop();
  await api.close();
});

interface Strays {
  readonly attributes: readonly string[];
  readonly elements: readonly string[];
  readonly links: readonly string[];
}

/** The attributes that hold a mark, and the elements that no view of ours has. It runs in the page. */
const STRAYS = `(() => {
  const all = [...document.querySelectorAll("body *")];
  return {
    attributes: all.flatMap((element) =>
      [...element.attributes].filter(({ value }) => /mark\\d/.test(value)).map(({ name }) => name)),
    elements: all
      .filter((element) => element.matches("script, iframe, style, img:not([src='/icon.svg'])"))
      .map((element) => element.outerHTML.slice(0, 80)),
    links: [...document.links].map(({ href }) => href),
  };
})()`;

const strays = (): Promise<Strays> => page.evaluate(STRAYS);

/** A page that leaves a service worker behind, which passes everything on. */
const LEAVING: Readonly<Record<string, readonly [type: string, text: string]>> = {
  "/": [
    "text/html",
    "<script>navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready).then(() => (document.title = 'left'))</script>",
  ],
  "/worker.js": [
    "text/javascript",
    "addEventListener('fetch', (event) => event.respondWith(fetch(event.request)))",
  ],
};

describe("hostile texts in the console", () => {
  it("Two hundred hostile reasons are text alone: no markup, no attribute, no link", async () => {
    expect(REASONS.length).toBe(200);
    await show(page, "decide", "To decide");
    await page.getByText("mark199").first().waitFor();
    const { attributes, elements, links } = await strays();
    expect({ attributes, elements }).toEqual({ attributes: [], elements: [] });
    expect(links.length).toBeGreaterThan(200);
    expect(links.filter((href) => !href.startsWith(`${terminal.address}/#/`))).toEqual([]);
    const text = (await page.locator("main").textContent()) ?? "";
    for (const at of REASONS.keys()) expect(text).toContain(`mark${at} `);
    // The terminal's own table: hidden characters are written out.
    expect(text).not.toMatch(/[\u202e\u200b\u2066\u2028]|\u{e0041}/u);
    expect(text).toContain("\\u{202e}<img");
  });

  it("The same holds for one request, its facts and its history", async () => {
    await show(page, `requests/${idOf(0)}`, /^alice0/);
    await page.getByText("mark8").first().waitFor();
    expect(await strays()).toMatchObject({ attributes: [], elements: [] });
    expect(await page.title()).not.toContain("owned");
  });

  it("The same holds for a cluster's time line, its drawing and its table", async () => {
    await show(page, "time-line", "Cluster time line");
    const next = page.getByRole("button", { name: /^Next page of/ });
    await next.waitFor();
    const texts: (string | null)[] = [];
    for (let isLast = false; !isLast; ) {
      const { links, ...rest } = await strays();
      expect(rest).toEqual({ attributes: [], elements: [] });
      expect(links.filter((href) => !href.startsWith(`${terminal.address}/#/`))).toEqual([]);
      texts.push(await page.locator("main").textContent());
      isLast = await next.isDisabled();
      if (!isLast) await next.click();
    }
    const text = texts.join();
    for (const at of REASONS.keys()) expect(text).toContain(`mark${at} `);
    expect(text).not.toMatch(/[\u202e\u200b\u2066\u2028]|\u{e0041}/u);
  });

  it("The same holds for who could reach a cluster at an instant", async () => {
    await show(page, `clusters/prod/at/${PAST}`, "Who can reach what");
    await page.getByText("mark8").first().waitFor();
    const { links, ...rest } = await strays();
    expect(rest).toEqual({ attributes: [], elements: [] });
    expect(links.filter((href) => !href.startsWith(`${terminal.address}/#/`))).toEqual([]);
    const text = (await page.locator("main").textContent()) ?? "";
    expect(text).not.toMatch(/[\u202e\u200b\u2066\u2028]|\u{e0041}/u);
  });

  it("A name that access.yaml does not have is said", async () => {
    const typed = "alicx";
    const said = `access.yaml does not name ${typed}, so only grants were looked for.`;
    await expectVerdict(page, typed, said);
    expect((await strays()).elements).toEqual([]);
  });

  it("An answer that the page does not understand fails its view, and the menu stays", async () => {
    await goTo(page, "findings");
    await page.getByText("This view cannot be shown").waitFor();
    await show(page, "decide", "To decide");
    await page.getByText("mark0").first().waitFor();
  });

  it("While the API is down the page says since when, keeps what it read, and goes on by itself", async () => {
    await show(page, "decide", "To decide");
    await page.getByText("mark0").first().waitFor();
    isDown = true;
    await page.getByText("Below is what was read before that.").first().waitFor();
    await page
      .getByText(/^Since/)
      .first()
      .waitFor();
    expect(await page.getByText("mark0").count()).toBeGreaterThan(0);
    isDown = false;
    await page
      .getByText("Below is what was read before that.")
      .first()
      .waitFor({ state: "detached" });
  });

  it("The page has its own font, which is a file of the console", async () => {
    const loaded = `[...document.fonts].filter(({ status }) => status === "loaded").length`;
    expect(await page.evaluate(loaded)).toBeGreaterThan(0);
  });

  it("Nothing of it broke the page's policy", () => {
    // One view failed by what it read, a person was not found, and the API was down, as above.
    const expected = /reading 'slice'|status of (404|503)/;
    expect(browser.errors().filter((error) => !expected.test(error))).toEqual([]);
  });
});

/** A page of somebody else on another port of 127.0.0.1. */
async function otherPage(pages: Readonly<Record<string, readonly [type: string, text: string]>>) {
  const server = createServer(({ url = "" }, response) => {
    const [type, text] = pages[url] ?? ["text/plain", ""];
    response.writeHead(200, { "content-type": type }).end(text);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    page: await browser.open(`http://127.0.0.1:${port}/`),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

describe("other pages on the same machine", () => {
  it("A page on another port can neither frame the console nor call it", async () => {
    const frame = `<iframe src="${terminal.address}/"></iframe>`;
    const other = await otherPage({ "/": ["text/html", frame] });
    const calls = api.calls.length;
    const framed = other.page.frames()[1];
    expect(await framed?.getByText(/\d{6}/).count()).toBe(0);
    expect(await framed?.evaluate("document.scripts.length")).not.toBe(1);
    const call = (init: string) =>
      other.page.evaluate(
        `fetch("${terminal.address}/launch", ${init}).then(({ status, type }) => status || type, String)`,
      );
    expect(await call(`{ method: "POST" }`)).toMatch(/Failed to fetch/);
    expect(await call(`{ method: "POST", mode: "no-cors" }`)).toMatch(/Failed to fetch/);
    expect(api.calls.length).toBe(calls);
    await other.page.close();
    await other.close();
  });

  it("A service worker that an earlier holder of the port left is gone before the page shows digits", async () => {
    const other = await otherPage(LEAVING);
    const { page: victim, port } = other;
    await victim.waitForFunction(`document.title === "left"`);
    await other.close();
    const console_ = await startConsoleTerminal(environment(), `--port ${port}`);
    await victim.goto(`${console_.address}/`);
    // Whichever comes first: the answer that ends the worker, or the page that does not start under it.
    await victim.getByText(/^(\d{6}|The console does not start here)$/).waitFor();
    await victim.goto("about:blank");
    await victim.goto(`${console_.address}/`);
    await victim.getByText(/^\d{6}$/).waitFor();
    expect(await victim.evaluate("navigator.serviceWorker.controller")).toBeNull();
    const left = "navigator.serviceWorker.getRegistrations().then(({ length }) => length)";
    expect(await victim.evaluate(left)).toBe(0);
    await victim.close();
    await console_.stop();
  });
});
