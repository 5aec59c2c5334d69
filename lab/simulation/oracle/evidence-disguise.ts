/**
 * Tells changes of others that look exactly like ours, and changes of ours that nothing can tell
 * from theirs.
 */
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import {
  bindingSessionName,
  grantSessionName,
} from "../../../shared/domain/entries/session-name.ts";
import type { CallIntent } from "../../../shared/domain/evidence/calls/call-intent.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import { type ElementSet, minus, sameSet } from "../../../shared/domain/values/element-set.ts";
import type { EksChange } from "../evidence/eks-change.ts";
import { fuseRoleIn } from "../sim-policy.ts";
import type { EvidenceFacts, LoggedEvent } from "./evidence-truth.ts";
import { millisOf } from "./facts.ts";

/** More than the sum of clock differences, seconds that are cut off, and a run's own time. */
const TOLERANCE = 30_000;
/** How long after a grant its fuse may fire: a minute late, and an hour of retries. */
const FUSE_TRIES = 3_660_000;

/** How long after a call has landed what it set may be removed: reads may be late, and a removal too. */
const REMOVABLE = 420_000;

/**
 * Whether an intruder with a role of ours did what nothing tells from our own calls: exactly what a
 * run of that session intended then, before the end of what it served; a removal from grants that are
 * over; or one that found nothing where a run set again what the owner had.
 */
export function mayPassForOurs(watch: EvidenceFacts, { change, cause }: LoggedEvent): boolean {
  if (cause.kind === "ours" || change.caller.kind === "service") return false;
  const grants = grantsOn(watch, change);
  if (change.caller.roleArn === fuseRoleIn(clusterOf(change.clusterArn).account))
    return grants.some((each) => isFuseOf(watch, each, change));
  if (!/role\/timelatch-grantor/.test(change.caller.roleArn)) return false;
  const { sessionName } = change.caller;
  return (
    isIntended(watch, change, sessionName) ||
    isOfCarried(watch, change, sessionName) ||
    (isSessionOf(grants, watch, sessionName) &&
      change.operation !== "CreateAccessEntry" &&
      grants.some((each) => isOver(watch, each, change.at)))
  );
}

const grantsOn = ({ facts }: EvidenceFacts, { clusterArn, principalArn }: EksChange) =>
  [...facts.options.tables.requests.values()].filter(
    (each) => each.cluster.arn === clusterArn && each.principalArn === principalArn,
  );

const isFuseOf = (watch: EvidenceFacts, request: AccessRequest, { at }: EksChange): boolean =>
  endsOf(watch, request, "expiresAt").some((expiresAt) => {
    const from = expiresAt + watch.facts.options.stack.broker.fuseDelaySeconds * 1_000;
    return at >= from - TOLERANCE && at <= from + FUSE_TRIES + TOLERANCE;
  });

/** The end of its record, which an intruder may have moved, and that of its approval. */
function endsOf(
  { facts }: EvidenceFacts,
  request: AccessRequest,
  kind: "revokeAt" | "expiresAt",
): readonly number[] {
  const approved = facts.options.tables.events.flatMap((event) =>
    event.requestId === request.id && event.type === "approve" ? event.details[kind] : [],
  );
  return [request[kind], ...approved].flatMap((end) => (end ? millisOf(end) : []));
}

function isIntended(watch: EvidenceFacts, change: EksChange, sessionName: string): boolean {
  return watch.intents.some(
    (intent) =>
      intent.sessionName === sessionName &&
      isSameEntry(intent, change) &&
      isWithin(intent, change.at, 0) &&
      intent.calls.some(
        ({ operation, target, elements, requestIds }) =>
          operation === change.operation &&
          // A bare entry gives nobody access, so no end waits for one.
          (operation === "CreateAccessEntry" ||
            requestIds.some((id) => !hasEnded(watch, id, change.at))) &&
          target === change.target &&
          sameSet(elements, change.elements),
      ),
  );
}

/** Whether the grant's end was stored by then, as far as clocks agree. */
const hasEnded = ({ facts }: EvidenceFacts, id: string, at: number): boolean =>
  facts.options.tables.events.some(
    ({ requestId, to, at: ended }) =>
      requestId === id && to === "ended" && millisOf(ended) + TOLERANCE < at,
  );

/** A removal that found nothing, of what a run had set again for the owner. */
const isOfCarried = ({ intents }: EvidenceFacts, change: EksChange, sessionName: string): boolean =>
  change.errorCode === "ResourceNotFoundException" &&
  change.elements.length === 0 &&
  sessionName === bindingSessionName(bindingKey(change.clusterArn, change.principalArn)) &&
  intents.some(
    (intent) =>
      isSameEntry(intent, change) &&
      isWithin(intent, change.at, REMOVABLE) &&
      intent.calls.some(
        ({ target, elements }) =>
          target !== null &&
          target === change.target &&
          elements.some((element) => intent.owners[target]?.includes(element)),
      ),
  );

const isSameEntry = (a: EntryNames, b: EntryNames): boolean =>
  a.clusterArn === b.clusterArn && a.principalArn === b.principalArn;

type EntryNames = Pick<EksChange, "clusterArn" | "principalArn">;

const isWithin = ({ from, until }: CallIntent, at: number, longer: number): boolean =>
  millisOf(from) - TOLERANCE <= at && at <= millisOf(until) + longer + TOLERANCE;

function isSessionOf(
  grants: readonly AccessRequest[],
  { facts }: EvidenceFacts,
  sessionName: string,
): boolean {
  return (
    grants.some(({ id }) => grantSessionName(id) === sessionName) ||
    [...facts.truths.keys()].some((binding) => bindingSessionName(binding) === sessionName)
  );
}

