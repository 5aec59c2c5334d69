/**
 * The AWS service that each call of a port reaches, and the faults that the call may meet there.
 */

import type { Failure } from "../../../shared/ports/access-entries.ts";
import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import type { Invocation } from "../invocation.ts";
import type { Service } from "../profile.ts";

export interface CallSite {
  readonly service: Service;
  readonly writes: boolean;
  /**
   * Why DynamoDB may refuse it: `transaction` if it is one, `item` if it writes an item of a
   * transaction.
   */
  readonly meets: "transaction" | "item" | null;
  /** Calls that change an entry, and the saves beside them, meet faults more often than the rest. */
  readonly aim: "change" | "save" | null;
}

/** The service behind each port. */
const SERVICE = {
  requests: "dynamodb",
  delegations: "dynamodb",
  bindings: "dynamodb",
  ledgers: "dynamodb",
  clusters: "dynamodb",
  circuits: "dynamodb",
  entries: "eks",
  schedules: "scheduler",
  queue: "sqs",
} as const satisfies Readonly<Partial<Record<keyof ConvergePorts | keyof SweepPorts, Service>>>;

/** Calls that reach another service than the rest of their port. */
const OTHER_SERVICE: Readonly<Record<string, Service>> = { "entries.principal": "iam" };

const TRANSACTIONS: ReadonlySet<string> = new Set([
  "requests.create",
  "requests.save",
  "requests.saveAll",
  "delegations.create",
  "delegations.end",
]);

/** Writes of one item that transactions also write. DynamoDB refuses these too while one is under way. */
const CONTENDED: ReadonlySet<string> = new Set(["bindings.park", "ledgers.save"]);

const READS: ReadonlySet<string> = new Set([
  "requests.load",
  "requests.isAt",
  "requests.history",
  "requests.historyPage",
  "requests.pendingExtension",
  "requests.isEndNoted",
  "requests.requestedBy",
  "requests.awaiting",
  "requests.grants",
  "requests.openOn",
  "requests.openReviews",
  "requests.lentOn",
  "requests.lentSince",
  "requests.beginningWith",
  "requests.auditBetween",
  "requests.idempotent",
  "delegations.made",
  "delegations.records",
  "delegations.idempotent",
  "delegations.givenTo",
  "delegations.givenBy",
  "delegations.lately",
  "delegations.listed",
  "bindings.view",
  "bindings.named",
  "bindings.due",
  "ledgers.load",
  "clusters.load",
  "circuits.load",
  "queue.backlog",
  "queue.extend",
  "entries.prepare",
  "entries.read",
  "entries.principal",
  "entries.cluster",
]);

const CHANGES: ReadonlySet<string> = new Set([
  "entries.create",
  "entries.updateGroups",
  "entries.associate",
  "entries.disassociate",
  "entries.remove",
]);

/** The saves of a run before and after those. */
const SAVES: ReadonlySet<string> = new Set(["ledgers.save", "requests.save", "requests.saveAll"]);

/** The ports that reach a service. */
export const REMOTE_PORTS = Object.keys(SERVICE) as readonly (keyof typeof SERVICE)[];

const known = new Map<string, CallSite>();

/** @param operation port and method: `requests.save` */
export function siteOf(operation: string): CallSite {
  const site = known.get(operation) ?? newSite(operation);
  known.set(operation, site);
  return site;
}

function newSite(operation: string): CallSite {
  const [port] = operation.split(".");
  return {
    service: OTHER_SERVICE[operation] ?? SERVICE[port as keyof typeof SERVICE],
    writes: !READS.has(operation),
    meets: meetsOf(operation),
    aim: aimOf(operation),
  };
}

function aimOf(operation: string): CallSite["aim"] {
  if (CHANGES.has(operation)) return "change";
  return SAVES.has(operation) ? "save" : null;
}

function meetsOf(operation: string): CallSite["meets"] {
  if (TRANSACTIONS.has(operation)) return "transaction";
  return CONTENDED.has(operation) ? "item" : null;
}

/** The call and its caller. */
export interface CallRequest {
  readonly invocation: Invocation;
  /** Port and method: `requests.save`. */
  readonly operation: string;
  readonly site: CallSite;
  readonly args: readonly unknown[];
  /** Makes the call on the fake, which takes effect at once. */
  readonly apply: () => Promise<unknown>;
  readonly nextRequestId: () => string;
}

/** The call to AWS that failed, and how. */
export interface Uncalled {
  readonly failure: Failure;
  readonly code: string;
  readonly operation: string;
}
