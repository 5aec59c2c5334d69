import { EventEmitter } from "node:events";
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

/** The reports of the function's process, by the names of the API's events here. */
interface RuntimeEvents {
  /** It asks for an event: its initialisation, or the one before, is over. */
  readonly next: [];
  readonly response: [requestId: string, body: string];
  readonly tooLarge: [requestId: string];
  readonly failure: [requestId: string, error: FunctionErrorPayload];
  readonly initFailure: [error: FunctionErrorPayload];
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

/**
 * The Lambda Runtime API (Developer Guide, "Using the Lambda runtime API") for one execution
 * environment. The client's address takes no path, so that each environment has a server.
 */
export class RuntimeApi extends EventEmitter<RuntimeEvents> {
  readonly #server = createServer((request, response) => {
    // The process was killed in the middle of its answer; its exit reports that to the invoker.
    this.#serve(request, response).catch(() => response.destroy());
  });
  #parked: ServerResponse | undefined;

  /** Listens on a free port. */
  static async start(): Promise<RuntimeApi> {
    const api = new RuntimeApi();
    const server = api.#server;
    // A warm function waits for its next event without a limit.
    server.requestTimeout = 0;
    server.keepAliveTimeout = 0;
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return api;
  }

  /** `127.0.0.1:40123` */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers the `next` that is waiting. */
  give(invocation: Invocation): void {
    this.#parked?.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": invocation.requestId,
      "lambda-runtime-deadline-ms": String(invocation.deadlineMs),
      "lambda-runtime-invoked-function-arn": invocation.functionArn,
    });
    this.#parked?.end(invocation.payload);
    this.#parked = undefined;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? "").slice(PREFIX.length);
    if (request.method === "GET" && path === "invocation/next") {
      this.#parked = response;
      this.emit("next");
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
      this.emit("tooLarge", requestId);
      return;
    }
    answer(response, 202, { status: "OK" });
    if (outcome === "response") this.emit("response", requestId, text);
    else if (outcome === "error") this.emit("failure", requestId, JSON.parse(text));
    else this.emit("initFailure", JSON.parse(text));
  }
}
