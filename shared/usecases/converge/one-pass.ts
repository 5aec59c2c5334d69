/** The steps of one pass, in order. Removals come before anything else. */
import { isOpen } from "../../domain/clusters/circuit.ts";
import type { MaybeBegun } from "../../domain/entries/maybe-begun.ts";
import { countingReading } from "../../domain/entries/proof.ts";
import { unshownIn } from "../../domain/entries/stored-intents.ts";
import { addAccess, NOTHING_ADDED } from "./add-access.ts";
import { allDone } from "./all-done.ts";
import { armRetry } from "./arm-retry.ts";
import { askRecord, judgeLedger, knowAgain } from "./ask-record.ts";
import { cleanUp, dropAdopted } from "./clean-up.ts";
import { concludeGrants } from "./conclude-grants.ts";
import { provableLater } from "./confirmations.ts";
import { endEarly } from "./end-early.ts";
import { type Judged, judgeGrants } from "./judge-grants.ts";
import { learn, proveFindings } from "./learn.ts";
import { type LookUps, lookUpEarly } from "./look-ups.ts";
import { keepCircuit, type Look, lastLook, lookAt, readEntry } from "./looks.ts";
import { mendHead } from "./mend-head.ts";
import { greatest } from "./need.ts";
import { noteLeftOut } from "./note-left-out.ts";
import { dropEarly, type EarlyFuses, NOT_EARLY, orderEarly } from "./order-fuses.ts";
import type { PassResult } from "./park-binding.ts";
import type { EarlierPasses, Pass } from "./pass.ts";
import { failGrants } from "./refuse-grants.ts";
import { type Removed, removeAccess, withOver } from "./remove-access.ts";
import { isAnythingOver, type Snapshot, snapshotOf } from "./snapshot.ts";
import { storeCalls } from "./store-calls.ts";
import { storeExpiries } from "./store-expiries.ts";
import { type ServedGrants, stuckRecords } from "./stuck-records.ts";

/** The result of a pass, with what alarms are based on. */
export interface PassReport extends PassResult {
  readonly bareEntries: number;
  readonly fusesRefused: number;
  readonly timersRefused: number;
}

type Result = PassReport & { readonly earlier: EarlierPasses };

/**
 * If a message has waited longer than this, removals wait in the queue too. A pass without a
 * removal then lets them go first, and comes back with the next sweep. The margin leaves half a
 * sweep period for this, after a schedule's minute and one run.
 */
const LONG_WAIT_SECONDS = 30;

/** @throws LedgerConflict when another run saved first; no call was made since then */
export async function onePass(pass: Pass): Promise<Result> {
  const { ports } = pass;
  if (!pass.unread) learn(pass, noteLeftOut(pass));
  await endEarly(pass);
  const begin = snapshotOf(pass);
  const isOver = isAnythingOver(begin);
  const waitsUntil = postponedUntil(pass, begin, isOver);
  if (waitsUntil !== undefined) return postponed(pass, waitsUntil);
  const found = isOver ? undefined : lookUpEarly(pass, begin);
  const [read, fuses, record] = await allDone([
    readEntry(pass, isOver),
    isOver ? NOT_EARLY : orderEarly(pass),
    askRecord(pass, begin),
  ]);
  const maybeBegun = await knowAgain(pass, read, record);
  const look = lookAt(pass, read);
  await judgeLedger(pass, look, record);
  learn(pass, { ledger: withOver(snapshotOf(pass)) });
  const { narrowingRefused } = pass.earlier;
  const removed = await removeAccess(pass, countingReading(look.seen), narrowingRefused);
  await allDone([keepCircuit(pass, read), storeCalls(pass), mendHead(pass), armRetry(pass)]);
  if (pass.unread) throw pass.unread.failure;
  await storeExpiries(pass);
  if (!record.intents) throw record.failure;
  const { served } = record.intents;
  const unshown = unshownIn(record.intents, countingReading(look.seen), ports.settings);
  const early = { found, fuses, maybeBegun, served, unshown };
  if (pass.grants.isConflicted || removed.need === "rerun")
    return await again(pass, removed, early);
  return await addAndConclude(pass, look, removed, early);
}

