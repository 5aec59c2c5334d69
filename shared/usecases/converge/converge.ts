/**
 * Makes one access entry what it should be. No message says what to add or remove: it reads the
 * desired and the actual state and makes them equal. Granting, expiry, return, revocation, drift
 * repair and crash recovery are all this one function.
 *
 * Two runs of one binding may overlap: the ledger's revision is the fence between them.
 */

import type { BindingView } from "../../ports/binding-store.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { LedgerConflict, LedgerTooLarge } from "../../ports/ledger-store.ts";
import { haveLookedAt } from "../facts/ticket-looks.ts";
import { armAttempt } from "./arm-retry.ts";
import { type ConvergeRun, MessageLost } from "./converge-run.ts";
import { mendHead } from "./mend-head.ts";
import { greatest, type Need } from "./need.ts";
import { onePass, type PassReport } from "./one-pass.ts";
import { isParkedSo, parkBinding } from "./park-binding.ts";
import { type EarlierPasses, FIRST_PASS, openPass, type Pass, workMillis } from "./pass.ts";
import { readBinding } from "./read-binding.ts";
import { recordCalls } from "./record-calls.ts";
import { RunJournal } from "./run-journal.ts";
import { storeCalls } from "./store-calls.ts";

/** The facts that alarms are based on. */
export interface ConvergeReport {
  /** Grants past `expiresAt` whose end is not proven yet. Feeds the paging alarm OverdueGrants. */
  readonly overdueGrants: number;
  /** Entries of ours that AWS refuses to delete, although nothing is lent on them. */
  readonly bareEntries: number;
  /**
   * Fuses that Scheduler refuses permanently, because it does not accept their universal target.
   */
  readonly fusesRefused: number;
  /** Ends and fuses that Scheduler refuses to take. Nothing begins without them. Feeds FuseRefused. */
  readonly timersRefused: number;
  /** Records of the binding that somebody other than the broker wrote. Feeds TableFaults. */
  readonly recordsLeftOut: number;
  /** Ledgers that have no room for the facts of the run. It removes access without a save, and adds nothing. */
  readonly ledgersTooLarge: number;
  /** Tickets that end begun grants, and that nobody read for as long as an answer counts. Feeds TicketsUnread. */
  readonly ticketsUnread: number;
}

const NOTHING_TO_REPORT: ConvergeReport = {
  overdueGrants: 0,
  bareEntries: 0,
  fusesRefused: 0,
  timersRefused: 0,
  recordsLeftOut: 0,
  ledgersTooLarge: 0,
  ticketsUnread: 0,
};

/** The number of passes that a run starts, repeated ones after a lost race included. */
const PASSES = 3;
/**
 * The passes that finding stuck records takes, so they do not count. Some are found only once others are left out: their step
 * comes later. A run that ended before would forget all that it found, and the binding would be due for ever.
 */
const PASSES_TO_FIND = 2;

/**
 * Brings a binding to its desired state, as far as AWS allows, and stores when to look again. It
 * throws only for bugs and for tables that do not answer. The message then returns to the queue.
 */
export async function converge(
  ports: ConvergePorts,
  binding: string,
  run: ConvergeRun,
): Promise<ConvergeReport> {
  const journal = new RunJournal();
  try {
    return await convergeOnce(ports, binding, run, journal);
  } catch (error) {
    // The queue gives a message up after a few attempts, and others may have hidden the head from the sweep.
    await armAttempt(ports, binding, run).catch(() => undefined);
    // CloudTrail shows its calls too. Where an end could not be stored before its removal, nothing else explains them.
    await storeCalls({ ports, journal, run, binding });
    throw error;
  }
}

