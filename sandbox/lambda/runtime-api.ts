/**
 * The Lambda Runtime API (Developer Guide, "Using the Lambda runtime API") for one execution
 * environment. The client's address takes no path, so that each environment has a server.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type FunctionErrorPayload, MAX_PAYLOAD_BYTES } from "./function-error.ts";

interface Invocation {
  readonly requestId: string;
  /** The event as JSON. */
  readonly payload: string;
  readonly functionArn: string;
  /** When it will be killed: milliseconds since the epoch. */
  readonly deadlineMs: number;
}

/** What the function's process reports. */
export interface RuntimeEvents {
  /** It asks for an event: its initialisation, or the one before, is over. */
  readonly onNext: () => void;
  readonly onResponse: (requestId: string, body: string) => void;
  readonly onTooLarge: (requestId: string) => void;
  readonly onError: (requestId: string, error: FunctionErrorPayload) => void;
  readonly onInitError: (error: FunctionErrorPayload) => void;
}

export interface RuntimeApi {
  /** `127.0.0.1:40123` */
  readonly address: string;
  /** Answers the `next` that is waiting. */
  give(invocation: Invocation): void;
  close(): void;
}

const PREFIX = "/2018-06-01/runtime/";
const INVOCATION = /^invocation\/([^/]+)\/(response|error)$/;

async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
  }
  return size > MAX_PAYLOAD_BYTES ? undefined : Buffer.concat(chunks).toString("utf8");
}

const answer = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over the parked call; each part in it is short.
export async function startRuntimeApi(events: RuntimeEvents): Promise<RuntimeApi> {
  let parked: ServerResponse | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").slice(PREFIX.length);
    if (request.method === "GET" && path === "invocation/next") {
      parked = response;
      events.onNext();
      return;
    }
    const [, requestId = "", outcome] = INVOCATION.exec(path) ?? [];
    if (outcome === undefined && path !== "init/error") {
      answer(response, 404, { errorType: "UnknownPath", errorMessage: path });
      return;
    }
    const text = await textOf(request);
    if (text === undefined) {
      answer(response, 413, { errorType: "RequestEntityTooLarge", errorMessage: path });
      events.onTooLarge(requestId);
      return;
    }
    answer(response, 202, { status: "OK" });
    if (outcome === "response") events.onResponse(requestId, text);
    else if (outcome === "error") events.onError(requestId, JSON.parse(text));
    else events.onInitError(JSON.parse(text));
  }

  const server = createServer((request, response) => {
    // The process was killed in the middle of its answer; its exit reports that to the invoker.
    serve(request, response).catch(() => response.destroy());
  });
  // A warm function waits for its next event as long as there is none.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));

  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    give(invocation) {
      parked?.writeHead(200, {
        "content-type": "application/json",
        "lambda-runtime-aws-request-id": invocation.requestId,
        "lambda-runtime-deadline-ms": String(invocation.deadlineMs),
        "lambda-runtime-invoked-function-arn": invocation.functionArn,
      });
      parked?.end(invocation.payload);
      parked = undefined;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
