/** The console in browsers, with four people at once and one sandbox. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiPerson, editIn } from "./api-person.ts";
import { type Browser, startBrowser } from "./browser.ts";
import { callerKeys } from "./caller-keys.ts";
import { expectAccessible, expectAlices, goTo, show, type Watched, watch } from "./console-page.ts";
import { type ConsoleTerminal, startConsoleTerminal } from "./console-terminal.ts";
import { startFirefox } from "./firefox.ts";
import {
  profileEnvironment,
  profileKeys,
  type SandboxProcess,
  startSandboxProcess,
} from "./sandbox-process.ts";

const PEOPLE = ["alice", "bob", "carol", "dave"] as const;

/** Somebody at a terminal and a browser. */
interface Seat {
  readonly terminal: ConsoleTerminal;
  readonly page: Page;
  readonly watched: Watched;
}

let sandbox: SandboxProcess;
let browser: Browser;
/** The id of the break-glass. */
let glass = "";
/** An instant at which it was active. */
let duringGlass = "";
const seats = {} as Record<(typeof PEOPLE)[number], Seat>;

beforeAll(async () => {
  [sandbox, browser] = await Promise.all([
    startSandboxProcess(["--dir", mkdtempSync(path.join(tmpdir(), "console-"))]),
    startBrowser(),
  ]);
  await Promise.all(
    PEOPLE.map(async (name) => {
      const terminal = await startConsoleTerminal(profileEnvironment(sandbox, name));
      const page = await browser.open("about:blank");
      const watched = watch(page);
      await page.goto(`${terminal.address}/`);
      await terminal.letIn(page);
      seats[name] = { terminal, page, watched };
    }),
  );
});
afterAll(async () => {
  await browser.close();
  await Promise.all(Object.values(seats).map(({ terminal }) => terminal.stop()));
  await sandbox.stop();
});

const HOSTILE =
  "INC-4711 <img src=x onerror=\"document.title='owned'\"> <a href='javascript:alert(1)'>x</a> https://example.com";

/** Fills the form, and waits until its preview says that it is allowed. */
async function fillForm(page: Page, over: Readonly<Record<string, string>>): Promise<void> {
  await show(page, "ask", "Ask for access");
  await page.getByRole("button", { name: /^Cluster/ }).click();
  await page.getByRole("option", { name: "prod" }).click();
  await page.getByRole("button", { name: /^Access/ }).click();
  await page.getByRole("option", { name: over["access"] ?? "Edit in namespaces" }).click();
  const field = (name: string) => page.getByRole("textbox", { name });
  await field("Namespaces").fill(over["namespaces"] ?? "payments-api");
  await field("For how long").fill(over["duration"] ?? "45s");
  await field("Why").fill(over["reason"] ?? "INC-4711 stuck rollout");
}

/** A busy machine takes its time. */
const PATIENCE = { timeout: 60_000 };

/** How much of the bar is left, in percent. */
const left = async (page: Page) =>
  Number(await page.getByRole("progressbar").first().getAttribute("aria-valuenow"));

