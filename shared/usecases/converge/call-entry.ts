/** Carries out planned steps: saves what each may do, makes the calls, saves the outcomes. */
import { answered, intend, type Outcome } from "../../domain/entries/attempt.ts";
import { landedBy } from "../../domain/entries/lag.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import type { EntryStep } from "../../domain/entries/step.ts";
import type { CallRecord } from "../../domain/requests/evidence.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { CallFailed, type CreatedEntry } from "../../ports/access-entries.ts";
import { LedgerTooLarge } from "../../ports/ledger-store.ts";
import { allDone } from "./all-done.ts";
import { answeredCall } from "./answered-call.ts";
import { factsOf } from "./converge-run.ts";
import { greatest, type Need } from "./need.ts";
import type { Pass } from "./pass.ts";

/** The steps to take, whom they serve, and how much of the run's time they must leave. */
export interface StepOrder {
  readonly steps: readonly EntryStep[];
  /** Ids of the grants that a step serves. The first one's session is used. */
  readonly servedBy: (step: EntryStep) => readonly string[];
  /** No step starts with less time left than this, in milliseconds. */
  readonly leastMillis: number;
  /** What must be stored before the first call, besides the ledger. */
  readonly beside?: () => Promise<void>;
}

/** A step that AWS refused. */
interface RefusedStep {
  readonly step: EntryStep;
  readonly served: readonly string[];
  readonly error: CallFailed;
}

export interface CalledSteps {
  /** Ids of the grants served by a step that was answered. */
  readonly served: readonly string[];
  readonly refused: readonly RefusedStep[];
  readonly need: Need;
}

/**
 * Saves the intent, then takes the steps in order, then saves their outcomes. A failed step does not stop the others, unless
 * they need an entry that could not be created. The save is the fence: if it is refused, no call is
 * made.
 *
 * @throws LedgerTooLarge where there is no room for the intent; no call was made
 */
export async function callEntry(
  pass: Pass,
  planned: Ledger,
  { steps, servedBy, leastMillis, beside }: StepOrder,
): Promise<CalledSteps> {
  const { ports, run, held } = pass;
  const now = ports.clock.now();
  const landBy = landedBy(plusSeconds(now, run.millisLeft() / 1_000), ports.settings);
  const intent = intend(planned, steps, { now, landBy }, ports.settings);
  await allDone([held.save(intent), beside?.()]);
  const taken = await takeSteps(pass, planned, { steps, servedBy, leastMillis });
  return greatestOf(taken, await saveOutcomes(pass));
}

/** An outcome without room is not saved. The intent says more than it, and stands. */
async function saveOutcomes({ held }: Pass): Promise<Need> {
  try {
    await held.save();
    return "settled";
  } catch (error) {
    if (!(error instanceof LedgerTooLarge)) throw error;
    return "retry";
  }
}

const greatestOf = (taken: CalledSteps, need: Need): CalledSteps => ({
  ...taken,
  need: greatest(taken.need, need),
});

/** Takes the steps in order, and saves nothing. */
export async function takeSteps(
  pass: Pass,
  planned: Ledger,
  { steps, servedBy, leastMillis }: Omit<StepOrder, "beside">,
): Promise<CalledSteps> {
  const { run, held } = pass;
  let taken: CalledSteps = { served: [], refused: [], need: "settled" };
  let isStopped = false;
  for (const step of steps) {
    if (isStopped || run.millisLeft() < leastMillis) {
      held.know(withOutcome(pass, step, planned, { kind: "not-applied" }, pass.now));
      taken = { ...taken, need: greatest(taken.need, "yield") };
      continue;
    }
    const next = await takeStep(pass, planned, step, servedBy(step), taken);
    isStopped = step.kind === "create-entry" && held.current.entry.arn === null;
    taken = next;
  }
  return taken;
}

async function takeStep(
  pass: Pass,
  before: Ledger,
  step: EntryStep,
  served: readonly string[],
  taken: CalledSteps,
): Promise<CalledSteps> {
  const { ports, run, held, entry, binding } = pass;
  const begunAt = ports.clock.now();
  try {
    const answer = await entry.call(step, served[0]);
    const { outcome, record } = outcomeOf(answer);
    held.know(withOutcome(pass, step, before, outcome, begunAt));
    note(pass, step, record, served);
    const need = outcome.kind === "missing" ? "retry" : "settled";
    return {
      ...taken,
      served: [...taken.served, ...served],
      need: greatest(taken.need, need),
    };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("step failed", { binding, step: step.kind, ...factsOf(error) });
    const kind = error.failure === "unknown" ? "unanswered" : "not-applied";
    held.know(withOutcome(pass, step, before, { kind }, begunAt));
    note(pass, step, error.record, served);
    const isRefused = error.failure === "refused";
    return {
      ...taken,
      refused: isRefused ? [...taken.refused, { step, served, error }] : taken.refused,
      need: greatest(taken.need, error.failure === "throttled" ? "yield" : "retry"),
    };
  }
}

function note(pass: Pass, step: EntryStep, record: CallRecord, served: readonly string[]): void {
  pass.journal.note(record, served);
  const call = answeredCall(pass, step, record, served);
  if (call) pass.journal.answered(call);
}

const withOutcome = (
  { ports, held }: Pass,
  step: EntryStep,
  before: Ledger,
  outcome: Outcome,
  begunAt: string,
): Ledger =>
  answered(
    held.current,
    step,
    outcome,
    { before, begunAt, answeredAt: ports.clock.now() },
    ports.settings,
  );

const NOT_FOUND = "ResourceNotFoundException";

function outcomeOf(answer: CallRecord | CreatedEntry): {
  readonly outcome: Outcome;
  readonly record: CallRecord;
} {
  if ("record" in answer)
    return { outcome: { kind: "applied", created: answer }, record: answer.record };
  const kind = answer.result === NOT_FOUND ? "missing" : "applied";
  return { outcome: { kind }, record: answer };
}
