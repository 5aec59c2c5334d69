import type { ErrorCode } from "../../domain/values/errors.ts";
import { MACHINES_MAY } from "./machine-operations.ts";
import { OPERATION_KINDS } from "./operation-kinds.ts";
import { PROBLEMS } from "./problems.ts";
import type { RouteOperation } from "./routes.ts";

/** Problems of every operation: the caller is identified first, as a person or a machine. */
const ALWAYS: readonly ErrorCode[] = ["unknown-caller"];
const NEVER_BY_MACHINES: readonly ErrorCode[] = ["machine-asks-only"];

/** The statuses of an operation, in order, each with its problem codes. */
export function statusesOf(operation: RouteOperation): ReadonlyMap<number, readonly ErrorCode[]> {
  const { status, problems } = OPERATION_KINDS[operation];
  const refused = MACHINES_MAY[operation] ? [] : NEVER_BY_MACHINES;
  const statuses = new Map<number, readonly ErrorCode[]>([[status, []]]);
  for (const code of new Set([...ALWAYS, ...refused, ...problems])) {
    const answered = PROBLEMS[code].status;
    statuses.set(answered, [...(statuses.get(answered) ?? []), code]);
  }
  return new Map([...statuses].sort(([a], [b]) => a - b));
}
