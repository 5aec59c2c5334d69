import { notEmulated, validation } from "./errors.ts";

/** A call that Scheduler makes itself, under the target's role. */
export interface UniversalCall {
  /** The signing name: `eks`. */
  readonly service: string;
  /** `DisassociateAccessPolicy` */
  readonly operation: string;
  /** By the wire names of the service's model: `clusterName`. */
  readonly input: Readonly<Record<string, string>>;
}

const PREFIX = "arn:aws:scheduler:::aws-sdk:";

/**
 * Read-only actions, which Scheduler does not call. Source: Scheduler User Guide, "Using universal
 * targets", "Unsupported API actions".
 */
const UNSUPPORTED_PREFIXES: readonly string[] = [
  "get",
  "describe",
  "list",
  "poll",
  "receive",
  "search",
  "scan",
  "query",
  "select",
  "read",
  "lookup",
  "discover",
  "validate",
  "batchGet",
  "batchDescribe",
  "batchRead",
  "transactGet",
  "adminGet",
  "adminList",
  "testMigration",
  "retrieve",
  "testConnection",
  "translateDocument",
  "isAuthorized",
  "invokeModel",
];

/** The actions that are emulated, by `service:apiAction`, with the members they require. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "eks:disassociateAccessPolicy": ["ClusterName", "PrincipalArn", "PolicyArn"],
  "eks:deleteAccessEntry": ["ClusterName", "PrincipalArn"],
};

export function isUniversalTarget(arn: string): boolean {
  return arn.startsWith(PREFIX);
}

/**
 * Checks a universal target as CreateSchedule does. The action must exist, and `Input` hold its
 * required members, in PascalCase for every service.
 *
 * @throws ValidationException
 */
export function checkUniversalTarget(arn: string, input: string | undefined): void {
  universalCall(arn, input);
}

/** The call that a universal target stands for. @throws ValidationException */
export function universalCall(arn: string, input: string | undefined): UniversalCall {
  const [service = "", action = "", ...more] = arn.slice(PREFIX.length).split(":");
  if (service === "" || action === "" || more.length > 0)
    throw validation("Provided Arn is not in correct format.");
  if (UNSUPPORTED_PREFIXES.some((prefix) => action.startsWith(prefix)))
    throw validation(
      `${action} is not a supported API action for a universal target: it only reads.`,
    );
  const required = ACTIONS[`${service}:${action}`];
  if (required === undefined) throw notEmulated(`The universal target ${service}:${action}`);
  const members = parse(input);
  const missing = required.filter((name) => typeof members[name] !== "string");
  if (missing.length > 0)
    throw requestJson(`Request payload is missing the following field(s): ${missing.join(", ")}`);
  const unknown = Object.keys(members).filter((name) => !required.includes(name));
  if (unknown.length > 0)
    throw requestJson(`Request payload has the following unknown field(s): ${unknown.join(", ")}`);
  return {
    service,
    operation: action.charAt(0).toUpperCase() + action.slice(1),
    input: Object.fromEntries(
      required.map((name) => [name.charAt(0).toLowerCase() + name.slice(1), String(members[name])]),
    ),
  };
}

function parse(input: string | undefined): Readonly<Record<string, unknown>> {
  if (input === undefined) return {};
  try {
    const value: unknown = JSON.parse(input);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below, with what is no object.
  }
  throw requestJson("Request payload is not a valid JSON object");
}

function requestJson(reason: string) {
  return validation(`Invalid RequestJson provided. Reason ${reason}`);
}
