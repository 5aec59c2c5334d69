/** One grant from question to end, by clicks on Slack's page in a whole sandbox. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { apiPerson } from "./api-person.ts";
import { type Browser, startBrowser } from "./browser.ts";
import { show } from "./console-page.ts";
import { startConsoleTerminal } from "./console-terminal.ts";
import { eventually } from "./eventually.ts";
import { commandEnvironment, makeMachine, startAgent } from "./machine-access.ts";
import { refusedCalls } from "./refused-calls.ts";
import { sampleAccess } from "./sample-access.ts";
import { profileEnvironment, type SandboxProcess, startSandboxProcess } from "./sandbox-process.ts";

const ALICE = "U0001";
const BOB = "U0002";
const CAROL = "U0003";

let sandbox: SandboxProcess;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [sandbox, browser] = await Promise.all([
    startSandboxProcess(["--dir", mkdtempSync(path.join(tmpdir(), "slack-story-"))], {
      TIMELATCH_ACCESS: sampleAccess(makeMachine),
    }),
    startBrowser(),
  ]);
});
afterAll(async () => {
  await browser.close();
  await sandbox.stop();
});

const open = async (person: string, place: string) => {
  await page?.close();
  page = await browser.open(`${sandbox.slackPageUrl}#${person}/${place}`);
};

const LESS =
  "bob approved less: edit in payments-api on prod for 5m, in place of edit in payments-api and payments-web on prod for 10m.";

/** The message about the request in the approvers' channel. */
const message = () => page.getByRole("article");

/** Asks by the words of the command. */
async function ask(words: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).fill(`/access ${words}`);
  await page.keyboard.press("Enter");
  await page.getByText("asked for. You get a message once it is decided.").waitFor();
}

/**
 * Does something in Slack until its answer is shown. Slack waits three seconds for an app, in which a busy machine
 * may not start a function. Then it says so, and people try again.
 */
async function tryUntil(shown: Locator, act: () => Promise<void>, tries = 3): Promise<void> {
  if (!(await shown.isVisible())) await act();
  await shown.waitFor({ timeout: 8_000 }).catch((error: unknown) => {
    if (tries === 1) throw error;
    return tryUntil(shown, act, tries - 1);
  });
}

/** It has Slack's own signs, and a name of an emoji. */
const REASON = "INC-4711 R&D's <rollout> is stuck :fire:";

const openForm = () =>
  tryUntil(page.getByRole("dialog").getByLabel("Cluster"), async () => {
    await page.getByLabel("Message", { exact: true }).fill("/access");
    await page.keyboard.press("Enter");
  });

async function fillForm(): Promise<void> {
  const form = page.getByRole("dialog");
  await form.getByLabel("Cluster").selectOption("prod");
  await form.getByLabel("What you need").selectOption({ label: "Edit in namespaces" });
  await form.getByLabel("Namespaces").fill("payments-api, payments-web");
  await form.getByLabel("For how long").fill("10m");
  await form.getByLabel("Why").fill(REASON);
  const asked = page.getByRole("dialog", { name: "Asked" }).getByRole("button").last();
  await tryUntil(asked, () => form.getByRole("button", { name: "Ask", exact: true }).click());
  await asked.click();
  await asked.waitFor({ state: "detached" });
}

/** An agent asks for a namespace, and gives the access back once somebody approved. */
async function agentAsks(namespace: string, approve: () => Promise<void>): Promise<void> {
  const { client, call } = await startAgent(commandEnvironment(sandbox, tmpdir()));
  try {
    const { request } = await call("request_access", {
      ...{ cluster: "prod", policy: "edit", namespaces: [namespace] },
      ...{ duration: "10m", reason: "Deploy 4711" },
    });
    expect(request.state).toBe("pending");
    await approve();
    const stateIs = (state: string) =>
      eventually(
        async () => (await call("my_requests", { id: request.id })).request,
        (now) => now.state === state,
        60,
      );
    expect(await stateIs("active")).toMatchObject({ id: request.id });
    await call("return_access", { id: request.id });
    await stateIs("ended");
  } finally {
    await client.close();
  }
}