function isOver(watch: EvidenceFacts, request: AccessRequest, at: number): boolean {
  const { id } = request;
  const own = watch.facts.options.tables.events.filter(({ requestId }) => requestId === id);
  if (endsOf(watch, request, "revokeAt").some((end) => end - TOLERANCE <= at)) return true;
  if (!own.some(({ to }) => to === "active"))
    return mayHaveBegun(watch, id, at) || own.some(({ to }) => !WAITING.has(to));
  return own.some((event) => event.to === "ending" && lostFrom(event, own) - TOLERANCE <= at);
}

/** Converge may remove what it withdraws before it can store that: since a stop, or since the grant was active. */
function lostFrom(event: AuditEvent, own: readonly AuditEvent[]): number {
  if (event.type !== "withdraw") return millisOf(event.at);
  return millisOf(event.details.since ?? own.find(({ to }) => to === "active")?.at ?? event.at);
}

const WAITING: ReadonlySet<string> = new Set(["pending", "approved"]);

/** Whether a run was about to add the grant's access by then, or to arm its fuse. */
const mayHaveBegun = ({ intents }: EvidenceFacts, id: string, at: number): boolean =>
  intents.some(
    ({ from, calls, fusesOf = [] }) =>
      millisOf(from) - TOLERANCE <= at &&
      [...fusesOf, ...calls.flatMap(({ requestIds }) => requestIds)].includes(id),
  );

/**
 * A call of ours that correlate cannot explain: a narrowing whose record was lost. It leaves what the
 * entry's owner has, or had when it was sent. Or it leaves less than the grants, or nothing, because
 * the owner took some away, or a late call of ours did. Only the ledger knows these, and correlate may
 * not read it. Another is a removal whose record was lost, and whose end could not be stored before it.
 * So is one whose intent an intruder spent. The last one is a fuse that fires an hour late, after an outage of
 * Scheduler.
 */
export function isKnownLimit(watch: EvidenceFacts, { change, cause }: LoggedEvent): boolean {
  const { operation, elements, requestId, target } = change;
  if (cause.kind !== "ours" || watch.calls.has(requestId)) return false;
  if (cause.fuseAt !== undefined) return change.at > cause.fuseAt + FUSE_TRIES;
  if (isBeforeItsEnd(watch, change) || isSpent(watch, change)) return true;
  const isNarrowing =
    NARROWING.has(operation) && (elements.length > 0 || change.errorCode === null);
  const taken = takenBefore(watch, change, target);
  const had = taken.flatMap((each) => (mayHaveLanded(watch, change, each) ? each.taken : []));
  const isOwners = elements.some((one) => cause.baseline.includes(one) || had.includes(one));
  const lost = [...taken.flatMap((each) => each.taken), ...takenByLate(watch, change)];
  const isLess = lost.some((one) => !elements.includes(one));
  return isNarrowing && (isOwners || isLess);
}

/**
 * A removal goes on where its grant's end cannot be stored before it. The end is on record later then, by more than
 * clocks differ.
 */
function isBeforeItsEnd(watch: EvidenceFacts, change: EksChange): boolean {
  const { facts } = watch;
  const at = change.at - TOLERANCE + facts.options.stack.broker.clockDifferenceSeconds * 1_000;
  const isReached = (each: AccessRequest) =>
    change.target === null || change.target === facts.reachOf(each).target;
  return (
    change.operation !== "CreateAccessEntry" &&
    !grantsOn(watch, change).some(
      (each) => facts.begun.has(each.id) && isReached(each) && isOver(watch, each, at),
    )
  );
}

/** An intruder made the call in place of a run before: one intent explains one event. */
const isSpent = ({ events, disguised }: EvidenceFacts, change: EksChange): boolean =>
  [...disguised].some((key) => callOf(events.get(key)?.change) === callOf(change));

const CALL = "caller roleArn sessionName clusterArn principalArn operation target elements".split(
  " ",
);
const callOf = (change: EksChange | undefined) => JSON.stringify(change, CALL);

const NARROWING: ReadonlySet<EksChange["operation"]> = new Set([
  "AssociateAccessPolicy",
  "DisassociateAccessPolicy",
  "UpdateAccessEntry",
]);

interface Taking {
  readonly at: number;
  readonly taken: ElementSet;
}

/** Elements that others had taken from the target by then. */
const takenBefore = (
  { events }: EvidenceFacts,
  change: EksChange,
  target: string | null,
): readonly Taking[] =>
  [...events.values()].flatMap(({ cause, change: { taken = [], ...other } }) => {
    const isHere = isSameEntry(other, change) && (other.target === target || other.target === null);
    return cause.kind === "outside" && other.at <= change.at && isHere
      ? { at: other.at, taken }
      : [];
  });

/** Elements that calls of ours took from the target, which landed after other changes and have no record. */
function takenByLate({ events, calls }: EvidenceFacts, change: EksChange): ElementSet {
  const here = [...events.values()].filter(
    ({ change: other }) => other.target === change.target && isSameEntry(other, change),
  );
  const late = here.filter(
    ({ cause, change: { at, requestId } }) =>
      cause.kind === "ours" && at < change.at && !calls.has(requestId),
  );
  return late.flatMap(({ change: { at, elements } }) =>
    here.flatMap(({ change: before }) => (before.at < at ? minus(before.elements, elements) : [])),
  );
}

/** Whether a call that landed may have been sent before others took something. */
const mayHaveLanded = ({ facts }: EvidenceFacts, { at }: EksChange, taking: Taking): boolean =>
  at - taking.at <= facts.options.stack.broker.landsWithinSeconds * 1_000 + TOLERANCE;
