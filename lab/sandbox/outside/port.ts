/**
 * The services that say who is on call, and others outside of AWS, on one port: `/HOST/…` is what a service has at that host, and
 * `/_sandbox/…` is what tests and people set and read.
 */
import { once } from "node:events";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { reportDefect } from "../aws/report-defect.ts";
import type { Store } from "../aws/store.ts";
import { type HttpAnswer, json, readBody, refusal, write } from "../slack/http.ts";
import { InvalidRule, type OutsideFault, type OutsideFaults, outsideFaults } from "./faults.ts";
import { GITHUB } from "./github.ts";
import { INCIDENT_IO } from "./incident-io.ts";
import { ISSUER_HOST, issuerAnswer, jobToken } from "./issuer.ts";
import { JIRA } from "./jira.ts";
import { JIRA_OPERATIONS } from "./jira-operations.ts";
import { setOnCall, shownSchedules } from "./on-call-control.ts";
import { PAGERDUTY } from "./pagerduty.ts";
import { initialPeople, withPerson } from "./people.ts";
import { type Asked, type EmulatedService, NotEmulated } from "./service.ts";
import type { Service } from "./service-names.ts";
import { SERVICE_NOW } from "./service-now.ts";
import { initialOutsideState, type OutsideState } from "./state.ts";
import { withTicket } from "./tickets.ts";

interface OutsideCall {
  readonly at: string;
  readonly service: Service;
  readonly path: string;
  readonly status: number;
}

export interface OutsidePortOptions {
  readonly store: Store<OutsideState>;
  /** This port's own address, without a path. */
  readonly outsideUrl: string;
  /** The token that an operator stored for a service; read at each call. */
  readonly token: (service: Service) => string | undefined;
  readonly onCall?: (call: OutsideCall) => void;
  readonly now?: () => Date;
}

const EMULATED: Readonly<Record<Service, EmulatedService>> = {
  pagerduty: PAGERDUTY,
  incidentIo: INCIDENT_IO,
  jiraOperations: JIRA_OPERATIONS,
  jira: JIRA,
  serviceNow: SERVICE_NOW,
  github: GITHUB,
};

const serviceAt = (host: string) =>
  (Object.keys(EMULATED) as Service[]).find((name) => EMULATED[name].hosts.includes(host));

interface Port {
  readonly options: OutsidePortOptions;
  readonly faults: OutsideFaults;
  readonly calls: OutsideCall[];
  readonly nowMs: () => number;
}

export function outsidePort(options: OutsidePortOptions): RequestListener {
  const nowMs = () => (options.now?.() ?? new Date()).getTime();
  const port: Port = { options, faults: outsideFaults(nowMs), calls: [], nowMs };
  return (incoming, response) => {
    void serve(port, incoming, response).catch((thrown: unknown) => {
      reportDefect(`The services' ${incoming.method} ${incoming.url}`, thrown);
      response.destroy();
    });
  };
}

async function serve(port: Port, incoming: IncomingMessage, response: ServerResponse) {
  const body = await readBody(incoming);
  const url = new URL(incoming.url ?? "/", port.options.outsideUrl);
  const [first = "", ...path] = url.pathname.split("/").slice(1).map(decodeURIComponent);
  const { method = "GET", headers } = incoming;
  if (!body) response.destroy();
  else if (isForeign(port, incoming))
    write(response, refusal(403, "This port answers for its own address, and for no web page."));
  else if (first === "_sandbox") write(response, sandboxPath(port, method, path, body));
  else
    await serveService(port, response, {
      ...{ host: first, method, path, headers, query: url.searchParams },
      body: body.toString("utf8"),
      nowMs: port.nowMs(),
    });
}

/** A web page of elsewhere names another host, or itself. */
function isForeign({ options }: Port, { headers }: IncomingMessage): boolean {
  const { host } = new URL(options.outsideUrl);
  const hosts = [host, host.replace("127.0.0.1", "localhost")];
  return !hosts.includes(headers.host ?? "") || headers.origin !== undefined;
}

async function serveService(port: Port, response: ServerResponse, asked: Asked) {
  const { host } = asked;
  if (host === ISSUER_HOST) {
    write(response, issuerAnswer(port.options.store, asked));
    return;
  }
  const name = serviceAt(host);
  if (!name) {
    write(response, refusal(501, `The sandbox does not emulate the host ${host}.`));
    return;
  }
  const fault = port.faults.take(name);
  const nowMs = fault?.kind === "clock" ? asked.nowMs - (fault.seconds ?? 0) * 1_000 : asked.nowMs;
  const answer = answerOf(port, name, { ...asked, nowMs }, fault);
  note(port, { service: name, path: `/${asked.path.join("/")}`, status: answer.status });
  if (fault?.kind === "drop") response.destroy();
  else await send(response, answer, fault, nowMs);
}

