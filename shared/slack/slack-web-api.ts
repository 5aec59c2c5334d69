import { type Secret, SecretMissing } from "../ports/secret.ts";
import { SlackBusy, SlackRefusal, TOKEN_REFUSED } from "./slack-errors.ts";

/** Slack's answer to a call that it carried out. */
export type SlackAnswer = Readonly<Record<string, unknown>>;

/** Arguments of a method; lists and objects go as JSON. */
export type SlackArguments = Readonly<Record<string, string | number | boolean | object>>;

export interface SlackWebApi {
  /**
   * Calls a method once. @param method such as `chat.postMessage`
   * @throws SlackRefusal where Slack answers an error
   * @throws SlackBusy where it is unknown whether the call took effect, or Slack asks for patience
   */
  call(method: string, args: SlackArguments): Promise<SlackAnswer>;
}

export interface SlackWebApiOptions {
  readonly token: Secret;
  /** `https://slack.com/api`, or the sandbox's. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** How long to wait for an answer; two seconds unless set: whoever clicked waits for three. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
/** Slack asks for seconds, in minutes at most. More would only be a mistake that loses messages. */
const LONGEST_WAIT_SECONDS = 3_600;

/** Errors of Slack's own, which pass: the call may have taken effect. */
const PASSING: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "request_timeout",
  "service_unavailable",
  "team_added_to_org",
]);
const RATE_LIMITED: ReadonlySet<string> = new Set(["ratelimited", "rate_limited"]);

/**
 * Slack's Web API over `fetch`. Arguments go as a form, which every method takes.
 * https://docs.slack.dev/apis/web-api
 */
export function slackWebApi(options: SlackWebApiOptions): SlackWebApi {
  const { token, baseUrl, fetch: send = fetch, timeoutMs = TIMEOUT_MS } = options;

  const once = async (method: string, args: SlackArguments, bearer: string) => {
    const answer = await answerOf(method, () =>
      send(`${baseUrl}/${method}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${bearer}`,
          "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        },
        body: formOf(args),
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      }),
    );
    return judged(method, answer);
  };

  return {
    async call(method, args) {
      const bearer = await tokenFor(method, token);
      try {
        return await once(method, args, bearer);
      } catch (error) {
        if (!(error instanceof SlackRefusal && TOKEN_REFUSED.has(error.code))) throw error;
        token.forget();
        const fresh = await tokenFor(method, token);
        // A refused token has no effect, so that a second call cannot repeat one.
        if (fresh === bearer) throw error;
        return await once(method, args, fresh);
      }
    },
  };
}

/**
 * The token, or a refusal as if Slack had not taken one. The cause is not kept: whatever AWS answers
 * is in nobody's message.
 */
async function tokenFor(method: string, token: Secret): Promise<string> {
  try {
    return await token.read();
  } catch (error) {
    throw new SlackRefusal(
      method,
      error instanceof SecretMissing ? "token_missing" : "token_unreadable",
    );
  }
}

const formOf = (args: SlackArguments) =>
  new URLSearchParams(
    Object.entries(args).map(([name, value]): [string, string] => [
      name,
      typeof value === "object" ? JSON.stringify(value) : String(value),
    ]),
  );

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: SlackAnswer | undefined;
}

/** The cause of a failure is not kept: it may quote the header with the token. */
async function answerOf(method: string, send: () => Promise<Response>): Promise<Answer> {
  try {
    const response = await send();
    const text = await response.text();
    return {
      status: response.status,
      retryAfter: response.headers.get("retry-after"),
      body: objectIn(text),
    };
  } catch (error) {
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    throw new SlackBusy(method, isTimeout ? "it took too long" : "the connection failed", null);
  }
}

function objectIn(text: string): SlackAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as SlackAnswer) : undefined;
  } catch {
    return undefined;
  }
}

/** The answer of a call that was carried out. */
function judged(method: string, { status, retryAfter, body }: Answer): SlackAnswer {
  const code = codeIn(body);
  if (status === 429 || RATE_LIMITED.has(code))
    throw new SlackBusy(method, "it asks for patience", waitIn(retryAfter));
  if (status >= 500 || PASSING.has(code))
    throw new SlackBusy(method, status >= 500 ? `status ${status}` : code, null);
  if (body?.["ok"] === true) return body;
  if (body?.["ok"] === false) throw new SlackRefusal(method, code);
  // An answer in another form comes from something before Slack.
  if (status >= 400) throw new SlackRefusal(method, `http_${status}`);
  throw new SlackBusy(method, "the answer is not Slack's", null);
}

/** The error's name; anything that does not look like one is not repeated. */
function codeIn(body: SlackAnswer | undefined): string {
  const code = body?.["error"];
  return typeof code === "string" && /^[a-z0-9_]{1,60}$/.test(code) ? code : "unknown_error";
}

/** https://docs.slack.dev/apis/web-api/rate-limits */
function waitIn(retryAfter: string | null): number | null {
  if (retryAfter === null || !/^\d{1,9}$/.test(retryAfter)) return null;
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Number(retryAfter)));
}
