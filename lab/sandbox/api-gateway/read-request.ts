/** Reads a call within the quotas for HTTP APIs (API Gateway Developer Guide, "Quotas"). */
import type { IncomingMessage } from "node:http";
import { HEADERS_TOO_LARGE, TOO_LARGE } from "./answer.ts";
import type { GatewayRequest } from "./event.ts";
import { GatewayRefusal } from "./gateway-refusal.ts";

/** 10 MB of payload, and 10,240 bytes of request line and headers. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const MAX_HEADER_BYTES = 10_240;

/** @throws GatewayRefusal for headers or a body over the quota */
export async function readRequest(incoming: IncomingMessage): Promise<GatewayRequest> {
  if (headerBytes(incoming) > MAX_HEADER_BYTES) {
    incoming.resume();
    throw new GatewayRefusal(HEADERS_TOO_LARGE);
  }
  return {
    method: incoming.method ?? "GET",
    target: incoming.url ?? "/",
    headers: incoming.headers,
    body: await bodyOf(incoming),
    sourceIp: incoming.socket.remoteAddress ?? "",
    httpVersion: incoming.httpVersion,
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) throw new GatewayRefusal(TOO_LARGE);
  return Buffer.concat(chunks);
}

const headerBytes = (request: IncomingMessage) =>
  request.rawHeaders.reduce(
    // Each name and each value has two bytes of separators on the wire.
    (sum, text) => sum + Buffer.byteLength(text) + 2,
    Buffer.byteLength(`${request.method} ${request.url} HTTP/1.1`) + 2,
  );
