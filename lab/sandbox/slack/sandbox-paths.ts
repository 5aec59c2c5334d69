/** `/_sandbox/…` of the Slack port: what tests and the page read and do. JSON throughout. */
import { isObject } from "./blocks/check.ts";
import type { CallLog } from "./call-log.ts";
import { userOf } from "./directory.ts";
import { InvalidFault, type SlackFaults } from "./faults.ts";
import { type HttpAnswer, json, refusal } from "./http.ts";
import { responseUrl } from "./interactions/app-request.ts";
import { InvalidAction } from "./interactions/invalid-action.ts";
import { type PlayOptions, playAction } from "./interactions/play-action.ts";
import { parseAction } from "./interactions/user-action.ts";
import { pageState } from "./page-state.ts";
import { newTrigger } from "./triggers.ts";
import { InvalidUser, resetUsers, setUser, shownUsers } from "./user-flags.ts";
import { shownView } from "./views.ts";

export interface SandboxPathsOptions extends PlayOptions {
  readonly calls: CallLog;
  readonly faults: SlackFaults;
}

export interface SandboxRequest {
  readonly method: string;
  /** Behind `/_sandbox/`. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** Whether the request carries the token of the page's address. */
  readonly hasToken: boolean;
}

type Handler = (
  options: SandboxPathsOptions,
  request: SandboxRequest,
) => HttpAnswer | Promise<HttpAnswer>;

/** The channel of a trigger that a test asks for: it stands for a click there. */
const TRIGGER_CHANNEL_OF = 0;

const jsonBody = ({ body }: SandboxRequest): unknown => {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
};

function calls({ calls: log }: SandboxPathsOptions, { query }: SandboxRequest): HttpAnswer {
  const after = Number(query.get("after") ?? "0");
  if (!Number.isInteger(after)) return refusal(400, "after is a whole number: the last seq seen.");
  return json(200, log.after(after));
}

function messages({ slack }: SandboxPathsOptions, { query }: SandboxRequest): HttpAnswer {
  const last = Number(query.get("last") ?? Number.MAX_SAFE_INTEGER);
  if (!Number.isInteger(last) || last < 1)
    return refusal(400, "last is a whole number from 1: how many of the latest messages.");
  const standing = slack.store.state.messages.filter(({ onlyFor }) => onlyFor === undefined);
  return json(
    200,
    standing.slice(-last).map(({ channel, ts, user, text, blocks, edited, threadTs }) => ({
      channel,
      ts,
      user,
      text,
      blocks,
      edited,
      ...(threadTs === undefined ? {} : { thread_ts: threadTs }),
    })),
  );
}

function views({ slack }: SandboxPathsOptions): HttpAnswer {
  const all = Object.values(slack.store.state.views);
  return json(
    200,
    all.map((view) => ({ user: view.userId, ...shownView(slack, view) })),
  );
}

function triggers(options: SandboxPathsOptions, request: SandboxRequest): HttpAnswer {
  const { slack } = options;
  const body = jsonBody(request);
  const members = isObject(body) ? Object.keys(body) : [];
  const id = isObject(body) ? body["user"] : undefined;
  const user = typeof id === "string" ? userOf(slack.directory, id) : undefined;
  if (!user || members.length !== 1)
    return refusal(
      400,
      'The body is {"user": "U…"}, a user of the workspace. No trigger was made.',
    );
  const channel = slack.directory.channels[TRIGGER_CHANNEL_OF]?.id ?? "";
  return json(201, {
    trigger_id: newTrigger(slack, user.id),
    response_url: responseUrl(options, "actions", { userId: user.id, channel }),
  });
}

function faults({ faults: table }: SandboxPathsOptions, request: SandboxRequest): HttpAnswer {
  if (request.method === "DELETE") table.clear();
  if (request.method !== "POST") return json(200, { faults: table.list() });
  try {
    table.add(jsonBody(request));
    return json(201, { faults: table.list() });
  } catch (error) {
    if (!(error instanceof InvalidFault)) throw error;
    return refusal(400, error.message);
  }
}

function users({ slack }: SandboxPathsOptions, request: SandboxRequest): HttpAnswer {
  if (request.method === "DELETE") resetUsers(slack);
  try {
    if (request.method === "POST") setUser(slack, jsonBody(request));
    return json(200, { users: shownUsers(slack) });
  } catch (error) {
    if (!(error instanceof InvalidUser)) throw error;
    return refusal(400, error.message);
  }
}

async function actions(options: SandboxPathsOptions, request: SandboxRequest): Promise<HttpAnswer> {
  try {
    return json(200, await playAction(options, parseAction(jsonBody(request))));
  } catch (error) {
    if (!(error instanceof InvalidAction)) throw error;
    return json(400, { message: error.message, errors: error.errors });
  }
}

const page: Handler = ({ slack }, { query }) =>
  json(200, pageState(slack, query.get("user") ?? ""));

interface SandboxPath {
  readonly methods: readonly string[];
  readonly handler: Handler;
  /** It lets somebody act as anybody, or shows what anybody sees. */
  readonly needsToken?: boolean;
}

const PATHS: Readonly<Record<string, SandboxPath>> = {
  calls: { methods: ["GET"], handler: calls },
  messages: { methods: ["GET"], handler: messages },
  views: { methods: ["GET"], handler: views },
  triggers: { methods: ["POST"], handler: triggers },
  faults: { methods: ["POST", "GET", "DELETE"], handler: faults },
  users: { methods: ["POST", "GET", "DELETE"], handler: users },
  actions: { methods: ["POST"], handler: actions, needsToken: true },
  page: { methods: ["GET"], handler: page, needsToken: true },
};

/** Every name below `/_sandbox/`. */
export const SANDBOX_PATHS: readonly string[] = Object.keys(PATHS);

export function answerSandboxPath(
  options: SandboxPathsOptions,
  request: SandboxRequest,
): HttpAnswer | Promise<HttpAnswer> {
  const found = Object.hasOwn(PATHS, request.name) ? PATHS[request.name] : undefined;
  if (!found) return refusal(404, `The sandbox has no /_sandbox/${request.name} on this port.`);
  if (!found.methods.includes(request.method))
    return refusal(
      405,
      `/_sandbox/${request.name} takes ${found.methods.join(", ")}, not ${request.method}.`,
    );
  if (found.needsToken && !request.hasToken)
    return refusal(
      401,
      "This needs the token of the page's address, as Authorization: Bearer <token>. Nothing was done.",
    );
  return found.handler(options, request);
}
