/** An API on the loopback interface: canned answers, and every call that came, checked. */
import { createHash, createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export const ACCESS_KEY = "AKIDEXAMPLE";
export const SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
export const SESSION_TOKEN = "a-session-token";

interface ReceivedCall {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
  /** Whether the signature is that of this very call, body and headers included. */
  readonly signed: boolean;
}

export interface Reply {
  readonly status?: number;
  readonly type?: string;
  readonly location?: string;
  /** The server's time, as HTTP writes it; now if absent. */
  readonly date?: string;
  readonly body: unknown;
}

/** Answers each call; `reset` closes the connection in place of an answer, `silence` says nothing. */
export type Script = (
  call: ReceivedCall,
  count: number,
) => Reply | "reset" | "silence" | Promise<Reply>;

export interface LoopbackApi {
  readonly address: string;
  readonly calls: readonly ReceivedCall[];
  close(): Promise<void>;
}

export async function loopbackApi(script: Script): Promise<LoopbackApi> {
  const calls: ReceivedCall[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const call: ReceivedCall = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: body === "" ? undefined : JSON.parse(body),
      signed: isSigned(request, body),
    };
    calls.push(call);
    send(response, await script(call, calls.length));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, reply: Reply | "reset" | "silence"): void {
  if (reply === "silence") return;
  if (reply === "reset") {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(reply.status ?? 200, {
    "content-type": reply.type ?? "application/json",
    ...(reply.location === undefined ? {} : { location: reply.location }),
    ...(reply.date === undefined ? {} : { date: reply.date }),
  });
  response.end(typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body));
}

/** An RFC 9457 answer of the API. */
export const problem = (status: number, code: string, detail: string, more = {}): Reply => ({
  status,
  type: "application/problem+json",
  body: { type: `urn:timelatch:problem:${code}`, title: "No", status, detail, ...more },
});

/**
 * Recomputes the signature from what came in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function isSigned({ method, url = "", headers }: IncomingMessage, body: string): boolean {
  const [, date, signedHeaders = "", signature] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d{8})\/us-west-2\/execute-api\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? "",
    ) ?? [];
  const { pathname, searchParams } = new URL(url, "http://host");
  const query = [...searchParams]
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .toSorted()
    .join("&");
  const names = signedHeaders.split(";");
  const canonical = [
    method,
    pathname,
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    "",
    signedHeaders,
    sha256(body),
  ].join("\n");
  const scope = `${date}/us-west-2/execute-api/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(canonical)].join("\n");
  const key = [date ?? "", "us-west-2", "execute-api", "aws4_request"].reduce<string | Buffer>(
    hmac,
    `AWS4${SECRET_KEY}`,
  );
  return (
    names.includes("host") &&
    names.includes("x-amz-security-token") &&
    headers["x-amz-security-token"] === SESSION_TOKEN &&
    hmac(key, toSign).toString("hex") === signature
  );
}

const sha256 = (content: string) => createHash("sha256").update(content).digest("hex");
const hmac = (key: string | Buffer, content: string) =>
  createHmac("sha256", key).update(content).digest();