/** The instant until which a pass leaves the entry unread; undefined if it reads the entry now. */
function postponedUntil(
  { circuit, now, run, view }: Pick<Pass, "circuit" | "now" | "run" | "view">,
  begin: Snapshot,
  isOver: boolean,
): string | undefined {
  if (isOpen(circuit, now)) return circuit.openUntil ?? now;
  if ((run.waitedSeconds ?? 0) > LONG_WAIT_SECONDS && !isOver) return now;
  return provableLater(begin, view);
}

/** Work that began while the entry was read. */
interface Early extends ServedGrants {
  readonly found: Promise<LookUps> | undefined;
  readonly fuses: EarlyFuses;
  readonly maybeBegun: MaybeBegun;
}

async function addAndConclude(
  pass: Pass,
  look: Look,
  removed: Removed,
  early: Early,
): Promise<Result> {
  const { found, fuses, maybeBegun } = early;
  const { grants, held } = pass;
  const { subject, judged, wakeAt, outdated, noted } = await judgeGrants(pass, look, found);
  if (outdated.length > 0 || noted.length > 0)
    return await again(knowing(pass, { outdated, noted }), removed, early);
  if (await failGrants(pass, judged)) return await again(pass, removed, early);
  const mayAdd = look.seen !== undefined && look.seen.sight !== "too-new";
  if (!mayAdd) dropEarly(held, fuses);
  const admitted = grants.open.filter(({ id }) => judged.admitted.has(id));
  const added =
    mayAdd && look.seen
      ? await addAccess(pass, { admitted, leans: judged.leans }, look.seen, fuses)
      : NOTHING_ADDED;
  if (added.need === "rerun") return await again(pass, removed, early);
  const called = { added: added.hasCalled, removed: removed.hasCalled };
  const [seen] = await allDone([lastLook(pass, look.seen, called), storeCalls(pass)]);
  learn(pass, dropAdopted(snapshotOf(pass), seen, pass));
  const known = { seen, subject, maybeBegun, refused: judged.refused };
  const concluded = await concludeGrants(pass, known);
  // Lost a write race: that grant's access is still lent, so nothing of it may be cleaned up.
  if (grants.isConflicted) return await again(pass, removed, early);
  const cleaned = await cleanUp(pass, seen);
  return {
    need: greatest(
      look.need,
      removed.need,
      judged.isWaiting && wakeAt.length === 0 ? "retry" : "settled",
      added.need,
      concluded,
      cleaned,
    ),
    isEntryUnread: look.seen === undefined,
    wakeAt: [...look.wakeAt, ...wakeAt],
    bareEntries: removed.isDeletionRefused ? 1 : 0,
    fusesRefused: added.fusesRefused,
    timersRefused: added.timersRefused,
    earlier: { ...pass.earlier, narrowingRefused: removed.narrowingRefused },
  };
}

/** Leaves the entry unread until `until`. */
const postponed = ({ earlier }: Pass, until: string): Result => ({
  need: "settled",
  isEntryUnread: true,
  wakeAt: [until],
  bareEntries: 0,
  fusesRefused: 0,
  timersRefused: 0,
  earlier,
});

/** The same pass, whose run believes these versions of records no more, and knows these ends. */
const knowing = (pass: Pass, { outdated, noted }: Pick<Judged, "outdated" | "noted">): Pass => ({
  ...pass,
  earlier: {
    ...pass.earlier,
    outdated: new Map([...pass.earlier.outdated, ...outdated]),
    noted: new Set([...pass.earlier.noted, ...noted]),
  },
});

/**
 * Stores at once which records are stuck after they began: others can plant so many that a run ends before it has found
 * all. The next one goes on with the others.
 */
async function keepStuck(pass: Pass, found: EarlierPasses["stuck"]): Promise<void> {
  const { held } = pass;
  const { begun, stuck } = held.current;
  const more = [...found].filter(([id]) => Object.hasOwn(begun, id));
  if (more.length === 0) return;
  held.know({ ...held.current, stuck: { ...stuck, ...Object.fromEntries(more) } });
  await proveFindings(pass);
  await held.saveIfChanged();
}

/** Starts over with fresh reads. The results so far are stored or remembered. */
async function again(
  pass: Pass,
  { narrowingRefused }: Removed,
  known: ServedGrants,
): Promise<Result> {
  const found = await stuckRecords(pass, known);
  await keepStuck(pass, found.stuck);
  return {
    ...postponed(pass, pass.now),
    need: "rerun",
    isEntryUnread: false,
    earlier: { ...pass.earlier, narrowingRefused, ...found },
  };
}
