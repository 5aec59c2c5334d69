/** Faults on demand: the rules that are set, and which of them a call meets. */

import type { TrailEffect } from "./cloudtrail/trail-effects.ts";
import {
  appliesTo,
  type CallFault,
  type Fault,
  invalidFault,
  parseFault,
  wholeNumber,
} from "./fault-kinds.ts";
import { NAMING_SERVICES } from "./fault-resource.ts";
import { jsonBody } from "./json-body.ts";
import { AwsError, type Caller } from "./service.ts";
import type { Answer } from "./wire.ts";

/** A call as a fault may match it. */
export interface FaultableCall {
  readonly service: string;
  readonly operation: string;
  readonly caller: Caller;
  /** The queue or cluster that it names. */
  readonly resource?: string | undefined;
}

/** A fault with what it strikes. A member that is absent matches everything. */
interface FaultRule {
  readonly id: number;
  readonly fault: Fault;
  readonly service?: string;
  readonly operation?: string;
  /** The caller's role by its name, without path. */
  readonly role?: string;
  /** The caller's account, twelve digits. */
  readonly account?: string;
  /** The name of a queue or a cluster. */
  readonly resource?: string;
  /** How many calls it still strikes; absent for no limit. */
  readonly count?: number;
  /** ISO 8601 UTC; absent for no end. */
  readonly until?: string;
}

export interface FaultTable {
  /** The fault that strikes this call, if any: the oldest rule that matches, which it uses up by one. */
  readonly take: (call: FaultableCall) => CallFault | undefined;
  /**
   * The same for `overlap`, asked once a receive has messages. Answers after how many milliseconds
   * they are given out again, at any visibility.
   */
  readonly takeOverlap: (call: FaultableCall) => number | undefined;
  /** The same for `trail`, asked when CloudTrail records a call. */
  readonly takeTrail: (call: FaultableCall) => TrailEffect | undefined;
  /**
   * The table over HTTP: POST adds the rule in the body, GET lists, DELETE forgets all. A rule is
   * written `{ "kind": "throttle", "service": "eks", "operation": "CreateAccessEntry", "role": "…",
   * "count": 3 }`. `seconds` stands in place of or beside `count`. The kinds that take a time have
   * `milliseconds`.
   */
  readonly serve: (method: string, body: Buffer) => Answer;
}

const MEMBERS = [
  ...[
    "kind",
    "service",
    "operation",
    "role",
    "account",
    "resource",
    "count",
    "seconds",
    "milliseconds",
  ],
  "effect",
];

export function faultTable(now: () => Date = () => new Date()): FaultTable {
  let rules: readonly FaultRule[] = [];
  let lastId = 0;
  const current = () => {
    const text = now().toISOString();
    rules = rules.filter((rule) => rule.until === undefined || rule.until > text);
    return rules;
  };
  const use = (call: FaultableCall, isMeant: (fault: Fault) => boolean): Fault | undefined => {
    const rule = current().find((each) => isMeant(each.fault) && strikes(each, call));
    if (rule?.count !== undefined) {
      const left = { ...rule, count: rule.count - 1 };
      rules = rules.flatMap((each) => (each !== rule ? each : left.count > 0 ? left : []));
    }
    return rule?.fault;
  };
  return {
    take: (call) => {
      const fault = use(call, ({ kind }) => kind !== "overlap" && kind !== "trail");
      return fault?.kind === "overlap" || fault?.kind === "trail" ? undefined : fault;
    },
    takeOverlap: (call) => {
      const fault = use(call, ({ kind }) => kind === "overlap");
      return fault?.kind === "overlap" ? fault.milliseconds : undefined;
    },
    takeTrail: (call) => {
      const fault = use(call, ({ kind }) => kind === "trail");
      return fault?.kind === "trail" ? fault : undefined;
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
    (rule.role === undefined || rule.role === role) &&
    (rule.account === undefined || rule.account === call.caller.accountId) &&
    (rule.resource === undefined || rule.resource === call.resource) &&
    appliesTo(rule.fault, call)
  );
}

function parseRule(body: Record<string, unknown>, id: number, now: Date): FaultRule {
  const unknown = Object.keys(body).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0)
    throw invalidFault(
      `A fault has no member ${unknown.join(", ")}; it has ${MEMBERS.join(", ")}.`,
    );
  const text = (name: string) => {
    const value = body[name];
    if (value !== undefined && typeof value !== "string") throw invalidFault(`${name} is a text.`);
    return value === undefined ? {} : { [name]: value };
  };
  const count = wholeNumber(body, "count");
  const seconds = wholeNumber(body, "seconds");
  return {
    id,
    fault: parseFault(body),
    ...text("service"),
    ...text("operation"),
    ...text("role"),
    ...text("account"),
    ...resourceIn(body, text),
    ...(count === undefined ? {} : { count }),
    ...(seconds === undefined
      ? {}
      : { until: new Date(now.getTime() + seconds * 1000).toISOString() }),
  };
}

/** Calls of the other services name neither a queue nor a cluster. */
function resourceIn(
  { service, resource }: Record<string, unknown>,
  text: (name: string) => object,
): object {
  if (resource !== undefined && !NAMING_SERVICES.includes(String(service)))
    throw invalidFault(`A resource is for a service of ${NAMING_SERVICES.join(", ")}.`);
  return text("resource");
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value),
  };
}
