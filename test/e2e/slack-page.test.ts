/** Slack's page in a real browser, with a stub for the app: what is drawn, and what clicks send. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { memoryStore } from "../../lab/sandbox/aws/store.ts";
import { slackPort } from "../../lab/sandbox/slack/port.ts";
import { initialSlackState, type SlackState } from "../../lab/sandbox/slack/state.ts";
import { SLACK_WORKSPACE } from "../../lab/sandbox/world/slack-workspace.ts";
import { type Browser, startBrowser } from "./browser.ts";

const plain = (text: string) => ({ type: "plain_text", text });
const option = (name: string) => ({ text: plain(name), value: name });

const FORM = {
  type: "modal",
  title: plain("Ask for access"),
  submit: plain("Ask"),
  blocks: [
    {
      ...{ type: "input", block_id: "cluster", label: plain("Cluster") },
      element: {
        type: "static_select",
        action_id: "value",
        options: ["prod", "staging"].map(option),
      },
    },
    {
      ...{ type: "input", block_id: "role", optional: true, label: plain("Role") },
      element: { type: "external_select", action_id: "value", min_query_length: 1 },
    },
    {
      ...{ type: "input", block_id: "reason", label: plain("Reason") },
      element: { type: "plain_text_input", action_id: "value", multiline: true },
    },
  ],
};

const MESSAGE = {
  channel: "C0001",
  text: "alice asks",
  blocks: [
    { type: "header", text: plain("alice asks to edit") },
    {
      type: "section",
      text: {
        type: "mrkdwn",
        text: "*alice* asks <@U0002> for `edit`\n> stuck &lt;!channel&gt; <script>alert(1)</script>",
      },
      fields: [{ type: "mrkdwn", text: "<!date^1764095400^{date_num}|later>" }],
    },
    {
      type: "actions",
      elements: [
        {
          ...{ type: "button", action_id: "approve", value: "r1", text: plain("Approve") },
          confirm: {
            ...{ title: plain("Approve?"), text: plain("alice may edit") },
            ...{ confirm: plain("Yes"), deny: plain("No") },
          },
        },
        { type: "button", action_id: "slow", text: plain("Slow") },
      ],
    },
  ],
};

interface Received {
  readonly path: string;
  readonly form: URLSearchParams;
  readonly payload: Readonly<Record<string, unknown>>;
}

let browser: Browser;
let page: Page;
let slackUrl: string;
let state: SlackState;
const received: Received[] = [];
const servers: Server[] = [];

const listen = async (server: Server): Promise<string> => {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

async function call(method: string, args: object): Promise<void> {
  await fetch(`${slackUrl}/api/${method}`, {
    method: "POST",
    headers: { authorization: "Bearer bot", "content-type": "application/json" },
    body: JSON.stringify(args),
  });
}

/** The stub's answer. One of its functions does not answer in time. */
async function answer({ path, form, payload }: Received): Promise<object | undefined> {
  if (path === "/slack/commands")
    await call("views.open", { trigger_id: form.get("trigger_id"), view: FORM });
  if (path === "/slack/options") return { options: ["reader", "admin"].map(option) };
  if (path === "/slack/events")
    await call("views.publish", {
      user_id: "U0001",
      view: { type: "home", blocks: [{ type: "header", text: plain("My access") }] },
    });
  if (payload["type"] !== "view_submission") return undefined;
  return JSON.stringify(payload).includes("INC-")
    ? undefined
    : { response_action: "errors", errors: { reason: "Name a ticket." } };
}

const app = createServer((incoming, response) => {
  void (async () => {
    const parts: Buffer[] = [];
    for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString("utf8"));
    const payload = JSON.parse(form.get("payload") ?? "{}") as Received["payload"];
    const request = { path: incoming.url ?? "", form, payload };
    received.push(request);
    if (JSON.stringify(payload).includes('"action_id":"slow","block_id"')) return;
    const body = await answer(request);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(body === undefined ? "" : JSON.stringify(body));
  })();
});