async function convergeOnce(
  ports: ConvergePorts,
  binding: string,
  run: ConvergeRun,
  journal: RunJournal,
): Promise<ConvergeReport> {
  let earlier = FIRST_PASS;
  let isTooLarge = false;
  let passes = PASSES;
  const read = () => readBinding(ports, binding);
  const isHeld = once(() => holdsMessage(run, binding));
  // Reading changes nothing, so it need not wait to know whose message it is.
  const [mayChange, first] = await Promise.all([run.isDriftCheck || isHeld(), settled(read())]);
  if (!mayChange) return NOTHING_TO_REPORT;
  for (let count = 1; ; count += 1) {
    const stored = await (count === 1 ? first() : read());
    const { from, view, pass } = await openPass(
      ports,
      { binding, run, isHeld, journal, earlier },
      stored,
    );
    if (!pass) {
      await mendHead({ ports, run, view: stored.view, isHeld });
      if (!isParkedSo(stored.view, from, NOTHING_DUE))
        await ports.bindings.park(binding, from, NOTHING_DUE);
      return { ...NOTHING_TO_REPORT, recordsLeftOut: leftOutOf(view) };
    }
    const result = await unlessFenced(pass);
    journal.dropUnproven();
    isTooLarge ||= pass.held.isTooLarge;
    if (result === "lost") return NOTHING_TO_REPORT;
    if (result !== "fenced" && result.earlier.stuck.size > earlier.stuck.size)
      passes += PASSES_TO_FIND;
    const mayRepeat = count < passes && workMillis(pass) > 0;
    if (mayRepeat && (result === "fenced" || result.need === "rerun")) {
      earlier = result === "fenced" ? { ...earlier, isOvertaken: true } : result.earlier;
      continue;
    }
    // A fenced run knows less, so the other run decides when the binding is due.
    if (result !== "fenced")
      await parkBinding(pass, {
        ...result,
        need: greatest(againLater(result.need), isTooLarge ? "retry" : "settled"),
      });
    await storeCalls(pass);
    await recordCalls(pass);
    await haveLookedAt(ports.outside, pass.tickets.due);
    const found = result === "fenced" ? NOTHING_FOUND : result;
    return { ...reportOf(pass, found), ledgersTooLarge: isTooLarge ? 1 : 0 };
  }
}

/** Waits without failing. @returns gives the result, or throws the failure */
async function settled<Result>(work: Promise<Result>): Promise<() => Promise<Result>> {
  await work.catch(() => undefined);
  return () => work;
}

/** Does the work when it is first asked for, and gives that result from then on. */
function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let begun: Promise<Result> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}

/**
 * If SQS cannot be reached, the run goes on: access must still be removed. Only a clear no ends it.
 */
async function holdsMessage({ hold, log }: ConvergeRun, binding: string): Promise<boolean> {
  try {
    const isHeld = await hold.extend();
    if (!isHeld) log("message held by another run", { binding });
    return isHeld;
  } catch (error) {
    log("message not extended", { binding, error: String(error) });
    return true;
  }
}

const NOTHING_DUE = {
  dueAt: null,
  dueFor: "confirmation",
  removeAt: null,
  driftCheckAt: null,
  attempts: 0,
  reservedBytes: 0,
} as const;

const NOTHING_FOUND = { bareEntries: 0, fusesRefused: 0, timersRefused: 0 };

/** The passes of this run are used up, so the binding re-enters the queue at once: the sweep may be down. */
const againLater = (need: Need): Need => (need === "rerun" ? "yield" : need);

/** A pass whose save was refused ends before its next call to EKS. */
async function unlessFenced(
  pass: Pass,
): Promise<(PassReport & { readonly earlier: EarlierPasses }) | "fenced" | "lost"> {
  try {
    return await onePass(pass);
  } catch (error) {
    if (error instanceof MessageLost) return "lost";
    if (error instanceof LedgerTooLarge) return withoutRoom(pass);
    if (!(error instanceof LedgerConflict)) throw error;
    pass.run.log("another run saved first", { binding: pass.binding });
    return "fenced";
  }
}

/**
 * The number of faults that others wrote into the binding: records that are left out, as far as they were read, and
 * a broken head.
 */
const leftOutOf = ({ leftOut, isWhole, broken }: BindingView): number =>
  leftOut.length + (isWhole ? 0 : 1) + (broken.length > 0 ? 1 : 0);

/** The pass ended before the first step that needs room in the ledger. Its removals were made before. */
function withoutRoom({ run, binding, earlier }: Pass) {
  run.log("the ledger is too large", { binding });
  const nothing = { isEntryUnread: false, wakeAt: [], ...NOTHING_FOUND, earlier };
  return { need: "retry", ...nothing } as const;
}

function reportOf(
  { grants, now, view, tickets }: Pass,
  { bareEntries, fusesRefused, timersRefused }: typeof NOTHING_FOUND,
): Omit<ConvergeReport, "ledgersTooLarge"> {
  const late = grants.open.filter(({ expiresAt }) => expiresAt !== null && expiresAt < now);
  return {
    overdueGrants: late.length,
    bareEntries,
    fusesRefused,
    timersRefused,
    recordsLeftOut: leftOutOf(view),
    ticketsUnread: tickets.unread.length,
  };
}
