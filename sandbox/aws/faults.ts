import { jsonBody } from "./json-body.ts";
import { AwsError, type Caller } from "./service.ts";
import type { Answer } from "./wire.ts";

/**
 * Faults on demand. `throttle` and `refuse` answer an error and apply nothing; `delay` answers
 * later; `drop` applies the call and then cuts the connection; `late` cuts it at once and applies
 * the call afterwards.
 */
export type Fault =
  | { readonly kind: "throttle" | "refuse" | "drop" }
  | { readonly kind: "delay" | "late"; readonly milliseconds: number };

/** A call as a fault may match it. */
export interface FaultableCall {
  readonly service: string;
  readonly operation: string;
  readonly caller: Caller;
}

/** A fault with what it strikes. A member that is absent matches everything. */
export interface FaultRule {
  readonly id: number;
  readonly fault: Fault;
  readonly service?: string;
  readonly operation?: string;
  /** The caller's role by its name, without path. */
  readonly role?: string;
  /** How many calls it still strikes; absent for no limit. */
  readonly count?: number;
  /** ISO 8601 UTC; absent for no end. */
  readonly until?: string;
}

export interface FaultTable {
  /** The fault that strikes this call, if any: the oldest rule that matches, which it uses up by one. */
  readonly take: (call: FaultableCall) => Fault | undefined;
  /**
   * The table over HTTP: POST adds the rule in the body, GET lists, DELETE forgets all. A rule is
   * written `{ "kind": "throttle", "service": "eks", "operation": "CreateAccessEntry",
   * "role": "…", "count": 3 }`, with `seconds` in place of or beside `count`, and `milliseconds`
   * for `delay` and `late`.
   */
  readonly serve: (method: string, body: Buffer) => Answer;
}

const MEMBERS = ["kind", "service", "operation", "role", "count", "seconds", "milliseconds"];

export function faultTable(now: () => Date = () => new Date()): FaultTable {
  let rules: readonly FaultRule[] = [];
  let lastId = 0;
  const current = () => {
    const text = now().toISOString();
    rules = rules.filter((rule) => rule.until === undefined || rule.until > text);
    return rules;
  };
  return {
    take: (call) => {
      const rule = current().find((each) => strikes(each, call));
      if (rule?.count !== undefined) {
        const left = { ...rule, count: rule.count - 1 };
        rules = rules.flatMap((each) => (each !== rule ? each : left.count > 0 ? left : []));
      }
      return rule?.fault;
    },
    serve: (method, body) => {
      if (method === "GET") return json(200, { faults: current() });
      if (method === "DELETE") {
        rules = [];
        return json(200, { faults: rules });
      }
      if (method !== "POST")
        return json(405, { message: `Faults take POST, GET and DELETE, not ${method}.` });
      try {
        lastId += 1;
        rules = [...current(), parseRule(jsonBody(body), lastId, now())];
        return json(201, { faults: rules });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return json(400, { message: error.message });
      }
    },
  };
}

function strikes(rule: FaultRule, call: FaultableCall): boolean {
  const role = call.caller.principalArn.split("/").at(-1);
  return (
    (rule.service === undefined || rule.service === call.service) &&
    (rule.operation === undefined || rule.operation === call.operation) &&
    (rule.role === undefined || rule.role === role)
  );
}

function parseRule(body: Record<string, unknown>, id: number, now: Date): FaultRule {
  const unknown = Object.keys(body).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0)
    throw invalid(`A fault has no member ${unknown.join(", ")}; it has ${MEMBERS.join(", ")}.`);
  const text = (name: string) => {
    const value = body[name];
    if (value !== undefined && typeof value !== "string") throw invalid(`${name} is a text.`);
    return value === undefined ? {} : { [name]: value };
  };
  const count = whole(body, "count");
  const seconds = whole(body, "seconds");
  return {
    id,
    fault: parseFault(body),
    ...text("service"),
    ...text("operation"),
    ...text("role"),
    ...(count === undefined ? {} : { count }),
    ...(seconds === undefined
      ? {}
      : { until: new Date(now.getTime() + seconds * 1000).toISOString() }),
  };
}

function parseFault(body: Record<string, unknown>): Fault {
  const milliseconds = whole(body, "milliseconds");
  const kind = body["kind"];
  if (kind === "throttle" || kind === "refuse" || kind === "drop") {
    if (milliseconds !== undefined) throw invalid(`A fault of kind ${kind} takes no milliseconds.`);
    return { kind };
  }
  if (kind === "delay" || kind === "late") {
    if (milliseconds === undefined) throw invalid(`A fault of kind ${kind} needs milliseconds.`);
    return { kind, milliseconds };
  }
  throw invalid("kind is throttle, refuse, delay, drop or late.");
}

function whole(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1)
    throw invalid(`${name} is a whole number above zero.`);
  return value;
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", 400, `${message} No fault was added.`);
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}
