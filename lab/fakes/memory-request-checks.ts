/** The limits that stored requests set, and the traces of a call that may act once. In memory. */
import { bindingKey } from "../../shared/domain/entries/binding.ts";
import {
  type AutomaticLimit,
  tooManyAutomatic,
} from "../../shared/domain/policy/automatic-limit.ts";
import { hasRoom, tooManyGrants } from "../../shared/domain/policy/capacity.ts";
import { noLongerDelegated } from "../../shared/domain/policy/delegation-refusals.ts";
import { roomBeside, tooMuchOnOneEntry } from "../../shared/domain/policy/entry-room.ts";
import { extensionOpen } from "../../shared/domain/policy/extension-open.ts";
import { tooManyPending } from "../../shared/domain/policy/pending-limit.ts";
import { type AuditEvent, behalfIn } from "../../shared/domain/requests/audit-event.ts";
import { filingOf } from "../../shared/domain/requests/filing.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import { IdempotencyTaken } from "../../shared/ports/idempotency.ts";
import { type Capacity, conflictsAt, NonceUsed } from "../../shared/ports/request-store.ts";
import type { TogetherOptions } from "../../shared/ports/together-store.ts";
import type { MemoryTables } from "./memory-tables.ts";

type Once = Pick<TogetherOptions, "idempotency" | "nonce">;

export type RequestChecks = ReturnType<typeof requestChecks>;

export function requestChecks(tables: MemoryTables) {
  const { requests, events, heads, grants, idempotency, nonces, pending, windows } = tables;
  const { delegations } = tables;

  // Tables may be restored, and functions that face people can add events: then an event is in the place already.
  const hasEvent = ({ requestId, seq }: AuditEvent) =>
    events.some((each) => each.requestId === requestId && each.seq === seq);

  const hasConflict = ({ request, event }: Step) =>
    !isFiledAt(request, event.seq - 1) || hasEvent(event);

  const checkVersion = (step: Step) => {
    if (hasConflict(step)) throw versionConflict();
  };

  const checkVersions = (steps: readonly Step[]) => {
    const ids = steps.filter(hasConflict).map(({ request }) => request.id);
    if (ids.length > 0) throw versionConflict(conflictsAt(ids));
  };

  const isFiledAt = (request: AccessRequest, version: number) => {
    const stored = requests.get(request.id);
    const isElsewhere = stored !== undefined && placeOf(stored) !== placeOf(request);
    return (stored?.version ?? 0) === version && !isElsewhere;
  };

  // Others can write any record, also one without a cluster.
  const placeOf = ({ cluster, principalArn }: Partial<AccessRequest>) =>
    JSON.stringify([cluster?.arn, principalArn]);

  const bindingOf = ({ cluster, principalArn }: AccessRequest) =>
    bindingKey(cluster.arn, principalArn);

  /** @param approved at once, of one person on one entry */
  const checkCapacity = (
    [request, ...others]: readonly AccessRequest[],
    most: Capacity | undefined,
  ) => {
    if (request?.state !== "approved") return;
    checkCounts(request, most, 1 + others.length);
    const reserved = heads.get(bindingOf(request))?.reservedBytes ?? 0;
    if (reserved > roomBeside(request, ...others))
      throw tooMuchOnOneEntry(request, reserved, [], {}, others);
  };

  const checkCounts = (request: AccessRequest, most: Capacity | undefined, more: number) => {
    if (!most) return;
    const own = [...(grants.get(bindingOf(request))?.values() ?? [])].filter(
      ({ requester }) => requester === request.requester,
    );
    const ending = own.filter(({ state }) => state === "ending").length;
    // A grant has handed its place on to the extension that was approved for it.
    const open = own.filter(({ state, extendedBy }) => state !== "ending" && !extendedBy).length;
    const has = { open, ending };
    if (!hasRoom(has, most, more)) throw tooManyGrants(request, has, most, {}, more);
  };

  /** @param asked at once, by one person */
  const checkPending = (asked: readonly AccessRequest[], most: number | undefined) => {
    const [request] = asked;
    if (most === undefined || request?.state !== "pending") return;
    const { requester } = request;
    const own = [...requests.values()].filter(
      (each) => each.requester === requester && each.state === "pending",
    );
    const ids = own.map(({ id }) => id);
    if (ids.length + asked.length > most)
      throw tooManyPending(requester, ids, most, {}, asked.length);
  };

  const checkDelegation = (event: AuditEvent) => {
    const onBehalfOf = behalfIn(event);
    if (onBehalfOf && delegations.get(onBehalfOf.delegation)?.length !== 1)
      throw noLongerDelegated(onBehalfOf.person);
  };

  const checkNonce = (nonce: string | undefined) => {
    if (nonce !== undefined && nonces.has(nonce)) throw new NonceUsed("It acted before.");
  };

  const checkTerms = (request: AccessRequest) => {
    const id = pending.get(termsOf(request));
    if (id === undefined) return;
    throw request.extends === undefined
      ? new BrokerError("duplicate-request", "The same access is already pending.", { id })
      : extensionOpen(id);
  };

  const checkNew = ([first, ...more]: readonly Step[]) => {
    if (first) checkVersion(first);
    if (more.some(({ event }) => hasEvent(event))) throw versionConflict();
  };

  const windowOf = ({ person, rule, from }: AutomaticLimit) =>
    JSON.stringify([person, `approve ${rule}`, from]);
  const approvedIn = (limit: AutomaticLimit) => windows.get(windowOf(limit)) ?? 0;

  const checkAutomatic = (limit: AutomaticLimit | undefined, more = 1) => {
    if (limit && approvedIn(limit) + more > limit.times) throw tooManyAutomatic(limit, {}, more);
  };
  const countAutomatic = (limit: AutomaticLimit | undefined) => {
    if (limit) windows.set(windowOf(limit), approvedIn(limit) + 1);
  };

  const checkOnce = ({ idempotency: key, nonce }: Once) => {
    if (key && idempotency.has(key.keyHash)) throw new IdempotencyTaken("The key was used.");
    checkNonce(nonce);
  };

  const keep = (
    { idempotency: key, nonce }: Once,
    [answer, ...others]: readonly AccessRequest[],
  ) => {
    if (nonce !== undefined) nonces.add(nonce);
    const more = others.length === 0 ? {} : { others };
    if (key && answer) idempotency.set(key.keyHash, { bodyHash: key.bodyHash, answer, ...more });
  };

  return {
    isFiledAt,
    hasEvent,
    bindingOf,
    checkVersion,
    checkVersions,
    checkCapacity,
    checkPending,
    checkDelegation,
    checkNonce,
    checkTerms,
    checkNew,
    checkAutomatic,
    countAutomatic,
    checkOnce,
    keep,
  };
}

/** The terms that a requester may have pending only once. */
export const termsOf = (request: AccessRequest) => filingOf(request).terms;

/** The request after steps that are stored at once. */
export function lastOf(steps: readonly Step[]): AccessRequest {
  const last = steps.at(-1);
  if (!last) throw new Error("A change of a request has at least one step.");
  return last.request;
}

/** @param facts of the conflict */
export const versionConflict = (facts: BrokerError["facts"] = {}) =>
  new BrokerError("version-conflict", "Someone else changed this request first.", facts);
