/** The emulated Slack on one port: the Web API, response URLs, the page, and `/_sandbox/…`. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { reportDefect } from "../aws/report-defect.ts";
import type { Store } from "../aws/store.ts";
import { type CallLog, callLog, type SlackCall } from "./call-log.ts";
import { type Directory, withFlags } from "./directory.ts";
import { RESPONSE_URL, type SlackFaults, slackFaults } from "./faults.ts";
import { type HttpAnswer, json, readBody, refusal, write } from "./http.ts";
import { tellPosted } from "./interactions/tell-posted.ts";
import { pageFile } from "./page-files.ts";
import { type RateLimits, rateLimits } from "./rate-limits.ts";
import { postToResponseUrl } from "./response-urls.ts";
import { answerSandboxPath } from "./sandbox-paths.ts";
import { SlackError } from "./slack-error.ts";
import type { SlackContext, SlackState } from "./state.ts";
import { answerCall } from "./web-api.ts";

export interface SlackPortOptions {
  readonly store: Store<SlackState>;
  readonly directory: Directory;
  /** This port's own address, without a path. */
  readonly slackUrl: string;
  /** The address of the app, without a path. */
  readonly appUrl: string;
  readonly botToken: () => string | undefined;
  readonly signingSecret: () => string | undefined;
  readonly onCall?: (call: SlackCall) => void;
  readonly now?: () => Date;
}

interface Port {
  readonly options: SlackPortOptions;
  readonly slack: SlackContext;
  readonly calls: CallLog;
  readonly faults: SlackFaults;
  readonly limits: RateLimits;
}

/** The request, once it is read whole. */
interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

type Answered = HttpAnswer | "cut";

export function slackPort(options: SlackPortOptions): RequestListener {
  const now = options.now ?? (() => new Date());
  const port: Port = {
    options,
    slack: contextOf(options, now),
    calls: callLog(now, options.onCall),
    faults: slackFaults(now),
    limits: rateLimits(now),
  };
  return (incoming, response) => {
    void serve(port, incoming, response).catch((thrown: unknown) => {
      reportDefect(`Slack's ${incoming.method} ${incoming.url}`, thrown);
      response.destroy();
    });
  };
}

const contextOf = (
  { store, directory, slackUrl }: SlackPortOptions,
  now: () => Date,
): SlackContext => ({
  store,
  now,
  slackUrl,
  get directory() {
    return withFlags(directory, store.state.userFlags);
  },
});

async function serve(port: Port, incoming: IncomingMessage, response: ServerResponse) {
  const body = await readBody(incoming);
  if (!body) {
    response.destroy();
    return;
  }
  const asked: Asked = {
    method: incoming.method ?? "GET",
    url: new URL(incoming.url ?? "/", port.options.slackUrl),
    headers: incoming.headers,
    body,
  };
  const answer = foreign(port, asked) ?? (await route(port, asked));
  if (answer === "cut") response.destroy();
  else write(response, answer);
}

const isSame = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

function hasToken({ slack }: Port, { headers }: Asked): boolean {
  const [, token = ""] = /^Bearer (\S+)$/.exec(headers.authorization ?? "") ?? [];
  return isSame(token, slack.store.state.pageToken);
}

/**
 * Refuses what a web page of elsewhere could send: another Host, which a rebound name has, and
 * another Origin. The page itself shows the token of its address, but for its own files.
 */
function foreign(port: Port, asked: Asked): HttpAnswer | undefined {
  const { host } = new URL(port.options.slackUrl);
  const { host: askedHost = "", origin } = asked.headers;
  const hosts = [host, host.replace("127.0.0.1", "localhost")];
  if (!hosts.includes(askedHost))
    return refusal(421, `This port answers for ${hosts.join(" and ")}, not for ${askedHost}.`);
  if (origin === undefined) return undefined;
  const isOwn = origin === `http://${askedHost}`;
  if (isOwn && (asked.url.pathname.startsWith("/page/") || hasToken(port, asked))) return undefined;
  return refusal(403, "This port is for its own page alone, with the token of the page's address.");
}

