/** Forwards a call of the page to the API: one of the table's operations, built from its parts. */
import { randomUUID } from "node:crypto";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import {
  QUERY,
  type QueryParameter,
  ROUTES,
  type RouteOperation,
} from "../../shared/http/contract/routes.ts";
import type { Api } from "../api/api-client.ts";
import type { Call } from "../api/call.ts";
import { type Change, type Terms, termsOf } from "./consent.ts";
import type { Passed, Refusal } from "./gate.ts";
import { MAKES } from "./operations.ts";
import type { ServedTerms } from "./served-terms.ts";
import type { SharedReads } from "./shared-reads.ts";

export interface Forwarding {
  readonly api: Pick<Api, "send">;
  readonly served: ServedTerms;
  readonly reads: SharedReads;
  readonly now: () => string;
  /** Asks in the terminal. @param gone aborts when the page no longer waits */
  readonly agreed: (terms: Terms, gone: AbortSignal) => Promise<boolean>;
}

/** The answer of the API, or why nothing was sent. @throws Failure */
export async function forward(
  { route, parameters, query }: Passed,
  body: unknown,
  gone: AbortSignal,
  forwarding: Forwarding,
): Promise<{ readonly answer: unknown } | Refusal> {
  const { operation } = route;
  if (operation === undefined) throw new Error("The route forwards nothing.");
  const call = callOf(operation, parameters, query, body);
  if ("code" in call) return call;
  return call.method === "GET"
    ? { answer: await read(operation, call, forwarding) }
    : change({ operation, parameters, body }, call, gone, forwarding);
}

async function read(operation: RouteOperation, call: Call, forwarding: Forwarding) {
  const { api, reads, served } = forwarding;
  const key = JSON.stringify([call.path, call.query]);
  const answer = await reads.read(key, () => api.send(call));
  if (operation === "getRequest") served.keep(answer as RequestAnswer);
  return answer;
}

async function change(
  asked: Change,
  call: Call,
  gone: AbortSignal,
  { api, served, reads, now, agreed }: Forwarding,
): Promise<{ readonly answer: unknown } | Refusal> {
  const { operation, parameters, body } = asked;
  if (operation === "previewRequest") return { answer: await api.send(call) };
  const fault =
    operation === "decideRequest" ? served.fault(parameters["id"] ?? "", body) : undefined;
  if (fault) return fault;
  const terms = await termsOf(asked, { api, served: served.of, now });
  if (terms && !(await agreed(terms, gone))) return NOT_AGREED;
  try {
    return { answer: await api.send(call) };
  } finally {
    reads.forget();
  }
}

const NOT_AGREED: Refusal = {
  status: 403,
  code: "not-agreed",
  detail: "The terminal did not agree. Nothing was sent.",
};

/** The call, or why the page's parameters make none. */
function callOf(
  operation: RouteOperation,
  parameters: Readonly<Record<string, string>>,
  query: URLSearchParams,
  body: unknown,
): Call | Refusal {
  const route = ROUTES.find((each) => each.operation === operation);
  if (!route) throw new Error(`There is no route of ${operation}.`);
  const known: readonly string[] = QUERY[operation] ?? [];
  for (const [name, value] of query)
    if (!known.includes(name) || query.getAll(name).length > 1 || value.length > LONGEST_VALUE)
      return { status: 400, code: "bad-query", detail: `The parameter ${name} is not taken here.` };
  const path = route.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(parameters[name] ?? ""),
  );
  return {
    method: route.method,
    path,
    query: Object.fromEntries(query) as Partial<Record<QueryParameter, string>>,
    ...(route.method === "POST" ? { body: body ?? {} } : {}),
    ...(operation === "previewRequest" ? { reads: true } : {}),
    ...(MAKES.has(operation) ? { idempotencyKey: randomUUID() } : {}),
  };
}

/** Longer than any cursor of the API. */
const LONGEST_VALUE = 2_048;
