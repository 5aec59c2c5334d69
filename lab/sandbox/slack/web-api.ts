/** `POST /api/<method>`: who may call, how often, and what is answered. */
import { timingSafeEqual } from "node:crypto";
import type { JsonObject } from "./blocks/check.ts";
import type { CallLog } from "./call-log.ts";
import type { SlackFault, SlackFaults } from "./faults.ts";
import type { SlackMethod } from "./methods/method.ts";
import { METHODS } from "./methods/method-table.ts";
import type { RateLimits } from "./rate-limits.ts";
import { requestArguments } from "./request-arguments.ts";
import { SlackError } from "./slack-error.ts";
import type { SlackContext } from "./state.ts";

export interface WebApiOptions {
  readonly slack: SlackContext;
  /** The bot token as it is now; undefined where nobody has put one. */
  readonly botToken: () => string | undefined;
  readonly limits: RateLimits;
  readonly faults: SlackFaults;
  readonly calls: CallLog;
}

export interface WebApiRequest {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly body: Buffer;
}

export interface WebApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
  /** A fault's effect on the answer. */
  readonly fault?: Extract<SlackFault, { readonly kind: "delay" | "drop" }>;
}

const ok = (body: JsonObject): WebApiAnswer => ({ status: 200, headers: {}, body });

const tooMany = (seconds: number): WebApiAnswer => ({
  status: 429,
  headers: { "retry-after": String(seconds) },
  body: { ok: false, error: "ratelimited" },
});

const OUTAGE: WebApiAnswer = {
  status: 503,
  headers: {},
  body: { ok: false, error: "service_unavailable" },
};

const refused = ({ code, messages }: SlackError): WebApiAnswer =>
  ok({
    ok: false,
    error: code,
    ...(messages.length > 0 ? { response_metadata: { messages } } : {}),
  });

const isSame = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

/** @throws SlackError `not_authed`, `invalid_auth` */
function authenticate(authorization: string | undefined, botToken: string | undefined): void {
  const [, token] = /^Bearer (\S+)$/i.exec(authorization ?? "") ?? [];
  if (token === undefined) throw new SlackError("not_authed");
  if (botToken === undefined || !isSame(token, botToken)) throw new SlackError("invalid_auth");
}

const withFault = (answer: WebApiAnswer, fault: SlackFault | undefined): WebApiAnswer =>
  fault?.kind === "delay" || fault?.kind === "drop" ? { ...answer, fault } : answer;

/** Answers one call of the Web API, and puts it into the log. */
export function answerCall(options: WebApiOptions, request: WebApiRequest): WebApiAnswer {
  const { calls } = options;
  const name = request.method;
  let args: JsonObject = {};
  const answered = (answer: WebApiAnswer): WebApiAnswer => {
    calls.add({ method: name, arguments: args, answer: answer.body });
    return answer;
  };
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const fault = method ? options.faults.take(name) : undefined;
  if (fault?.kind === "outage") return answered(OUTAGE);
  if (fault?.kind === "rate-limit") return answered(tooMany(fault.retryAfterSeconds));
  try {
    if (!method) throw new SlackError("unknown_method");
    if (fault?.kind === "error") throw new SlackError(fault.error);
    authenticate(request.authorization, options.botToken());
    args = requestArguments(method, request.contentType, request.body);
    const answer = answered(carriedOut(options, name, method, args));
    return withFault(answer, fault);
  } catch (error) {
    if (!(error instanceof SlackError)) throw error;
    return withFault(answered(refused(error)), fault);
  }
}

function carriedOut(
  { slack, limits }: WebApiOptions,
  name: string,
  method: SlackMethod,
  args: JsonObject,
): WebApiAnswer {
  const wait = limits.count(name, method, args);
  return wait === undefined ? ok({ ok: true, ...method.run({ args, slack }) }) : tooMany(wait);
}