describe("a grant in Slack", () => {
  it("A grant in Slack is asked for by a form that a command opens", async () => {
    await open(ALICE, "C0001");
    await openForm();
    await fillForm();
    await message()
      .getByText("alice asks to edit in payments-api and payments-web on prod for 10m.")
      .waitFor();
    await message().getByText(REASON).waitFor();
  });

  it("A grant in Slack becomes active when a lead approves it for less at the message", async () => {
    await open(BOB, "C0001");
    await message().getByRole("button", { name: "Approve for less" }).click();
    const form = page.getByRole("dialog", { name: "Approve for less" });
    await form.getByLabel("For how long").fill("5m");
    await form.getByLabel("Namespaces that remain").fill("payments-api");
    await form.getByRole("button", { name: "Approve for less" }).click();
    await message().getByText(LESS).waitFor();
    await message().getByText("alice can edit in payments-api on prod.").waitFor();
    expect(await message().getByRole("button", { name: "Approve" }).count()).toBe(0);
    await message().getByRole("button", { name: "Revoke" }).waitFor();
  });

  it("A grant in Slack that is for less is news to its requester, with both terms", async () => {
    await open(ALICE, "D0001");
    await page.getByRole("article").getByText(LESS).waitFor();
  });

  it("A grant in Slack ends when its owner returns it from App Home, and the message says so", async () => {
    await open(ALICE, "home");
    await page.getByRole("button", { name: "Return" }).click();
    await page.getByRole("button", { name: "Return it" }).click();
    await page.getByText("# access-approvals").first().click();
    await message().getByText("The access of this grant has ended.").waitFor();
    expect(await message().getByRole("button", { name: "Revoke" }).count()).toBe(0);
    expect(browser.errors()).toEqual([]);
  });

  it("A request in Slack that cannot wait becomes break-glass, and the alarm channel says who was skipped", async () => {
    await open(ALICE, "C0001");
    await ask("prod admin payments-api 5m INC-4711 stuck rollout");
    await open(ALICE, "D0001");
    await page.getByRole("button", { name: "Break glass" }).click();
    const form = page.getByRole("dialog", { name: "Break glass" });
    await form.getByText("those whom you do not wait for: bob, carol.").waitFor();
    await form.getByRole("button", { name: "Break glass" }).click();
    await form.getByText("the policy approved it.").waitFor();
    await form.getByRole("button", { name: "Close" }).last().click();
    await open(BOB, "C0002");
    await message().getByText("BREAK-GLASS: alice on prod").waitFor();
    await message()
      .getByText("Skipped: bob, carol would have been asked to approve this.")
      .waitFor();
  });

  it("A delegate is asked what waits already, approves in Slack, and the channel says for whom", async () => {
    await open(ALICE, "C0001");
    await ask("prod edit payments-batch 5m INC-4712 stuck batch");
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const made = await apiPerson(sandbox, "bob").post("/v1/delegations", { to: "carol", until });
    expect(made.status).toBe(201);
    await open(CAROL, "D0003");
    await message().getByText("You are asked for bob, who delegated to you.").waitFor();
    await message().getByRole("button", { name: "Approve", exact: true }).click();
    await open(BOB, "C0001");
    await message().getByText("Approved by carol for bob.").waitFor();
  });

  it("A grant in Slack lasts longer once its owner asks at their message and a lead approves", async () => {
    await open(ALICE, "D0001");
    const own = page.getByRole("article").filter({ hasText: "You can edit in payments-batch" });
    await own.getByRole("button", { name: "Extend" }).click();
    const form = page.getByRole("dialog", { name: "Extend your access" });
    await form.getByLabel("For how much longer").fill("5m");
    await tryUntil(page.getByText("on prod for 5m longer: asked for."), () =>
      form.getByRole("button", { name: "Extend" }).click(),
    );
    await open(BOB, "C0001");
    const asked = page.getByRole("article").filter({ hasText: "for 5m longer." });
    await asked.getByRole("button", { name: "Approve", exact: true }).click();
    await page.getByText("An extension was approved until").first().waitFor();
  });

  it("An agent asks through MCP, and a lead approves at the message in Slack, which says what asks", async () => {
    await agentAsks("payments-cart", async () => {
      await open(BOB, "C0001");
      const asked = page.getByRole("article").filter({ hasText: "payments-cart" });
      await asked.getByText("machine deploy-bot through MCP (some-agent 1.0)").first().waitFor();
      await asked.getByRole("button", { name: "Approve", exact: true }).click();
      await asked.getByText("Approved by bob").waitFor();
    });
    await page
      .getByRole("article")
      .filter({ hasText: "payments-cart" })
      .getByText("The access of this grant has ended.")
      .waitFor();
  });

  it("An agent asks through MCP, and a lead approves in the console, which says what asks", async () => {
    const terminal = await startConsoleTerminal(profileEnvironment(sandbox, "bob"));
    try {
      const console = await browser.open(`${terminal.address}/`);
      await terminal.letIn(console);
      await agentAsks("payments-till", async () => {
        await show(console, "decide", "To decide");
        await console
          .getByRole("link", { name: /^machine deploy-bot via mcp: .*payments-till/ })
          .click();
        await console
          .getByText("machine deploy-bot through MCP (some-agent 1.0)")
          .first()
          .waitFor();
        await console.getByRole("button", { name: "Approve", exact: true }).click();
        const dialog = console.getByRole("dialog");
        await dialog.getByRole("button", { name: /^Approve edit in payments-till/ }).click();
        await console.getByText("Approved by bob").waitFor();
      });
    } finally {
      await terminal.stop();
    }
  });

  it("No function lacked a right for what it called", () => {
    expect(refusedCalls(sandbox.log())).toEqual([]);
  });
});
