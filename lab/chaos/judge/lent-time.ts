/** From when until when a grant may explain access, by its own history. */
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { RequestAnswer } from "../../../shared/http/contract/answers.ts";
import type { AskedAccess } from "../plan/terms.ts";
import type { Disturbance } from "../stage/disturbance.ts";
import { type Deadline, deadlineOf } from "./deadline.ts";
import type { SeenRequest } from "./seen.ts";

/** Access that a grant may explain. Milliseconds since 1970. */
export interface LentTime {
  readonly request: Pick<RequestAnswer, "id" | "clusterArn" | "principalArn">;
  readonly elements: readonly string[];
  readonly from: number;
  /** When it must be gone. */
  readonly deadline: Deadline;
  /** The promised end of the access. */
  readonly promised: number;
}

/** The elements of an access, as the watcher writes them. */
export function elementsOf(access: AskedAccess | RequestAnswer["access"]): readonly string[] {
  if ("groups" in access) return access.groups.map((group) => `group:${group}`);
  const { policy, scope } = access;
  const parts = scope.type === "cluster" ? ["*"] : scope.namespaces;
  return parts.map((part) => `${policy}:${part}`);
}

/** Clocks differ by a second in the sandbox, and a watcher looks five times in one. */
const CLOCK_MS = 1_500;
/** The time for an early end: a message, a run, and a sweep's retry. */
export const PROMPT_MS = 10_000;

/** A fuse fires a minute after the end of its grant, and Scheduler is on time. */
export const FUSE_MS = 60_000 + 5_000;

const ENDED_EARLY: ReadonlySet<AuditEvent["type"]> = new Set([
  ...(["return", "revoke", "cancel", "withdraw"] as const),
]);

/** The API's answer about a request, as far as it promises an end. */
interface PromisedEnd {
  /** The earliest `expiresAt`, ISO 8601 UTC. */
  readonly expiresAt?: string | undefined;
  /** When it answered that somebody had ended the grant. Milliseconds since 1970. */
  readonly endedAt?: number | undefined;
}

/** @returns undefined for a request that was never approved */
export function lentTimeOf(
  { request, events }: SeenRequest,
  all: readonly Disturbance[],
  promise: PromisedEnd = {},
): LentTime | undefined {
  const { approvedAt, revokeAt, expiresAt, startsAt } = request;
  if (approvedAt === null || revokeAt === null || expiresAt === null) return undefined;
  const disturbances = all.filter(({ cluster }) => !cluster || cluster === request.cluster);
  const promised = Math.min(...[expiresAt, promise.expiresAt ?? expiresAt].map(Date.parse));
  const fuse = Date.parse(expiresAt) + FUSE_MS;
  const bounds = [deadlineOf(Date.parse(revokeAt), promised, disturbances, fuse)];
  const early = events.find(({ type }) => ENDED_EARLY.has(type));
  for (const at of [early && Date.parse(early.at), promise.endedAt])
    if (at !== undefined) bounds.push(deadlineOf(at, at + PROMPT_MS, disturbances));
  const settled = events.find(({ type }) => type === "settle" || type === "refuse");
  // Once it is reported as ended, nothing explains access any more.
  if (settled) bounds.push({ at: Date.parse(settled.at) + CLOCK_MS, because: [] });
  const [deadline = { at: promised, because: [] }] = bounds.toSorted((a, b) => a.at - b.at);
  const from = Date.parse(startsAt ?? approvedAt) - CLOCK_MS;
  return { request, elements: elementsOf(request.access), from, deadline, promised };
}
