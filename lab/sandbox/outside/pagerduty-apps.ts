/**
 * PagerDuty's scoped apps: `identity.pagerduty.com` gives an app a token for its secret, for a day.
 * https://developer.pagerduty.com/docs/app-oauth-token
 */
import { createHash } from "node:crypto";
import { type HttpAnswer, json } from "../slack/http.ts";
import { type Asked, failed, NotEmulated } from "./service.ts";

export const IDENTITY_HOST = "identity.pagerduty.com";

const LASTS_SECONDS = 86_400;
/** The rights of the emulated app. It has no other, and says nothing where it is asked for one. */
const GRANTED = ["schedules.read", "users.read"];

/** The app that an operator stored; undefined for a plain key. */
function appIn(secret: string): Readonly<Record<string, unknown>> | undefined {
  if (!secret.startsWith("{")) return undefined;
  try {
    return JSON.parse(secret) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

const refused = (status: number, error: string) =>
  failed(status, { error, error_description: "The app or its secret is not known." });

/** The answer to an app that wants a token. */
export function tokenAnswer({ method, path, body, nowMs }: Asked, secret: string): HttpAnswer {
  if (method !== "POST" || path.join("/") !== "oauth/token")
    throw new NotEmulated(`The sandbox's ${IDENTITY_HOST} has no ${method} /${path.join("/")}.`);
  const form = new URLSearchParams(body);
  const app = appIn(secret);
  if (form.get("grant_type") !== "client_credentials")
    return refused(400, "unsupported_grant_type");
  const isKnown = ["client_id", "client_secret"].every(
    (name) => app !== undefined && form.get(name) === app[name],
  );
  if (!isKnown) return refused(401, "invalid_client");
  const asked = (form.get("scope") ?? "").split(" ");
  const account = asked.find((scope) => /^as_account-(us|eu)\./.test(scope));
  if (account?.split(".")[1] !== app?.["subdomain"]) return refused(400, "invalid_scope");
  const scope = asked.filter((one) => one === account || GRANTED.includes(one)).join(" ");
  const claims = { scope, until: nowMs + LASTS_SECONDS * 1_000 };
  return json(200, {
    ...{ access_token: tokenWith(claims, secret), scope, token_type: "bearer" },
    expires_in: LASTS_SECONDS,
  });
}

interface Claims {
  readonly scope: string;
  readonly until: number;
}

function tokenWith(claims: Claims, secret: string): string {
  const text = Buffer.from(JSON.stringify(claims)).toString("base64url");
  return `pdus+_${text}_${sealOf(text, secret)}`;
}

const sealOf = (text: string, secret: string) =>
  createHash("sha256").update(`${text}${secret}`).digest("hex").slice(0, 20);

/** The rights and the end that are in an app's token; undefined for a key, or for a token that this did not make. */
function claimsIn({ headers }: Asked, secret: string): Claims | undefined {
  const [, text = "", seal] =
    /^Bearer pdus\+_([\w-]+)_([0-9a-f]{20})$/.exec(headers.authorization ?? "") ?? [];
  if (seal !== sealOf(text, secret)) return undefined;
  return JSON.parse(Buffer.from(text, "base64url").toString("utf8")) as Claims;
}

/** Whether a request carries what it should: the key, or a token of the app whose time is not over. */
export function isAuthorized(asked: Asked, secret: string): boolean {
  // There the app shows its secret in the body.
  if (asked.host === IDENTITY_HOST) return true;
  if (appIn(secret) === undefined) return asked.headers.authorization === `Token token=${secret}`;
  const claims = claimsIn(asked, secret);
  return claims !== undefined && asked.nowMs < claims.until;
}

/** Whether it may do that. A key may do everything. */
export function mayDo(asked: Asked, secret: string, scope: string): boolean {
  const claims = claimsIn(asked, secret);
  return claims === undefined || claims.scope.split(" ").includes(scope);
}