beforeAll(async () => {
  const appUrl = await listen(app);
  const store = memoryStore(initialSlackState());
  state = store.state;
  const server = createServer();
  slackUrl = await listen(server);
  const secrets = { botToken: () => "bot", signingSecret: () => "secret" };
  server.on(
    "request",
    slackPort({ store, directory: SLACK_WORKSPACE, slackUrl, appUrl, ...secrets }),
  );
  await call("chat.postMessage", MESSAGE);
  browser = await startBrowser();
});
afterEach(async () => {
  await page.close();
  received.length = 0;
});
afterAll(async () => {
  await browser.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const open = async (person: string, place: string) => {
  page = await browser.open(`${slackUrl}/?token=${state.pageToken}#${person}/${place}`);
};

describe("the page of Slack", () => {
  it("The page of Slack draws a message's blocks, and its markup only as text", async () => {
    await open("U0002", "C0001");
    const message = page.getByRole("article");
    await message.getByRole("heading", { name: "alice asks to edit" }).waitFor();
    const text = await message.textContent();
    expect(text).toContain("alice asks @bob for edit");
    expect(text).toContain("stuck <!channel> <script>alert(1)</script>");
    expect(text).toContain("2025-11-25");
    expect(await message.locator("blockquote").count()).toBe(1);
    expect(browser.errors()).toEqual([]);
  });

  it("The page of Slack sends a click as the chosen person, once they have confirmed it", async () => {
    await open("U0001", "C0001");
    await page.getByLabel("Act as").selectOption("U0002");
    await page.getByRole("button", { name: "Approve" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "No" }).click();
    expect(received).toEqual([]);
    await page.getByRole("button", { name: "Approve" }).click();
    await dialog.getByRole("button", { name: "Yes" }).click();
    await expect
      .poll(() => received.at(-1)?.payload)
      .toMatchObject({
        type: "block_actions",
        user: { id: "U0002" },
        actions: [{ action_id: "approve", value: "r1" }],
      });
  });

  it("The page of Slack shows that the app did not answer within three seconds", async () => {
    await open("U0002", "C0001");
    await page.getByRole("button", { name: "Slow" }).click();
    await page.getByText("did not answer within 3 seconds (operation_timeout)").waitFor();
  });

  it("The page of Slack opens a form by a command, keeps it on an error, and sends it", async () => {
    await open("U0001", "C0001");
    await page.getByLabel("Message", { exact: true }).fill("/access");
    await page.keyboard.press("Enter");
    const form = page.getByRole("dialog", { name: "Ask for access" });
    await form.getByLabel("Cluster").selectOption("prod");
    await form.getByLabel("Role").fill("a");
    await form.getByRole("button", { name: "admin" }).click();
    const ask = form.getByRole("button", { name: "Ask", exact: true });
    await ask.click();
    await form.getByText("Please complete this required field.").waitFor();
    await form.getByLabel("Reason").fill("stuck");
    await ask.click();
    await form.getByText("Name a ticket.").waitFor();
    await form.getByLabel("Reason").fill("INC-4711 stuck");
    await ask.click();
    await form.waitFor({ state: "detached" });
    expect(received.at(-1)?.payload).toMatchObject({
      view: {
        state: {
          values: {
            cluster: { value: { selected_option: { value: "prod" } } },
            role: { value: { selected_option: { value: "admin" } } },
            reason: { value: { value: "INC-4711 stuck" } },
          },
        },
      },
    });
  });

  it("The page of Slack asks the app for the Home of whoever opens it", async () => {
    await open("U0001", "C0001");
    await page.getByText("timelatch: Home").click();
    await page.getByRole("heading", { name: "My access" }).waitFor();
  });

  it("The page of Slack shows the message that a link leads to, and no other person's channel", async () => {
    await call("chat.postMessage", { channel: "C0002", text: "BREAK-GLASS: alice on prod" });
    const there = state.messages.find(({ channel }) => channel === "C0002");
    const link = `${slackUrl}/archives/C0002/p${there?.ts.replace(".", "")}`;
    await call("chat.postMessage", { channel: "U0002", text: `<${link}|The request>` });
    await call("chat.postMessage", { channel: "U0006", text: `<${link}|The request>` });
    await open("U0002", "messages");
    await page.getByRole("link", { name: "The request" }).click();
    await page.locator(".linked").getByText("BREAK-GLASS: alice on prod").waitFor();
    await open("U0006", "messages");
    await page.getByRole("link", { name: "The request" }).click();
    await page.getByRole("link", { name: "The request" }).waitFor();
    expect(await page.locator(".linked").count()).toBe(0);
    expect(await page.getByText("BREAK-GLASS").count()).toBe(0);
  });
});
