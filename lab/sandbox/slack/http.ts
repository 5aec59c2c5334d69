/** Reading requests of the Slack port and writing its answers. */
import type { IncomingMessage, ServerResponse } from "node:http";

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Slack takes no larger body; a view is 250 kB at most. */
const MOST_BYTES = 1_000_000;

/** Undefined for a body over the limit, and where the client went away while it was still sending. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of incoming as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size > MOST_BYTES) return undefined;
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts);
}

export const json = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpAnswer => ({
  status,
  headers: { ...headers, "content-type": "application/json; charset=utf-8" },
  body: JSON.stringify(value),
});

/** A refusal by the sandbox itself, beside Slack's. */
export const refusal = (status: number, message: string): HttpAnswer => json(status, { message });

export function write(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, {
    ...headers,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "content-length": String(Buffer.byteLength(body)),
  });
  response.end(body);
}
