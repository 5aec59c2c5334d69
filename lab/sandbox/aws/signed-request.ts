/** A request as it came over the wire, which is what its signature covers. */
import type { IncomingMessage } from "node:http";
import { mismatch } from "./authentication-refusal.ts";

/** A request exactly as it came over the wire: nothing decoded, no header joined. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query, percent-encoded as sent. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** The wire form of Node's request: `rawHeaders`, since `headers` drops or joins repeated ones. */
export function signedRequest(request: IncomingMessage, body: Buffer): SignedRequest {
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < request.rawHeaders.length; at += 2)
    headers.push([request.rawHeaders[at] ?? "", request.rawHeaders[at + 1] ?? ""]);
  return { method: request.method ?? "GET", target: request.url ?? "/", headers, body };
}

/** The first value of a header, by its lower-case name. */
export function headerOf(request: SignedRequest, name: string): string | undefined {
  return request.headers.find(([header]) => header.toLowerCase() === name)?.[1];
}

/** Decoded pairs. In a URL's query, unlike in a form, `+` is a plus sign; a bare name has an empty value. */
export function queryPairs(target: string): readonly [name: string, value: string][] {
  const at = target.indexOf("?");
  if (at < 0) return [];
  return target
    .slice(at + 1)
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      return equals < 0
        ? [decode(pair), ""]
        : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw mismatch(`The query holds '${text}', which is not percent-encoded UTF-8.`);
  }
}
