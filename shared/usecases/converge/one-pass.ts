/** The steps of one pass, in their order: what takes access away comes before anything else. */
import { isOpen } from "../../domain/circuit.ts";
import { explainsIn } from "../../domain/entries/entitlement.ts";
import { observe } from "../../domain/entries/observe.ts";
import { provableFrom, type Sighting } from "../../domain/entries/proof.ts";
import type { Refusal } from "../../domain/ledger.ts";
import { addAccess } from "./add-access.ts";
import { type Admitted, admitGrants } from "./admit-grants.ts";
import { type Calls, joinCalls } from "./calls.ts";
import { cleanUp, dropAdopted } from "./clean-up.ts";
import { concludeGrants, type Known } from "./conclude-grants.ts";
import { countingReading, keepCircuit, type Look, lookAtEntry } from "./look-at-entry.ts";
import { lookUpSubject, type Subject } from "./look-up-subject.ts";
import { greatest } from "./need.ts";
import { confirm, obstacleIn } from "./obstacle.ts";
import type { PassResult } from "./park-binding.ts";
import { entitlementsIn, type Pass, type PassMemory, workMillis } from "./pass.ts";
import { readEntry, readOnce } from "./read-entry.ts";
import { type Removed, removeAccess } from "./remove-access.ts";
import { storeExpiries } from "./store-expiries.ts";

/** What a pass leaves, and what somebody has to hear of it. */
export interface PassReport extends PassResult {
  readonly bareEntries: number;
  readonly fusesRefused: number;
}

type Result = PassReport & { readonly memory: PassMemory };

/**
 * A message that waited for longer than this says that removals wait in the queue too. Then what
 * takes nothing away lets them pass, and comes back with the next sweep: half a sweep's period is
 * what the margin has left after a schedule's minute and a run.
 */
const LONG_WAIT_SECONDS = 30;

/** @throws LedgerConflict when another run saved first: nothing was called since */
export async function onePass(pass: Pass): Promise<Result> {
  const { ports, clusterArn, now, run } = pass;
  const circuit = await ports.circuits.load(clusterArn);
  if (isOpen(circuit, now)) return putOff(pass, circuit.openUntil ?? now);
  if ((run.waitedSeconds ?? 0) > LONG_WAIT_SECONDS && !isAnythingOver(pass))
    return putOff(pass, now);
  const read = await readEntry(pass);
  const looked = lookAtEntry(pass, read);
  const removed = await removeAccess(pass, countingReading(looked));
  const findings = [...pass.memory.findings, ...looked.findings, ...removed.findings];
  const look = { ...looked, findings };
  await keepCircuit(pass, circuit, read);
  const calls = joinCalls(pass.memory.calls, removed.calls);
  const recorded = await storeExpiries(pass, { calls, findings: look.findings });
  const rest = new Map([...calls].filter(([id]) => !recorded.has(id)));
  if (pass.grants.isConflicted || removed.need === "rerun") return again(pass, rest, look, removed);
  return await addAndConclude(pass, look, removed, rest);
}

async function addAndConclude(
  pass: Pass,
  look: Look,
  removed: Removed,
  calls: Calls,
): Promise<Result> {
  const { subject, judged, wakeAt } = await judgeGrants(pass, look);
  if (await failGrants(pass, judged)) return again(pass, calls, look, removed);
  const mayAdd = look.seen !== undefined && look.seen.sight !== "newcomer";
  const added = mayAdd && look.seen ? await addAccess(pass, judged, look.seen) : NOTHING_ADDED;
  const all = joinCalls(calls, added.calls);
  if (added.need === "rerun") return again(pass, all, look, removed);
  const last = await lastLook(pass, look, { added: added.hasCalled, removed: removed.hasCalled });
  const isAdopted = dropAdopted(pass, last.seen);
  const known: Known = {
    seen: last.seen,
    findings: [...last.findings, ...(isAdopted ? [{ code: "entry-adopted" } as const] : [])],
    calls: all,
    subject,
    refused: judged.refused,
  };
  const concluded = await concludeGrants(pass, known);
  // A grant that this pass lost sight of is still lent: nothing of it may be cleaned up.
  if (pass.grants.isConflicted)
    return again(pass, concluded.unrecorded, { ...look, findings: [] }, removed);
  const cleaned = await cleanUp(pass, last.seen);
  return {
    need: greatest(
      look.need,
      removed.need,
      judged.isWaiting && wakeAt.length === 0 ? "retry" : "settled",
      added.need,
      concluded.need,
      cleaned,
    ),
    isUnread: look.seen === undefined,
    wakeAt: [...look.wakeAt, ...wakeAt],
    bareEntries: removed.isDeletionRefused ? 1 : 0,
    fusesRefused: added.fusesRefused,
    memory: {
      calls: concluded.unrecorded,
      findings: [],
      narrowingRefused: removed.narrowingRefused,
    },
  };
}

const NOTHING_ADDED = {
  calls: new Map(),
  need: "settled",
  hasCalled: false,
  fusesRefused: 0,
} as const;

/** The entry is left unread until `until`. */
const putOff = ({ memory }: Pass, until: string): Result => ({
  need: "settled",
  isUnread: true,
  wakeAt: [until],
  bareEntries: 0,
  fusesRefused: 0,
  memory,
});

