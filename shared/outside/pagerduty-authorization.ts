/** PagerDuty's two kinds of access: an API key, and a scoped app that gets tokens for a while by its own secret. */
import type { Clock } from "../ports/clock.ts";
import type { Secret } from "../ports/secret.ts";
import { type Json, memberOf } from "./json-answer.ts";
import { NoAnswer } from "./no-answer.ts";
import { bodyOf, type SentBy, sentOnce } from "./outside-client.ts";

/** https://developer.pagerduty.com/docs/app-oauth-token; one host for all regions */
const PAGERDUTY_IDENTITY_HOST = "identity.pagerduty.com";

export interface PagerdutyAccess extends SentBy {
  readonly secret: Secret;
  readonly clock: Clock;
  /** Stands before the host, as before that of the API. */
  readonly origin: string;
  /** The region of the account that is asked. */
  readonly region: string;
  /** The rights that the questions need, such as `schedules.read`. */
  readonly scopes: readonly string[];
}

/** An app's credentials, as an operator stores them. */
interface App {
  readonly client_id: string;
  readonly client_secret: string;
  /** The account, `acme` of `acme.pagerduty.com`. */
  readonly subdomain: string;
}

/** The outcome of asking for a token: the header's value, or why nothing came. */
interface Outcome {
  readonly got: string | NoAnswer;
  /** The end of the time in which nobody asks again, in milliseconds. */
  readonly untilMs: number;
}

interface Kept {
  /** The secret as it was stored then. */
  readonly text: string;
  readonly outcome: Promise<Outcome>;
  isRefused: boolean;
}

/** A token is not used within this time of its end. */
const MARGIN_MS = 60_000;
/** An app that was refused is not tried again within this time: each of 50 schedules would try. */
const REFUSED_MS = 50_000;

/**
 * The value of the header `Authorization`, by what is stored: a key is sent as it is. An app's token is kept until
 * shortly before its end. Reads at the same time get one token.
 */
export function pagerdutyAuthorization(access: PagerdutyAccess): Secret {
  const { secret, clock } = access;
  let kept: Kept | undefined;

  const askFor = (text: string, app: App, nowMs: number): Kept => {
    const outcome = tokenOf(access, app, nowMs).catch((error: unknown) => {
      if (!(error instanceof NoAnswer)) throw error;
      asked.isRefused = error.why === "token-refused" || error.why === "forbidden";
      return { got: error, untilMs: asked.isRefused ? nowMs + REFUSED_MS : nowMs };
    });
    const asked: Kept = { text, outcome, isRefused: false };
    return asked;
  };

  return {
    async read() {
      const text = await secret.read();
      const app = appIn(text);
      if (!app) return `Token token=${text}`;
      const nowMs = Date.parse(clock.now());
      const before = kept?.text === text ? kept : undefined;
      const known = await before?.outcome;
      if (known && nowMs < known.untilMs) return tokenIn(known);
      // Another read may have asked for a new one meanwhile.
      if (!kept || kept === before || kept.text !== text) kept = askFor(text, app, nowMs);
      return tokenIn(await kept.outcome);
    },
    forget() {
      if (!kept?.isRefused) kept = undefined;
      secret.forget();
    },
  };
}

function tokenIn({ got }: Outcome): string {
  if (got instanceof NoAnswer) throw got;
  return got;
}

const PART = /^[\x21-\x7e]{1,512}$/;
const SUBDOMAIN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** @throws NoAnswer for JSON that names no app; a key begins with a letter or a digit */
function appIn(stored: string): App | undefined {
  if (!stored.startsWith("{")) return undefined;
  const named = parsed(stored);
  const [id, secret, subdomain] = ["client_id", "client_secret", "subdomain"].map((name) =>
    memberOf(named, name),
  );
  const isPart = (value: Json): value is string => typeof value === "string" && PART.test(value);
  if (!isPart(id) || !isPart(secret) || !isPart(subdomain) || !SUBDOMAIN.test(subdomain))
    throw new NoAnswer("token-unreadable");
  return { client_id: id, client_secret: secret, subdomain };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An app's new token. @throws NoAnswer where the service gives no token, or one that may less than was asked for */
async function tokenOf(access: PagerdutyAccess, app: App, nowMs: number): Promise<Outcome> {
  const { origin, region, scopes } = access;
  const { subdomain, ...credentials } = app;
  const wanted = [`as_account-${region}.${subdomain}`, ...scopes];
  const answer = await sentOnce(access, `${origin}${PAGERDUTY_IDENTITY_HOST}/oauth/token`, nowMs, {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams({
      ...{ grant_type: "client_credentials", ...credentials },
      scope: wanted.join(" "),
    }).toString(),
  });
  // It says so where it does not know the app, its secret or a scope.
  if (answer.status === 400) throw new NoAnswer("token-refused");
  const body = bodyOf(answer);
  const [token, given, lasts] = ["access_token", "scope", "expires_in"].map((name) =>
    memberOf(body, name),
  );
  if (typeof token !== "string" || !PART.test(token) || typeof given !== "string")
    throw new NoAnswer("odd");
  if (typeof lasts !== "number" || !(lasts > 0)) throw new NoAnswer("odd");
  // A scope that the app lacks is left out, without an error.
  const has = new Set(given.split(" "));
  if (!wanted.every((scope) => has.has(scope))) throw new NoAnswer("forbidden");
  return { got: `Bearer ${token}`, untilMs: nowMs + lasts * 1_000 - MARGIN_MS };
}