const MOST_CALLS = 1_000;

function note({ calls, options, nowMs }: Port, made: Omit<OutsideCall, "at">): void {
  const call = { at: new Date(nowMs()).toISOString(), ...made };
  calls.push(call);
  if (calls.length > MOST_CALLS) calls.shift();
  options.onCall?.(call);
}

function answerOf(port: Port, name: Service, asked: Asked, fault?: OutsideFault): HttpAnswer {
  const service = EMULATED[name];
  const { store, token } = port.options;
  const secret = token(name);
  if (secret === undefined || !service.isAuthorized(asked, secret) || fault?.kind === "token") {
    const { unauthorized } = service;
    return typeof unauthorized === "function" ? unauthorized(asked) : unauthorized;
  }
  switch (fault?.kind) {
    case "rate-limit":
      return service.busy(fault.seconds ?? 1, asked.nowMs);
    case "forbidden":
      return service.forbidden;
    case "outage":
      return service.outage;
    case "gone":
      return service.gone;
    case "redirect":
      return { ...json(302, {}), headers: { location: "https://elsewhere.example/" } };
    default:
      return emulated(service, asked, store.state, secret);
  }
}

function emulated(
  service: EmulatedService,
  asked: Asked,
  state: OutsideState,
  token: string,
): HttpAnswer {
  try {
    return service.answer(asked, state, token);
  } catch (error) {
    if (!(error instanceof NotEmulated)) throw error;
    return refusal(501, error.message);
  }
}

const HUGE_BYTES = 50_000_000;

async function send(
  response: ServerResponse,
  answer: HttpAnswer,
  fault: OutsideFault | undefined,
  nowMs: number,
) {
  if (fault?.kind === "slow") await sleep(fault.milliseconds ?? 0, undefined, { ref: false });
  const headers = { ...answer.headers, date: new Date(nowMs).toUTCString() };
  const { length } = answer.body;
  const half = answer.body.slice(0, Math.floor(length / 2));
  if (fault?.kind === "huge") await sendHuge(response, headers);
  else write(response, { ...answer, headers, ...(fault?.kind === "half" ? { body: half } : {}) });
}

/** In parts, until whoever asked goes away. */
async function sendHuge(response: ServerResponse, headers: Readonly<Record<string, string>>) {
  response.writeHead(200, { ...headers, "content-length": String(HUGE_BYTES) });
  const part = Buffer.alloc(100_000, " ");
  const gone = once(response, "close");
  for (let sent = 0; sent < HUGE_BYTES && !response.destroyed; sent += part.length)
    if (!response.write(part)) await Promise.race([once(response, "drain"), gone]);
  response.end();
}

function sandboxPath(port: Port, method: string, path: readonly string[], body: Buffer) {
  const name = path.join("/");
  try {
    if (name === "on-call") return onCall(port, method, body);
    if (name === "tickets") return tickets(port, method, body);
    if (name === "people") return people(port, method, body);
    if (name === "faults") return faults(port, method, body);
    if (name === "calls" && method === "GET") return json(200, port.calls);
    if (name === "id-tokens" && method === "POST")
      return jobToken(port.options.store, jsonIn(body), port.nowMs());
  } catch (error) {
    if (!(error instanceof InvalidRule)) throw error;
    return refusal(400, `${error.message} Nothing was set.`);
  }
  return refusal(404, `The sandbox has no ${method} /_sandbox/${name} on this port.`);
}

function onCall({ options, nowMs }: Port, method: string, body: Buffer): HttpAnswer {
  const { store } = options;
  if (method === "POST") store.change((state) => setOnCall(state, jsonIn(body), nowMs()));
  if (method === "DELETE")
    store.change((state) => Object.assign(state, { schedules: initialOutsideState().schedules }));
  return json(200, { schedules: shownSchedules(store.state, nowMs()) });
}

function tickets({ options, nowMs }: Port, method: string, body: Buffer): HttpAnswer {
  const { store } = options;
  if (method === "POST")
    store.change((state) =>
      Object.assign(state, { tickets: withTicket(state.tickets, jsonIn(body), nowMs()) }),
    );
  if (method === "DELETE") store.change((state) => Object.assign(state, { tickets: [] }));
  return json(200, { tickets: store.state.tickets });
}

function people({ options }: Port, method: string, body: Buffer): HttpAnswer {
  const { store } = options;
  if (method === "POST")
    store.change((state) =>
      Object.assign(state, { people: withPerson(state.people, jsonIn(body)) }),
    );
  if (method === "DELETE")
    store.change((state) => Object.assign(state, { people: initialPeople() }));
  return json(200, { people: store.state.people });
}

function faults({ faults: table }: Port, method: string, body: Buffer): HttpAnswer {
  if (method === "POST") table.add(jsonIn(body));
  if (method === "DELETE") table.clear();
  return json(200, { faults: table.list() });
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
