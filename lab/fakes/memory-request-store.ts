import { grantBytes } from "../../shared/domain/entries/bounds.ts";
import { newNoticeRecord } from "../../shared/domain/notices/notice-record.ts";
import { extensionTerms } from "../../shared/domain/requests/filing.ts";
import { ACCESS_MAY_EXIST, isFinal, type Step } from "../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest, State } from "../../shared/domain/requests/request.ts";
import { noRequest } from "../../shared/domain/values/errors.ts";
import { type RequestStore, STEPS_AT_ONCE } from "../../shared/ports/request-store.ts";
import { lastOf, requestChecks, termsOf, versionConflict } from "./memory-request-checks.ts";
import { memoryRequestLists } from "./memory-request-lists.ts";
import { type MemoryHead, type MemoryTables, memoryTables } from "./memory-tables.ts";
import { memoryTogether } from "./memory-together.ts";

/** Requests in memory. Each call takes effect at once and as a whole. */
export function memoryRequestStore(tables: MemoryTables = memoryTables()): RequestStore {
  const { requests, events, heads, grants, idempotency, nonces, pending, windows, notices } =
    tables;
  const { endNotes } = tables;

  const checks = requestChecks(tables);
  const { isFiledAt, hasEvent, bindingOf, checkVersion, checkCapacity } = checks;

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

  return {
    async load(id) {
      const request = requests.get(id);
      // Others can put the record of another request there.
      if (request) return request.id === id ? request : { ...request, id };
      throw noRequest(id);
    },

    isAt: async (request) => isFiledAt(request, request.version),

    async create(steps, options = {}) {
      const { capacity, mostPending, automatic, beside = [], unchanged } = options;
      const request = lastOf(steps);
      checks.checkOnce(options);
      checks.checkTerms(request);
      checks.checkNew(steps);
      for (const step of beside) checkVersion(step);
      if (unchanged && requests.get(unchanged.id)?.version !== unchanged.version)
        throw versionConflict();
      checks.checkAutomatic(automatic);
      checks.checkPending([request], mostPending);
      checkCapacity([request], capacity);
      checks.countAutomatic(automatic);
      write(steps);
      for (const step of beside) write([step]);
      checks.keep(options, [request]);
    },

    ...memoryTogether(checks, write),

    async save(step, { followedBy, capacity, nonce, beside = [] } = {}) {
      checks.checkNonce(nonce);
      const { request } = followedBy ?? step;
      for (const each of [step, ...beside]) checkVersion(each);
      if (followedBy && hasEvent(followedBy.event)) throw versionConflict();
      checks.checkDelegation(step.event);
      if (step.from !== request.state) checkCapacity([request], capacity);
      if (nonce !== undefined) nonces.add(nonce);
      write(followedBy ? [step, followedBy] : [step]);
      for (const each of beside) write([each]);
    },

    async saveAll(steps) {
      if (steps.length > STEPS_AT_ONCE) throw new Error("Too many steps for one call.");
      if (steps.some(({ from }) => from === "pending"))
        throw new Error("A step from pending is stored alone.");
      checks.checkVersions(steps);
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