describe("the console", () => {
  it("A form says why something is not allowed, and then who is asked", async () => {
    const { page } = seats.alice;
    await fillForm(page, { namespaces: "payments-api, payments-web", reason: "no ticket at all" });
    await page.getByText("Not allowed", { exact: true }).waitFor();
    await page
      .getByText(/ticket/)
      .first()
      .waitFor();
    await page.getByRole("textbox", { name: "Why" }).fill(HOSTILE);
    await page.getByText("Allowed under the rule payments-edit, once it is approved").waitFor();
    await expectAccessible(page, "the form and its preview");
    await page.getByText("bob of payments-leads").waitFor();
    await page.getByRole("button", { name: /^Ask for edit in payments-api/ }).click();
    await page.getByText("Asked for by alice").waitFor();
  });

  it("An approver sees what waits in the title, looks, and approves for less", async () => {
    const { page } = seats.bob;
    await show(page, "decide", "To decide");
    await page.getByRole("link", { name: "Look at it and decide" }).click();
    await expect.poll(() => page.title(), PATIENCE).toMatch(/^\(1\) /);
    await page.getByRole("heading", { name: "alice on prod now" }).waitFor();
    await page.getByRole("checkbox", { name: "payments-web" }).uncheck();
    await page.getByRole("button", { name: "Approve for less" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Asked for: edit in payments-api, payments-web, 45s.").waitFor();
    await expectAccessible(page, "the dialog of a decision");
    await dialog
      .getByRole("button", { name: "Approve edit in payments-api for alice, 45s" })
      .click();
    await dialog.waitFor({ state: "detached" });
    await page.getByText("Approved by bob").waitFor();
  });

  it("The requester's bar shrinks, beside the line that uses the access", async () => {
    const { page } = seats.alice;
    await show(page, "mine", "Mine");
    await page.getByRole("progressbar").waitFor();
    await page.getByText("kubectl --context timelatch-prod get pods").waitFor();
    const before = await left(page);
    await expect.poll(() => left(page), PATIENCE).toBeLessThan(before);
  });

  it("A reason is text alone wherever it is shown: no markup, no link, no script", async () => {
    for (const { page } of [seats.alice, seats.bob]) {
      await show(page, "mine", "Mine");
      await page.goBack();
      expect(await page.locator("img:not([src='/icon.svg'])").count()).toBe(0);
      expect(await page.locator("a:not([href^='#/'])").count()).toBe(0);
      expect(await page.title()).not.toContain("owned");
    }
  });

  it("A break-glass begins once the terminal has agreed to its terms, and not before", async () => {
    const { page, terminal } = seats.alice;
    // Long enough for a slow machine to press Return before its end.
    const over = { access: "Admin in namespaces", duration: "5m" };
    await fillForm(page, { ...over, reason: "INC-4712 all payments fail" });
    await page.getByRole("button", { name: /^Rule/ }).click();
    await page.getByRole("option", { name: "payments-break-glass (break-glass)" }).click();
    await page.getByText("Allowed at once, under the rule payments-break-glass").waitFor();
    await page.getByRole("button", { name: /^Ask for admin/ }).click();
    await page.getByText("or for your word in the terminal").waitFor();
    const [, word = ""] = await terminal.said(/The rule is break-glass[\s\S]*Type (\d\d) to agree/);
    expect(page.url()).not.toContain("requests/");
    terminal.type(word);
    await page.getByText(/^Access is active, /).waitFor();
    glass = page.url().split("/").at(-1) ?? "";
    duringGlass = new Date().toISOString();
    await page.getByRole("button", { name: "Return" }).click();
    await page.getByRole("button", { name: /^Return admin in payments-api/ }).click();
    await page.getByText(/^Over, /).waitFor();
  });

  it("What was asked for at once is approved by one dialog, the most powerful first", async () => {
    const alice = apiPerson(sandbox, "alice");
    // Later, so that the requester takes it back before it begins.
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    const part = (policy: string) => ({
      cluster: "prod",
      access: { policy, scope: { type: "namespace", namespaces: ["payments-web"] } },
      reason: "INC-4713 two things",
      startsAt,
    });
    const requests = ["AmazonEKSViewPolicy", "AmazonEKSEditPolicy"].map(part);
    const made = (await alice.post("/v1/asks", { requests })).body.requests;
    const { page } = seats.bob;
    await goTo(page, `requests/${made[0].id}`);
    await page.getByRole("link", { name: /^edit in payments-web on prod/ }).waitFor();
    await expectAccessible(page, "asked for at once");
    await page.getByRole("button", { name: "Approve all 2" }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("listitem").allTextContents()).toMatchObject([
      expect.stringMatching(/^edit in payments-web on prod for alice/),
      expect.stringMatching(/^view in payments-web on prod for alice/),
    ]);
    await dialog.getByRole("button", { name: "Approve all 2" }).click();
    await dialog.waitFor({ state: "hidden" });
    for (const { id } of made) {
      expect((await alice.get(`/v1/requests/${id}`)).body.state).toBe("approved");
      expect((await alice.post(`/v1/requests/${id}/cancel`, {})).status).toBe(200);
    }
  });

  it("In Firefox the digits let in, an approver approves, and a page on another port reaches nothing", async () => {
    const alice = apiPerson(sandbox, "alice");
    const startsAt = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await alice.ask({ access: editIn("payments-web"), startsAt });
    const [terminal, firefox] = await Promise.all([
      startConsoleTerminal(profileEnvironment(sandbox, "bob")),
      startFirefox(),
    ]);
    await firefox.goTo(`${terminal.address}/`);
    terminal.type((await firefox.shows(/^\d{6}$/m))[0]);
    await firefox.shows(/^Mine$/m);
    await firefox.goTo(`${terminal.address}/#/requests/${id}`);
    await firefox.shows(/No access there is known/);
    await firefox.press({ role: "button", name: "Approve" });
    const name = "Approve edit in payments-web for alice, 30s";
    await firefox.press({ role: "button", name });
    await firefox.shows(/Approved by bob/);
    expect((await alice.get(`/v1/requests/${id}`)).body.state).toBe("approved");
    expect(firefox.errors()).toEqual([]);
    await firefox.goTo(`${seats.carol.terminal.address}/`);
    const call = `fetch("${terminal.address}/launch", { method: "POST", mode: "no-cors" })`;
    expect(await firefox.evaluate(`${call}.then(({ type }) => type, String)`)).toMatch(
      /NetworkError/,
    );
    await firefox.close();
    await terminal.stop();
    await alice.post(`/v1/requests/${id}/cancel`, {});
  });

  it("A reviewer finds the break-glass, and closes its review", async () => {
    const { page } = seats.carol;
    await show(page, "decide", "To decide");
    await page.getByRole("link", { name: "Look at it and close the review" }).click();
    await page.getByRole("button", { name: "Close the review" }).click();
    await page.getByLabel("What the access was used for").fill("Restarted the payments API.");
    await page.getByRole("button", { name: /^Close the review of alice/ }).click();
    await page.getByText("Review closed by carol").waitFor();
  });

  it("An auditor reads the calls to EKS and what CloudTrail says of them", async () => {
    const { page } = seats.dave;
    await page.getByLabel("Find a request by its id").fill(glass);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Calls to EKS/ }).waitFor();
    await page.getByText("AssociateAccessPolicy").first().waitFor();
    await page
      .getByText(/^confirmed /)
      .first()
      .waitFor();
    await page.getByText(/^timelatch audit bundle /).waitFor();
  });

  it("An auditor sees who had access when, as bars and as a table, and what no list knows", async () => {
    const { page } = seats.dave;
    await show(page, "time-line/prod", "Cluster time line");
    const row = page.getByRole("row", { name: /alice Grant, ended: admin in payments-api admin/ });
    await row.waitFor();
    const bar = page.locator(`svg a[href="#/requests/${glass}"]`);
    expect(await bar.locator("rect.bar.power-admin").count()).toBe(1);
    expect(await bar.locator("title").textContent()).toMatch(/^admin in payments-api, ended: /);
    await row.getByRole("link", { name: "Look at it" }).waitFor();
    await page.getByText(/^The list of grants begins at /).waitFor();
    await page.getByRole("button", { name: /^How much is shown/ }).click();
    await page.getByRole("option", { name: "1 hour" }).click();
    await row.waitFor();
    for (let half = 0; half < 3; half += 1)
      await page.getByRole("button", { name: "Earlier" }).click();
    await page.getByText("The lists have no entry of this time.").waitFor();
    await page.getByRole("button", { name: "Now" }).click();
    await row.waitFor();
  });

  it("An auditor sees who could reach a cluster at an instant, and what nobody knows of then", async () => {
    const { page } = seats.dave;
    await show(page, "", "Who can reach what");
    const instant = page.getByRole("textbox", { name: "Instant" });
    await instant.fill("friday");
    await page.getByRole("button", { name: "Look" }).click();
    await page.getByText('"friday" has none of the forms below.').waitFor();
    expect(await page.getByRole("heading", { name: /^Access now/ }).count()).toBe(0);
    await instant.fill(duringGlass);
    await page.keyboard.press("Enter");
    const row = page.getByRole("row", { name: /admin alice grant, active since/ });
    await row.getByRole("link", { name: "Look at it" }).waitFor();
    await page.getByText(/^The list of grants begins at /).waitFor();
    expect(page.url()).toContain(`#/clusters/prod/at/${duringGlass}`);
    expect(await instant.inputValue()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC$/);
    await expectAlices(page, row);
    await expectAccessible(page, "an instant of the past");
    await page.getByRole("link", { name: "The time line around that instant" }).click();
    await page.getByText(/^The solid line is at /).waitFor();
    await page.goBack();
    await page.goBack();
    await page.getByRole("heading", { name: /^Access now/ }).waitFor();
    await page.getByRole("link", { name: "Cluster time line" }).click();
    await page.getByRole("button", { name: /^Cluster.*prod/ }).waitFor();
  });

  it("An auditor finds who may ask and who must agree by a rule that is not their own", async () => {
    const { page } = seats.dave;
    await show(page, "policy", "Policy");
    await page.getByRole("heading", { name: /^Every rule/ }).waitFor();
    await page.getByRole("searchbox", { name: "Find rules" }).fill("alice");
    await page.getByRole("button", { name: /^payments-edit/ }).click();
    await page.getByText("bob of payments-leads").first().waitFor();
    await expectAccessible(page, "every rule");
  });

  it("A reload goes on, another tab of the console needs no digits, and Back leads back", async () => {
    const { page, terminal } = seats.bob;
    await show(page, "policy", "Policy");
    await page.reload();
    await page.getByRole("heading", { level: 1, name: "Policy" }).waitFor();
    const tab = await page.context().newPage();
    await tab.goto(`${terminal.address}/#/mine`);
    await tab.getByRole("heading", { level: 1, name: "Mine" }).waitFor();
    await tab.close();
    await show(page, "mine", "Mine");
    await page.goBack();
    await page.getByRole("heading", { level: 1, name: "Policy" }).waitFor();
  });

  const VIEWS = [
    ["mine", "Mine"],
    ["ask", "Ask for access"],
    ["decide", "To decide"],
    ["policy", "Policy"],
  ] as const;
  const OF_ADMINS = [
    ...VIEWS,
    ["time-line/prod", "Cluster time line"],
    ["clusters/prod", "Who can reach what"],
    ["findings", "Findings"],
    ["operator", "Operator"],
  ] as const;

  it("axe finds nothing in any view, light, dark and at 375 px", async () => {
    const { page } = seats.carol;
    for (const [colorScheme, width] of [
      ["light", 1100],
      ["dark", 1100],
      ["light", 375],
    ] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      for (const [view, heading] of [...OF_ADMINS, [`requests/${glass}`, /^alice/]] as const) {
        await show(page, view, heading);
        await expectAccessible(page, `${view}, ${colorScheme}, ${width}`);
      }
    }
  });

  it("The access is gone at its time, and the same can be asked for again", async () => {
    const { page } = seats.alice;
    await show(page, "mine", "Mine");
    const ended = page.getByRole("row", { name: /edit in payments-api on prod.*ended/ });
    await ended.waitFor();
    await ended.getByRole("button", { name: /^Ask again/ }).click();
    await page.getByRole("heading", { level: 1, name: "Ask for access" }).waitFor();
    expect(await page.getByRole("textbox", { name: "Why" }).inputValue()).toBe(HOSTILE);
  });

  it("A role's views ask for nothing that the API refuses, and other views are not in its menu", async () => {
    for (const [name, views] of [
      ["alice", VIEWS],
      ["bob", VIEWS],
      ["carol", OF_ADMINS],
      ["dave", OF_ADMINS],
    ] as const) {
      const { page, watched } = seats[name];
      for (const [view, heading] of views) await show(page, view, heading);
      expect([name, watched.refusals]).toEqual([name, []]);
      const all = await page.getByRole("link", { name: "Operator" }).count();
      expect([name, all > 0]).toEqual([name, views === OF_ADMINS]);
    }
    const { page, watched } = seats.dave;
    await show(page, "findings", "Findings");
    await page.getByRole("checkbox", { name: "Acknowledged ones too" }).check({ force: true });
    await page.getByRole("heading", { name: /^Findings of the last 90 days/ }).waitFor();
    await expect.poll(() => page.getByText("Reading", { exact: true }).count(), PATIENCE).toBe(0);
    expect(watched.refusals).toEqual([]);
    for (const view of ["operator", "time-line", "time-line/prod"]) {
      await goTo(seats.alice.page, view);
      await seats.alice.page.getByText("This view is for admins and auditors").waitFor();
    }
  });

  it("Nothing that a browser received holds a key, a token or a signature of AWS", async () => {
    for (const name of PEOPLE) {
      const received = await seats[name].watched.received();
      expect(received.length).toBeGreaterThan(10_000);
      for (const keys of [profileKeys(sandbox, name), await callerKeys(sandbox, name)])
        for (const secret of Object.values(keys)) expect(received).not.toContain(secret);
      expect(received).not.toMatch(/AWS4-HMAC-SHA256|X-Amz-Signature|ASIA[A-Z0-9]{16}/);
    }
  });

  it("No page broke its policy, and nothing failed in one", () => {
    expect(browser.errors()).toEqual([]);
  });

  it("A page whose console has ended covers what it shows", async () => {
    const { page, terminal } = seats.alice;
    await terminal.stop();
    // The next read finds that nobody is there.
    await goTo(page, "policy");
    await page.getByText("This page has lost its console").waitFor();
    expect(await page.getByRole("navigation").count()).toBe(0);
  });
});