/** Everything is to be read again: what was done so far is in the tables, or remembered here. */
const again = (
  pass: Pass,
  calls: Calls,
  { findings }: Look,
  { narrowingRefused }: Removed,
): Result => ({
  ...putOff(pass, pass.now),
  need: "rerun",
  isUnread: false,
  memory: { calls, findings, narrowingRefused },
});

const isAnythingOver = (pass: Pass): boolean =>
  pass.grants.open.length === 0 || entitlementsIn(pass).some(({ isOver }) => isOver);

interface Judged {
  readonly subject: Subject | undefined;
  readonly judged: Admitted;
  readonly wakeAt: readonly string[];
}

const NOBODY: Admitted = {
  admitted: new Set(),
  refused: new Map(),
  withdrawn: new Map(),
  isWaiting: false,
};

/** Asks whom and where access would go, where a grant is live; a removal needs neither. */
async function judgeGrants(pass: Pass, look: Look): Promise<Judged> {
  const live = entitlementsIn(pass).filter(({ isLive }) => isLive);
  const nobody: Judged = { subject: undefined, judged: NOBODY, wakeAt: [] };
  if (live.length === 0) return nobody;
  if (look.obstacle) return { ...nobody, judged: admitGrants(pass, UNASKED, look.obstacle) };
  if (!look.seen) return nobody;
  const isBeginning = pass.grants.open.some(({ state }) => state === "approved");
  const subject = await lookUpSubject(pass, isBeginning || look.seen.sight === "replaced");
  const { ledger, certain, againAt } = confirmSubject(pass, subject, look.seen);
  pass.held.know(ledger);
  return {
    subject,
    judged: admitGrants(pass, subject, certain),
    wakeAt: againAt === undefined ? [] : [againAt],
  };
}

const UNASKED: Subject = {
  principal: { kind: "unread" },
  cluster: { kind: "unasked" },
  askedAt: "",
};

/** Pins whom and where the ledger is about at first sight; an obstacle needs two looks. */
function confirmSubject(pass: Pass, subject: Subject, { reading }: Sighting) {
  const { settings } = pass.ports;
  const before = pass.held.current;
  const { principal, cluster } = subject;
  const obstacle = obstacleIn(subject, reading.entry, before, pass.address.cluster.name);
  const ledger = {
    ...before,
    principalId: before.principalId ?? (principal.kind === "known" ? principal.id : null),
    clusterCreatedAt:
      before.clusterCreatedAt ?? (cluster.kind === "known" ? cluster.createdAt : null),
  };
  const isUnread = principal.kind === "unread" || cluster.kind === "unread";
  // What was not asked for proves nothing: a doubt stays as it is.
  if (!obstacle && isUnread) return { ledger, certain: undefined, againAt: undefined };
  return confirm(ledger, obstacle, subject.askedAt, settings);
}

/**
 * Withdraws what is active and has nothing left to be active in; marks as over what has begun and
 * is refused now. Both are for the next pass to take away.
 *
 * @returns whether there is such a grant
 */
async function failGrants(pass: Pass, { refused, withdrawn }: Admitted): Promise<boolean> {
  const { held, grants, now } = pass;
  const overs = Object.entries(held.current.begun).flatMap(([id, begun]) => {
    const refusal: Refusal | undefined = refused.get(id);
    return refusal && !begun.over ? [[id, { ...begun, over: true, refusal }] as const] : [];
  });
  // An active grant that this ledger does not explain may have begun since it was loaded.
  if (withdrawn.size > 0) await held.fence();
  if (overs.length > 0) {
    const begun = { ...held.current.begun, ...Object.fromEntries(overs) };
    await held.save({ ...held.current, begun });
  }
  await grants.stepAll(
    [...withdrawn].map(([id, { code, detail }]) => [
      id,
      { type: "withdraw", at: now, changes: { outcome: { code, detail } } },
    ]),
  );
  return overs.length > 0 || withdrawn.size > 0;
}

interface Called {
  readonly added: boolean;
  readonly removed: boolean;
}

/**
 * Reads back what this pass may conclude at once: access that it added, and an end that a person
 * waits for. After an expiry the sweep confirms, a read lag later: that saves a call.
 */
async function lastLook(pass: Pass, first: Look, called: Called): Promise<Look> {
  const isWorthIt = (called.added && hasUnseen(pass)) || (called.removed && isEndAwaited(pass));
  if (!isWorthIt || workMillis(pass) <= 0) return first;
  const read = await readOnce(pass);
  if (read.kind !== "read") return first;
  const { ledger, sight, findings } = observe(
    pass.held.current,
    read.reading,
    explainsIn(entitlementsIn(pass)),
    pass.ports.settings,
  );
  pass.held.know(ledger);
  return {
    ...first,
    seen: { sight, reading: read.reading },
    findings: [...first.findings, ...findings],
  };
}

const hasUnseen = (pass: Pass): boolean =>
  pass.grants.open.some(
    ({ id, state }) => state === "approved" && Object.hasOwn(pass.held.current.begun, id),
  );

function isEndAwaited(pass: Pass): boolean {
  const entitlements = entitlementsIn(pass);
  const ledger = pass.held.current;
  const now = pass.ports.chance.now();
  return pass.grants.open.some(({ id, outcome }) => {
    const own = entitlements.find(({ grantId }) => grantId === id);
    const isOver = own?.isOver && own.hasBegun && outcome?.code !== "expired";
    return isOver && provableFrom(own, ledger, entitlements) <= now;
  });
}