function route(port: Port, asked: Asked): Answered | Promise<Answered> {
  const [, first = "", ...rest] = asked.url.pathname.split("/");
  switch (first) {
    case "api":
      return webApi(port, asked, rest.join("/"));
    case "commands":
    case "actions":
      return responseUrlPost(port, asked, rest.at(-1) ?? "");
    case "_sandbox":
      return sandboxPath(port, asked, rest.join("/"));
    case "":
      return page(port, asked);
    default:
      return (
        asFile(first, rest) ?? refusal(404, `The sandbox's Slack has no ${asked.url.pathname}.`)
      );
  }
}

const asFile = (first: string, rest: readonly string[]) =>
  first === "page" && rest.length === 1 ? pageFile(rest[0] ?? "") : undefined;

function page({ slack }: Port, { method, url }: Asked): HttpAnswer {
  if (method !== "GET") return refusal(405, "The page takes GET.");
  if (!isSame(url.searchParams.get("token") ?? "", slack.store.state.pageToken))
    return refusal(401, "Open the address that the sandbox printed: it has the page's token.");
  return pageFile("page.html") ?? refusal(404, "The page is missing.");
}

/** Holds no process alive. */
const pause = (milliseconds: number) => sleep(milliseconds, undefined, { ref: false });

async function webApi(port: Port, asked: Asked, method: string): Promise<Answered> {
  if (asked.method !== "POST")
    return refusal(405, `The sandbox takes Web API calls by POST, not ${asked.method}.`);
  const { slack, limits, faults, calls } = port;
  const { botToken } = port.options;
  const answer = answerCall(
    { slack, botToken, limits, faults, calls },
    {
      method,
      authorization: asked.headers.authorization,
      contentType: asked.headers["content-type"] ?? "",
      body: asked.body,
    },
  );
  const delivery = { ...port.options, now: slack.now };
  if (method === "chat.postMessage") void tellPosted({ slack, faults, delivery }, answer.body);
  if (answer.fault?.kind === "drop") return "cut";
  if (answer.fault) await pause(answer.fault.milliseconds);
  return json(answer.status, answer.body, answer.headers);
}

/** Slack answers `ok` as text, and a fault as JSON with a status of 400 or 404. */
async function responseUrlPost(port: Port, asked: Asked, secret: string): Promise<Answered> {
  if (asked.method !== "POST") return refusal(405, "A response URL takes POST.");
  const fault = port.faults.take(RESPONSE_URL);
  const body = parsed(asked.body);
  const noted = (answer: HttpAnswer): HttpAnswer => {
    port.calls.add({
      method: RESPONSE_URL,
      arguments: { ...(typeof body === "object" ? body : {}) },
      answer: { status: answer.status, body: String(answer.body) },
    });
    return answer;
  };
  if (fault?.kind === "outage")
    return noted(json(503, { ok: false, error: "service_unavailable" }));
  if (fault?.kind === "rate-limit")
    return noted(
      json(
        429,
        { ok: false, error: "ratelimited" },
        { "retry-after": `${fault.retryAfterSeconds}` },
      ),
    );
  if (fault?.kind === "error") return noted(json(404, { ok: false, error: fault.error }));
  const answer = noted(respondedTo(port, secret, body));
  if (fault?.kind === "drop") return "cut";
  if (fault) await pause(fault.milliseconds);
  return answer;
}

const GONE = ["expired_url", "used_url"];

function respondedTo({ slack }: Port, secret: string, body: unknown): HttpAnswer {
  try {
    postToResponseUrl(slack, secret, body);
    return { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "ok" };
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    const { code, messages } = error;
    const details = messages.length > 0 ? { response_metadata: { messages } } : {};
    return json(GONE.includes(code) ? 404 : 400, { ok: false, error: code, ...details });
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

function sandboxPath(port: Port, asked: Asked, name: string): HttpAnswer | Promise<HttpAnswer> {
  const { slack, calls, faults, options } = port;
  const { slackUrl, appUrl } = options;
  const signingSecret = () => {
    const secret = options.signingSecret();
    if (secret === undefined) throw new Error("Parameter Store has no signing secret of the app.");
    return secret;
  };
  return answerSandboxPath(
    { slack, calls, faults, slackUrl, appUrl, signingSecret },
    {
      method: asked.method,
      name,
      query: asked.url.searchParams,
      body: asked.body,
      hasToken: hasToken(port, asked),
    },
  );
}
