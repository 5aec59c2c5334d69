import { bindingKey } from "../../shared/domain/entries/binding.ts";
import { grantBytes } from "../../shared/domain/entries/bounds.ts";
import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
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
import { extensionTerms, filingOf } from "../../shared/domain/requests/filing.ts";
import { ACCESS_MAY_EXIST, isFinal, type Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest, State } from "../../shared/domain/requests/request.ts";
import { BrokerError, noRequest } from "../../shared/domain/values/errors.ts";
import {
  type Capacity,
  IdempotencyTaken,
  NonceUsed,
  type RequestStore,
  STEPS_AT_ONCE,
} from "../../shared/ports/request-store.ts";
import { memoryRequestLists } from "./memory-request-lists.ts";
import { type MemoryHead, type MemoryTables, memoryTables } from "./memory-tables.ts";

/** Requests in memory. Each call takes effect at once and as a whole. */
export function memoryRequestStore(tables: MemoryTables = memoryTables()): RequestStore {
  const { requests, events, heads, grants, idempotency, nonces, pending, windows, notices } =
    tables;
  const { delegations, endNotes } = tables;

  // Tables may be restored, and functions that face people can add events: then an event is in the place already.
  const hasEvent = ({ requestId, seq }: AuditEvent) =>
    events.some((each) => each.requestId === requestId && each.seq === seq);

  const checkVersion = ({ request, event }: Step) => {
    if (!isFiledAt(request, event.seq - 1) || hasEvent(event)) throw versionConflict();
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

  const checkCapacity = (request: AccessRequest, most: Capacity | undefined) => {
    if (request.state !== "approved") return;
    checkCounts(request, most);
    const reserved = heads.get(bindingOf(request))?.reservedBytes ?? 0;
    if (reserved > roomBeside(request)) throw tooMuchOnOneEntry(request, reserved);
  };

  const checkCounts = (request: AccessRequest, most: Capacity | undefined) => {
    if (!most) return;
    const own = [...(grants.get(bindingOf(request))?.values() ?? [])].filter(
      ({ requester }) => requester === request.requester,
    );
    const ending = own.filter(({ state }) => state === "ending").length;
    // A grant has handed its place on to the extension that was approved for it.
    const open = own.filter(({ state, extendedBy }) => state !== "ending" && !extendedBy).length;
    const has = { open, ending };
    if (!hasRoom(has, most)) throw tooManyGrants(request, has, most);
  };

  const checkPending = ({ requester, state }: AccessRequest, most: number | undefined) => {
    if (most === undefined || state !== "pending") return;
    const own = [...requests.values()].filter(
      (each) => each.requester === requester && each.state === "pending",
    );
    const ids = own.map(({ id }) => id);
    if (ids.length >= most) throw tooManyPending(requester, ids, most);
  };

  const checkDelegation = (event: AuditEvent) => {
    const onBehalfOf = behalfIn(event);
    if (onBehalfOf && delegations.get(onBehalfOf.delegation)?.length !== 1)
      throw noLongerDelegated(onBehalfOf.person);
  };

  const checkNonce = (nonce: string | undefined) => {
    if (nonce !== undefined && nonces.has(nonce)) throw new NonceUsed("It acted before.");
  };

  const wakeBinding = (request: AccessRequest, from: State | null) => {
    const { cluster, principalArn, id, updatedAt, state } = request;
    const binding = bindingOf(request);
    const head = heads.get(binding) ?? NO_HEAD;
    heads.set(binding, {
      ...head,
      clusterArn: cluster.arn,
      principalArn,
      version: head.version + 1,
      attempts: 0,
      dueAt: updatedAt,
      dueFor: state === "approved" ? "addition" : head.dueFor,
      removeAt: state === "ending" ? updatedAt : head.removeAt,
      reservedBytes:
        head.reservedBytes +
        (from !== "approved" && state === "approved" ? grantBytes(request) : 0),
    });
    const own = grants.get(binding) ?? new Map<string, AccessRequest>();
    grants.set(binding, own);
    if (isFinal(request.state)) own.delete(id);
    else own.set(id, request);
  };

  /** Writes steps that are stored at once. All checks have been made. */
  const write = (steps: readonly Step[]) => {
    for (const { event } of steps) events.push(event);
    const last = steps.at(-1);
    const from = steps[0]?.from ?? null;
    if (!last) throw new Error("A change of a request has at least one step.");
    const { request } = last;
    requests.set(request.id, request);
    const record = notices.get(request.id)?.record ?? newNoticeRecord(request.id, 0);
    notices.set(request.id, {
      record: { ...record, wanted: request.version },
      dueAt: request.updatedAt,
    });
    if (from === "pending" && request.state !== "pending") pending.delete(termsOf(request));
    if (from === null && request.state === "pending") pending.set(termsOf(request), request.id);
    if ([from, request.state].some((state) => state !== null && ACCESS_MAY_EXIST.has(state)))
      wakeBinding(request, from);
  };

  const windowOf = ({ person, rule, from }: AutomaticLimit) =>
    JSON.stringify([person, `approve ${rule}`, from]);
  const approvedIn = (limit: AutomaticLimit) => windows.get(windowOf(limit)) ?? 0;

  return {
    async load(id) {
      const request = requests.get(id);
      // Others can put the record of another request there.
      if (request) return request.id === id ? request : { ...request, id };
      throw noRequest(id);
    },

    isAt: async (request) => isFiledAt(request, request.version),

    async create(steps, options = {}) {
      const {
        idempotency: key,
        capacity,
        mostPending,
        automatic,
        nonce,
        beside = [],
        unchanged,
      } = options;
      const [first] = steps;
      const last = steps.at(-1);
      if (!first || !last) throw new Error("A change of a request has at least one step.");
      if (key && idempotency.has(key.keyHash)) throw new IdempotencyTaken("The key was used.");
      checkNonce(nonce);
      const id = pending.get(termsOf(first.request));
      if (id !== undefined)
        throw first.request.extends === undefined
          ? new BrokerError("duplicate-request", "The same access is already pending.", { id })
          : extensionOpen(id);
      for (const step of [first, ...beside]) checkVersion(step);
      if (steps.some(({ event }) => hasEvent(event))) throw versionConflict();
      if (unchanged && requests.get(unchanged.id)?.version !== unchanged.version)
        throw new BrokerError("version-conflict", "Someone else changed that request first.");
      if (automatic && approvedIn(automatic) >= automatic.times) throw tooManyAutomatic(automatic);
      checkPending(last.request, mostPending);
      checkCapacity(last.request, capacity);
      if (automatic) windows.set(windowOf(automatic), approvedIn(automatic) + 1);
      write(steps);
      for (const step of beside) write([step]);
      if (nonce !== undefined) nonces.add(nonce);
      if (key) idempotency.set(key.keyHash, { bodyHash: key.bodyHash, answer: last.request });
    },

    async save(step, { followedBy, capacity, nonce, beside = [] } = {}) {
      checkNonce(nonce);
      const { request } = followedBy ?? step;
      for (const each of [step, ...beside]) checkVersion(each);
      if (followedBy && hasEvent(followedBy.event)) throw versionConflict();
      checkDelegation(step.event);
      if (step.from !== request.state) checkCapacity(request, capacity);
      if (nonce !== undefined) nonces.add(nonce);
      write(followedBy ? [step, followedBy] : [step]);
      for (const each of beside) write([each]);
    },

    async saveAll(steps) {
      if (steps.length > STEPS_AT_ONCE) throw new Error("Too many steps for one call.");
      if (steps.some(({ from }) => from === "pending"))
        throw new Error("A step from pending is stored alone.");
      for (const step of steps) checkVersion(step);
      for (const step of steps) write([step]);
    },

    async noteEnd(id, note) {
      endNotes.push({ ...note, id });
    },

    ...memoryRequestLists(tables),

    isEndNoted: async (id, of) =>
      endNotes.some((note) => note.id === id && (of === "grant" || note.verb !== "cancel")),

    openOn: async (binding) => [...(grants.get(binding)?.values() ?? [])],

    pendingExtension: async (grantId) => pending.get(extensionTerms(grantId)),

    idempotent: async (keyHash) => idempotency.get(keyHash),

    async countIn({ person, operation, from }, most) {
      const key = JSON.stringify([person, operation, from]);
      const counted = windows.get(key) ?? 0;
      if (counted >= most) return false;
      windows.set(key, counted + 1);
      return true;
    },
  };
}

const NO_HEAD = {
  version: 0,
  dueFor: "addition",
  removeAt: null,
  driftCheckAt: null,
  reservedBytes: 0,
  ledgerRevision: 0,
  ledgerHolds: false,
} as const satisfies Partial<MemoryHead>;

/** The terms that a requester may have pending only once. */
const termsOf = (request: AccessRequest) => filingOf(request).terms;

const versionConflict = () =>
  new BrokerError("version-conflict", "Someone else changed this request first.");
