/**
 * Makes one access entry what it should be. Never "add this" or "remove that": what should be is
 * read, what is is read, and they are made equal. Granting, expiry, return, revocation, repair of
 * edits from outside and recovery from a crash are all this one function.
 *
 * Two runs of one binding may overlap: the ledger's revision is the fence between them.
 */

import type { ConvergePorts } from "../../ports/function-ports.ts";
import { LedgerConflict } from "../../ports/ledger-store.ts";
import type { ConvergeRun } from "./converge-run.ts";
import { onePass, type PassReport } from "./one-pass.ts";
import { parkBinding } from "./park-binding.ts";
import { NOTHING_BEFORE, openPass, type Pass, type PassMemory, workMillis } from "./pass.ts";
import { recordCalls } from "./record-calls.ts";
import { RunJournal } from "./run-journal.ts";

/** What somebody has to hear of a binding. */
export interface ConvergeReport {
  /** Grants whose time is over, and whose end is not proven yet. */
  readonly overdueGrants: number;
  /** Entries of ours that AWS refuses to delete, though nothing is lent on them. */
  readonly bareEntries: number;
  /** Fuses that Scheduler refuses for good: its universal target is not accepted. */
  readonly fusesRefused: number;
}

const NOTHING_TO_REPORT: ConvergeReport = { overdueGrants: 0, bareEntries: 0, fusesRefused: 0 };

/** A pass that lost a race is repeated at once, but not for ever. */
const PASSES = 3;

/**
 * Brings a binding to where it should be, as far as AWS lets it, and says when it is to be looked
 * at again. It throws only for bugs and for tables that do not answer; then the message returns.
 */
export async function converge(
  ports: ConvergePorts,
  binding: string,
  run: ConvergeRun,
): Promise<ConvergeReport> {
  if (!(await holdsMessage(run, binding))) {
    run.log("message held by another run", { binding });
    return NOTHING_TO_REPORT;
  }
  const journal = new RunJournal();
  let memory = NOTHING_BEFORE;
  for (let count = 1; ; count += 1) {
    const { from, pass } = await openPass(ports, binding, run, journal, memory);
    if (!pass) {
      await ports.bindings.park(binding, from, AT_REST);
      return NOTHING_TO_REPORT;
    }
    const result = await unlessFenced(pass);
    const mayRepeat = count < PASSES && workMillis(pass) > 0;
    if (mayRepeat && (result === "fenced" || result.need === "rerun")) {
      memory = result === "fenced" ? memory : result.memory;
      continue;
    }
    // Where another run knows more, the binding is due by its word.
    if (result !== "fenced") await parkBinding(pass, result);
    await recordCalls(pass);
    return reportOf(pass, result === "fenced" ? NOTHING_FOUND : result);
  }
}

/** An outage of the queue is no reason to leave access: only its clear answer ends a run. */
async function holdsMessage({ hold, log }: ConvergeRun, binding: string): Promise<boolean> {
  try {
    return await hold.extend();
  } catch (error) {
    log("message not extended", { binding, error: String(error) });
    return true;
  }
}

const AT_REST = {
  dueAt: null,
  dueFor: "confirmation",
  removeAt: null,
  driftCheckAt: null,
  attempts: 0,
} as const;

const NOTHING_FOUND = { bareEntries: 0, fusesRefused: 0 };

/** A pass whose save was refused ends before its next call to EKS. */
async function unlessFenced(
  pass: Pass,
): Promise<(PassReport & { readonly memory: PassMemory }) | "fenced"> {
  try {
    return await onePass(pass);
  } catch (error) {
    if (!(error instanceof LedgerConflict)) throw error;
    pass.run.log("another run saved first", { binding: pass.binding });
    return "fenced";
  }
}

function reportOf(
  { grants, now }: Pass,
  { bareEntries, fusesRefused }: Pick<PassReport, "bareEntries" | "fusesRefused">,
): ConvergeReport {
  const late = grants.open.filter(({ expiresAt }) => expiresAt !== null && expiresAt < now);
  return { overdueGrants: late.length, bareEntries, fusesRefused };
}
