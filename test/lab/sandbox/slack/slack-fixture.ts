/** The emulated Slack on a port of its own, with a clock that stands still and an app that is a stub. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import type { Directory } from "../../../../lab/sandbox/slack/directory.ts";
import { slackPort } from "../../../../lab/sandbox/slack/port.ts";
import { initialSlackState, type SlackState } from "../../../../lab/sandbox/slack/state.ts";
import { SLACK_WORKSPACE } from "../../../../lab/sandbox/world/slack-workspace.ts";

export const BOT_TOKEN = "xoxb-test";
export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

type Json = Readonly<Record<string, unknown>>;

/** A request to the app. */
export interface AppRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface AppAnswer {
  readonly status?: number;
  readonly contentType?: string;
  readonly body?: string;
}

export interface SlackFixture {
  readonly url: string;
  readonly token: string;
  readonly state: SlackState;
  /** Moves the clock ahead. */
  readonly pass: (milliseconds: number) => void;
  /** The requests to the app so far. */
  readonly received: readonly AppRequest[];
  /** Calls a method of the Web API with JSON. */
  readonly call: (method: string, args?: Json) => Promise<Json>;
  /** Reads or changes `/_sandbox/<path>`. */
  readonly sandbox: (
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly body: unknown }>;
  /** Lets somebody act. */
  readonly act: (action: Json) => Promise<Json>;
}

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

async function stubApp(
  received: AppRequest[],
  answer: (request: AppRequest) => AppAnswer | Promise<AppAnswer>,
): Promise<string> {
  const server = createServer((incoming, response) => {
    void (async () => {
      const parts: Buffer[] = [];
      for await (const part of incoming as AsyncIterable<Buffer>) parts.push(part);
      const body = Buffer.concat(parts).toString("utf8");
      const request = { path: incoming.url ?? "", headers: incoming.headers, body };
      received.push(request);
      const {
        status = 200,
        contentType = "application/json",
        body: text = "",
      } = await answer(request);
      response.writeHead(status, { "content-type": contentType }).end(text);
    })();
  });
  return await listening(server);
}

/** @param answer what the app answers; an empty 200 unless the test says otherwise */
export async function startSlack(
  answer: (request: AppRequest) => AppAnswer | Promise<AppAnswer> = () => ({}),
  directory: Directory = SLACK_WORKSPACE,
): Promise<SlackFixture> {
  const received: AppRequest[] = [];
  let now = Date.parse("2026-11-25T12:00:00Z");
  const store = memoryStore(initialSlackState());
  const appUrl = await stubApp(received, answer);
  const server = createServer();
  const url = await listening(server);
  server.on(
    "request",
    slackPort({
      store,
      directory,
      slackUrl: url,
      appUrl,
      botToken: () => BOT_TOKEN,
      signingSecret: () => SIGNING_SECRET,
      now: () => new Date(now),
    }),
  );
  const token = store.state.pageToken;
  const sandbox: SlackFixture["sandbox"] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/_sandbox/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    url,
    token,
    state: store.state,
    received,
    sandbox,
    pass(milliseconds) {
      now += milliseconds;
    },
    async call(method, args = {}) {
      const response = await postJson(`${url}/api/${method}`, args);
      return { ...((await response.json()) as Json), ...retryAfter(response) };
    },
    async act(action) {
      const answered = await sandbox("POST", "actions", action);
      return { httpStatus: answered.status, ...(answered.body as Json) };
    },
  };
}

const postJson = (url: string, args: Json) =>
  fetch(url, {
    method: "POST",
    headers: {
      authorization: `Bearer ${BOT_TOKEN}`,
      "content-type": "application/json; charset=utf-8",
    },
    body: JSON.stringify(args),
  });

const retryAfter = (response: Response): Json =>
  response.status === 429 ? { retryAfter: response.headers.get("retry-after") } : {};

/** The payload of an interaction that the app was sent. */
export const payloadOf = (request: AppRequest | undefined): Json =>
  JSON.parse(new URLSearchParams(request?.body).get("payload") ?? "{}") as Json;

export const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });

export const button = (actionId: string, value = "{}") => ({
  type: "button",
  action_id: actionId,
  value,
  text: { type: "plain_text", text: actionId },
});

/** A modal with one required field and one that may stay empty. */
export const modal = (title = "Ask for access") => ({
  type: "modal",
  callback_id: "request",
  title: { type: "plain_text", text: title },
  submit: { type: "plain_text", text: "Ask" },
  blocks: [
    {
      type: "input",
      block_id: "reason",
      label: { type: "plain_text", text: "Reason" },
      element: { type: "plain_text_input", action_id: "text", min_length: 3 },
    },
    {
      type: "input",
      block_id: "policy",
      optional: true,
      label: { type: "plain_text", text: "Policy" },
      element: {
        type: "static_select",
        action_id: "choice",
        options: ["View", "Edit"].map((name) => ({
          text: { type: "plain_text", text: name },
          value: name.toLowerCase(),
        })),
      },
    },
  ],
});
