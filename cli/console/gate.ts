/** The one gate before all routes of the console: who may call, from where, and how. */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type Found, findRoute } from "./routes.ts";

/** The header in which the page sends the token of this process. */
export const TOKEN_HEADER = "x-timelatch-console";

/** The most bytes of a body: more than any body that the API takes. */
export const LONGEST_BODY = 16_384;

export interface Place {
  readonly port: number;
  /** The token of this process. */
  readonly token: string;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export interface Passed extends Found {
  readonly query: URLSearchParams;
}

type Headers = ReadonlyMap<string, readonly string[]>;

interface Knock extends Place {
  readonly request: Pick<IncomingMessage, "method" | "url">;
  readonly headers: Headers;
  readonly found: Found;
}

/** Judges a call before a byte of its body is read. */
export function gate(
  request: Pick<IncomingMessage, "method" | "url" | "rawHeaders">,
  place: Place,
): Passed | Refusal {
  const headers = headersOf(request.rawHeaders);
  const wrongPlace = hostRefusal(headers, place);
  if (wrongPlace) return wrongPlace;
  const target = request.url ?? "";
  // An absolute target would name another host than the header does.
  if (!/^\/(?!\/)[\x21-\x7e]*$/.test(target)) return refuse(400, "bad-target");
  if (headers.has("upgrade")) return refuse(400, "no-upgrade");
  const [pathname = "", query = ""] = target.split(/\?(.*)/s);
  const found = findRoute(request.method ?? "", pathname);
  if (found === "path") return refuse(404, "route-not-found");
  if (found === "method") return refuse(405, "method-not-allowed");
  const knock: Knock = { ...place, request, headers, found };
  const refusal = CHECKS.map((check) => check(knock)).find((each) => each !== undefined);
  return refusal ?? { ...found, query: new URLSearchParams(query) };
}

/** The checks behind the host and the route, in their order. */
const CHECKS: readonly ((knock: Knock) => Refusal | undefined)[] = [
  siteRefusal,
  originRefusal,
  bodyRefusal,
  tokenRefusal,
];

/** Host names that lead here by DNS are refused before anything is read. */
function hostRefusal(headers: Headers, { port }: Place): Refusal | undefined {
  const right = `127.0.0.1:${port}`;
  if (only(headers, "host") === right) return undefined;
  return {
    status: 421,
    code: "wrong-host",
    detail: `This console answers at http://${right}/ and under no other name. Through SSH or a container, use one number on both sides: timelatch console --no-open --port ${port}, and ssh -L ${port}:${right}.`,
  };
}

/** A browser says from where a call comes. An address that somebody types comes from nowhere. */
function siteRefusal({ headers, found }: Knock): Refusal | undefined {
  if (!headers.has("sec-fetch-site")) return undefined;
  const site = only(headers, "sec-fetch-site");
  if (site === "same-origin") return undefined;
  if (site === "none" && found.route.need === "nothing") return undefined;
  return refuse(403, "other-site");
}

/** A GET of the page itself carries no origin; whatever changes something does. */
function originRefusal({ headers, found, port }: Knock): Refusal | undefined {
  if (!headers.has("origin") && found.route.method === "GET") return undefined;
  return only(headers, "origin") === `http://127.0.0.1:${port}`
    ? undefined
    : refuse(403, "other-origin");
}

function bodyRefusal({ headers, found }: Knock): Refusal | undefined {
  const hasBody = headers.has("content-length") || headers.has("transfer-encoding");
  if (!hasBody) return undefined;
  const length = only(headers, "content-length");
  if (length === "0") return undefined;
  if (found.route.method === "GET") return refuse(400, "body-not-taken");
  if (length === undefined || !/^\d{1,9}$/.test(length)) return refuse(411, "length-needed");
  if (Number(length) > LONGEST_BODY) return refuse(413, "body-too-large");
  return only(headers, "content-type") === "application/json"
    ? undefined
    : refuse(415, "unsupported-media-type");
}

function tokenRefusal({ headers, found, token }: Knock): Refusal | undefined {
  if (found.route.need !== "token") return undefined;
  const given = Buffer.from(only(headers, TOKEN_HEADER) ?? "");
  const right = Buffer.from(token);
  return given.length === right.length && timingSafeEqual(given, right)
    ? undefined
    : refuse(401, "not-let-in");
}

/** The value of a header that was sent once; undefined where it was not, or more often. */
function only(headers: Headers, name: string): string | undefined {
  const values = headers.get(name) ?? [];
  return values.length === 1 ? values[0] : undefined;
}

/** Node joins or drops headers that are sent twice, so the raw ones are read. */
function headersOf(raw: readonly string[]): Headers {
  const headers = new Map<string, string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? "").toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), raw[at + 1] ?? ""]);
  }
  return headers;
}

const DETAILS = {
  "bad-target": "The target of the call is not a path of this console.",
  "no-upgrade": "The console speaks plain HTTP alone.",
  "route-not-found": "The console has nothing under this address.",
  "method-not-allowed": "This address of the console does not take that method.",
  "other-site": "The call comes from another site.",
  "other-origin": "The call comes from another page than this console's own.",
  "body-not-taken": "This address of the console takes no body.",
  "length-needed": "The call does not say how long its body is.",
  "body-too-large": `A body has at most ${LONGEST_BODY} bytes.`,
  "unsupported-media-type": "A body has to be application/json.",
  "not-let-in": "This page was not let in by this console. Nothing was done.",
} as const;

const refuse = (status: number, code: keyof typeof DETAILS): Refusal => ({
  status,
  code,
  detail: DETAILS[code],
});
