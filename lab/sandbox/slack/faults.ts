/** Faults on demand: the rules that are set, and which of them a call meets. */
import { isObject } from "./blocks/check.ts";
import { METHODS } from "./methods/method-table.ts";

/** The effect of a fault on a call. */
export type SlackFault =
  /** HTTP 503; nothing is done. */
  | { readonly kind: "outage" }
  /** HTTP 429; nothing is done. */
  | { readonly kind: "rate-limit"; readonly retryAfterSeconds: number }
  /** Answered after this time. */
  | { readonly kind: "delay"; readonly milliseconds: number }
  /** HTTP 200 with this error of Slack's; nothing is done. */
  | { readonly kind: "error"; readonly error: string }
  /** Done, and then the connection is cut: the caller does not know. */
  | { readonly kind: "drop" };

interface FaultRule {
  readonly id: number;
  readonly fault: SlackFault;
  /** Absent: every method. */
  readonly method?: string;
  /** How many calls it still strikes; absent for no limit. */
  readonly count?: number;
  /** Milliseconds since 1970; absent for no end. */
  readonly until?: number;
}

export interface SlackFaults {
  /** The fault that strikes this call: the oldest rule that matches, which it uses up by one. */
  readonly take: (method: string) => SlackFault | undefined;
  readonly list: () => readonly FaultRule[];
  /** @throws InvalidFault where the body is no rule */
  readonly add: (body: unknown) => void;
  readonly clear: () => void;
}

/** The error for an invalid rule. */
export class InvalidFault extends Error {
  override readonly name = "InvalidFault";
  constructor(sentence: string) {
    super(`${sentence} No fault was added.`);
  }
}

const MEMBERS = ["kind", "method", "count", "seconds", "milliseconds", "error"];
/** Every kind that a rule may have. */
export const FAULT_KINDS = ["outage", "rate-limit", "delay", "error", "drop"];
/** The name of a response URL's posts in rules and in the log of calls. */
export const RESPONSE_URL = "response_url";

/** The event that reports a message: a fault of it is a delivery that fails. */
const POSTED_EVENT = "message_metadata_posted";

export function slackFaults(now: () => Date): SlackFaults {
  let rules: readonly FaultRule[] = [];
  let lastId = 0;
  const current = () => {
    rules = rules.filter(({ until }) => until === undefined || until > now().getTime());
    return rules;
  };
  return {
    take(method) {
      const rule = current().find((each) => each.method === undefined || each.method === method);
      if (rule?.count !== undefined) {
        const left = { ...rule, count: rule.count - 1 };
        rules = rules.flatMap((each) => (each !== rule ? each : left.count > 0 ? left : []));
      }
      return rule?.fault;
    },
    list: current,
    add(body) {
      lastId += 1;
      rules = [...current(), parseRule(body, lastId, now().getTime())];
    },
    clear() {
      rules = [];
    },
  };
}

function parseRule(body: unknown, id: number, now: number): FaultRule {
  if (!isObject(body)) throw new InvalidFault("A fault is a JSON object.");
  const unknown = Object.keys(body).filter((name) => !MEMBERS.includes(name));
  if (unknown.length > 0)
    throw new InvalidFault(
      `A fault has no member ${unknown.join(", ")}; it has ${MEMBERS.join(", ")}.`,
    );
  const { kind, method } = body;
  if (typeof kind !== "string" || !FAULT_KINDS.includes(kind))
    throw new InvalidFault(`kind is one of ${FAULT_KINDS.join(", ")}.`);
  const named = method === undefined || method === RESPONSE_URL || method === POSTED_EVENT;
  if (!named && !(typeof method === "string" && Object.hasOwn(METHODS, method)))
    throw new InvalidFault(`The sandbox has no method ${String(method)}.`);
  const count = whole(body, "count");
  const seconds = whole(body, "seconds");
  return {
    id,
    fault: parseFault(kind, body),
    ...(method === undefined ? {} : { method: String(method) }),
    ...(count === undefined ? {} : { count }),
    // The seconds of `rate-limit` are the value of Retry-After.
    ...(seconds === undefined || kind === "rate-limit" ? {} : { until: now + seconds * 1_000 }),
  };
}

function parseFault(kind: string, body: Readonly<Record<string, unknown>>): SlackFault {
  const milliseconds = whole(body, "milliseconds");
  if (milliseconds !== undefined && kind !== "delay")
    throw new InvalidFault(`A fault of kind ${kind} takes no milliseconds.`);
  const { error } = body;
  if (error !== undefined && kind !== "error")
    throw new InvalidFault(`A fault of kind ${kind} takes no error.`);
  switch (kind) {
    case "rate-limit":
      return { kind, retryAfterSeconds: whole(body, "seconds") ?? 1 };
    case "delay":
      if (milliseconds === undefined) throw new InvalidFault("A delay needs milliseconds.");
      return { kind, milliseconds };
    case "error":
      if (typeof error !== "string" || !/^[a-z_]+$/.test(error))
        throw new InvalidFault("error is Slack's name of an error, such as token_revoked.");
      return { kind, error };
    default:
      return { kind: kind === "drop" ? "drop" : "outage" };
  }
}

function whole(body: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = body[name];
  if (value === undefined) return undefined;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1 || value > 3_600_000)
    throw new InvalidFault(`${name} is a whole number from 1 to 3600000.`);
  return value;
}
