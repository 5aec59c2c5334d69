/** The console's HTTP server on 127.0.0.1: the gate, the page's files, and what is forwarded. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Exit } from "../failures/exit-codes.ts";
import { Failure, failureDocument } from "../failures/failure.ts";
import { type Forwarding, forward } from "./forward.ts";
import { gate, LONGEST_BODY, type Passed, type Refusal } from "./gate.ts";
import { CLEARING, HEADERS } from "./headers.ts";
import type { Launch } from "./launch.ts";
import type { PageFiles } from "./page-files.ts";
import { PAGE_PATHS, type PagePath } from "./routes.ts";

export interface ConsoleParts {
  readonly files: PageFiles;
  readonly launch: Launch;
  readonly forwarding: Forwarding;
  /** The facts of this console for the page: the person, the API and the release. */
  readonly session: object;
  /** A page was opened, or somebody pressed something in one. */
  readonly active: () => void;
}

export interface ConsoleServer {
  /** `http://127.0.0.1:53211` */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens on 127.0.0.1 and nowhere else. @param port 0 for any that is free @throws Error where it is taken */
export async function startConsole(port: number, parts: ConsoleParts): Promise<ConsoleServer> {
  const token = randomBytes(32).toString("base64url");
  const server = createServer({ maxHeaderSize: 8_192 });
  const bound = await listen(server, port);
  let isFirst = true;
  const place = { port: bound, token };
  const takeFirst = () => {
    const was = isFirst;
    isFirst = false;
    return was;
  };
  server.on("request", (request, response) => {
    void answer(request, response, { ...parts, place, takeFirst }).catch(() => response.destroy());
  });
  // An upgrade would leave the gate behind.
  server.on("upgrade", (_request, socket) => socket.destroy());
  return {
    address: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

const listen = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });

interface Serving extends ConsoleParts {
  readonly place: { readonly port: number; readonly token: string };
  /** Whether this is the first answer with the page itself. */
  readonly takeFirst: () => boolean;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  serving: Serving,
): Promise<void> {
  const passed = gate(request, serving.place);
  if ("code" in passed) {
    refuse(response, passed);
    return;
  }
  const { path, operation } = passed.route;
  if (isPage(path)) sendPage(response, path, serving);
  else if (path === "/launch") await letIn(response, serving);
  else if (path === "/session") sendJson(response, 200, serving.session);
  else if (path === "/activity") {
    serving.active();
    sendJson(response, 200, {});
  } else if (operation !== undefined) await sendForwarded(request, response, passed, serving);
}

const isPage = (path: string): path is PagePath => (PAGE_PATHS as readonly string[]).includes(path);

function sendPage(response: ServerResponse, path: PagePath, { files, takeFirst }: Serving): void {
  const { type, content } = files[path];
  const clearing = path === "/" && takeFirst() ? CLEARING : {};
  response.writeHead(200, { ...HEADERS, ...clearing, "content-type": type });
  response.end(content);
}

/** One answer in two lines: the digits at once, and the token when the person has typed them. */
async function letIn(response: ServerResponse, { launch, place, active }: Serving): Promise<void> {
  const waiting = launch.open();
  if (!waiting) {
    refuse(response, TOO_MANY);
    return;
  }
  response.writeHead(200, { ...HEADERS, "content-type": "application/x-ndjson" });
  response.write(`${JSON.stringify({ digits: waiting.digits })}\n`);
  response.once("close", () => waiting.leave());
  const end = await waiting.ended;
  if (end === "in") active();
  response.end(`${JSON.stringify(end === "in" ? { token: place.token } : { end })}\n`);
}

const TOO_MANY: Refusal = {
  status: 429,
  code: "too-many-waiting",
  detail: "Five pages wait for their digits already. Close them, or wait a minute.",
};

async function sendForwarded(
  request: IncomingMessage,
  response: ServerResponse,
  passed: Passed,
  { forwarding, active }: Serving,
): Promise<void> {
  const body = await bodyOf(request);
  if (body === TOO_LONG || body === NO_JSON) {
    refuse(response, body === TOO_LONG ? LONG_BODY : BAD_JSON);
    return;
  }
  if (request.method !== "GET") active();
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  try {
    const done = await forward(passed, body, gone.signal, forwarding);
    if ("code" in done) refuse(response, done);
    else sendJson(response, 200, done.answer);
  } catch (error) {
    if (error instanceof Failure) sendJson(response, statusOf(error), failureDocument(error));
    else refuse(response, DEFECT);
  }
}

const TOO_LONG = Symbol("too long");
const NO_JSON = Symbol("no JSON");

/** The document in the body; undefined without one. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LONGEST_BODY) return TOO_LONG;
    parts.push(part);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    return NO_JSON;
  }
}

const LONG_BODY: Refusal = {
  status: 413,
  code: "body-too-large",
  detail: `A body has at most ${LONGEST_BODY} bytes.`,
};
const DEFECT: Refusal = {
  status: 500,
  code: "defect",
  detail:
    "The console could not make sense of the answer. The change may or may not have been made.",
};
const BAD_JSON: Refusal = { status: 400, code: "malformed", detail: "The body is no JSON." };

/** Where the API answered a problem, its own status. */
const STATUSES: Readonly<Partial<Record<Exit, number>>> = {
  refused: 403,
  notFound: 404,
  conflict: 409,
  unavailable: 503,
};

const statusOf = ({ exit, text }: Failure): number => text.problem?.status ?? STATUSES[exit] ?? 502;

const refuse = (response: ServerResponse, { status, code, detail }: Refusal): void => {
  // A body that was not read must not be taken for the next call.
  response.setHeader("connection", "close");
  sendJson(response, status, {
    type: `urn:timelatch:console:${code}`,
    title: "The console refused the call.",
    status,
    detail,
  });
};

function sendJson(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { ...HEADERS, "content-type": "application/json" });
  response.end(JSON.stringify(document));
}
