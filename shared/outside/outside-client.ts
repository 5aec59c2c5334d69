import type { Clock } from "../ports/clock.ts";
import { type Secret, SecretMissing } from "../ports/secret.ts";
import { askedWait } from "./asked-wait.ts";
import type { Json } from "./json-answer.ts";
import { NoAnswer } from "./no-answer.ts";

/** An answer with a status below 500, other than 401 and 429. */
export interface OutsideAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

/** Reads from one service outside. */
export interface OutsideClient {
  /**
   * @param path with a leading slash; its parts are encoded
   * @param etag of an answer that is known: 304 says that it still stands
   * @throws NoAnswer where nobody may lean on what came
   */
  get(path: string, query: Query, etag?: string): Promise<OutsideAnswer>;
}

export type Query = readonly [name: string, value: string][];

/** How a request leaves. */
export interface SentBy {
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

export interface OutsideClientOptions extends SentBy {
  /** `https://` and a host that the code names. In the sandbox, the emulator's. */
  readonly baseUrl: string;
  readonly token: Secret;
  /** The headers that carry the token. */
  readonly headers: (token: string) => Readonly<Record<string, string>>;
  readonly clock: Clock;
}

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 1_000_000;
/** A service whose clock is further away computes "now" for another time than ours. */
const CLOCKS_APART_MS = 300_000;

/** One service over `fetch`. It follows nothing, waits for five seconds, and takes a megabyte. */
export function outsideClient(options: OutsideClientOptions): OutsideClient {
  const { baseUrl, token, clock, headers } = options;

  const once = (url: string, secret: string, etag: string | undefined) =>
    sentOnce(options, url, Date.parse(clock.now()), {
      headers: {
        accept: "application/json",
        ...headers(secret),
        ...(etag === undefined ? {} : { "if-none-match": etag }),
      },
    });

  return {
    async get(path, query, etag) {
      const url = `${baseUrl}${path}?${new URLSearchParams([...query])}`;
      let secret: string | undefined;
      try {
        secret = await tokenFor(token);
        return await once(url, secret, etag);
      } catch (error) {
        if (!(error instanceof NoAnswer && error.why === "token-refused")) throw error;
        token.forget();
        const fresh = await tokenFor(token);
        if (fresh === secret) throw error;
        return await once(url, fresh, etag);
      }
    },
  };
}

/** The cause is not kept: whatever AWS answers is in nobody's message. */
async function tokenFor(token: Secret): Promise<string> {
  try {
    return await token.read();
  } catch (error) {
    // A token that has to be got may not be given.
    if (error instanceof NoAnswer) throw error;
    throw new NoAnswer(error instanceof SecretMissing ? "token-missing" : "token-unreadable");
  }
}

/**
 * One request, without a redirect. @throws NoAnswer where nobody may lean on what came
 *
 * @param nowMs our own time, for the service's clock and for a date until which it asks to wait
 */
export async function sentOnce(
  { fetch: send = fetch, timeoutMs = TIMEOUT_MS }: SentBy,
  url: string,
  nowMs: number,
  init: Pick<RequestInit, "method" | "headers" | "body">,
): Promise<OutsideAnswer> {
  return judged(await answerOf(send, url, init, timeoutMs), nowMs);
}

/** The cause of a failure is not kept: it may quote the header with the token. */
async function answerOf(
  send: typeof fetch,
  url: string,
  init: RequestInit,
  timeoutMs: number,
): Promise<OutsideAnswer> {
  try {
    const response = await send(url, {
      ...init,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: jsonIn(await textOf(response)),
    };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    const isTimeout = error instanceof Error && error.name === "TimeoutError";
    throw new NoAnswer(isTimeout ? "too-slow" : "unreachable");
  }
}

/** The body, unpacked. A small packed one may be large. */
async function textOf({ body }: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest of the body.
  for await (const part of body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) throw new NoAnswer("too-large");
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

function jsonIn(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function judged(answer: OutsideAnswer, nowMs: number): OutsideAnswer {
  const { status, headers, body } = answer;
  if (status === 429) throw new NoAnswer("busy", askedWait(headers, body, nowMs));
  if (status >= 500) throw new NoAnswer("failing", askedWait(headers, body, nowMs));
  // Nobody who named no answer takes 304 for one: its status is not 200.
  if (status >= 300 && status < 400 && status !== 304) throw new NoAnswer("redirected");
  if (status === 401) throw new NoAnswer("token-refused");
  const theirs = Date.parse(headers.get("date") ?? "");
  if (Math.abs(theirs - nowMs) > CLOCKS_APART_MS) throw new NoAnswer("clock-apart");
  return answer;
}

/** The body of an answer that must be 200. @throws NoAnswer where it is another one */
export function bodyOf({ status, body }: OutsideAnswer): Json {
  if (status === 200) return body;
  if (status === 404 || status === 410) throw new NoAnswer("gone");
  throw new NoAnswer(status === 402 || status === 403 ? "forbidden" : "odd");
}
