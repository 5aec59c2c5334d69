/** Carries out planned steps: saves what each may do, makes the calls, saves the outcomes. */
import { answered, intend, type Outcome } from "../../domain/entries/attempt.ts";
import { landedBy } from "../../domain/entries/lag.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { type BareRemoval, bareRemoval } from "../../domain/entries/plan-removals.ts";
import type { EntryStep } from "../../domain/entries/step.ts";
import type { CallAnswer } from "../../domain/requests/evidence.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import { CallFailed, type CreatedEntry } from "../../ports/access-entries.ts";
import { LedgerConflict, LedgerTooLarge } from "../../ports/ledger-store.ts";
import { allDone } from "./all-done.ts";
import { answeredCall } from "./answered-call.ts";
import { factsOf } from "./converge-run.ts";
import type { HeldLedger } from "./held-ledger.ts";
import { greatest, type Need } from "./need.ts";
import type { PartOf } from "./pass.ts";

/** The steps to take, whom they serve, and how much of the run's time they must leave. */
export interface StepOrder {
  readonly steps: readonly EntryStep[];
  /** Ids of the grants that a step serves. The call goes under the first one's session. */
  readonly servedBy: (step: EntryStep) => readonly string[];
  /** No step starts with less time left than this, in milliseconds. */
  readonly leastMillis: number;
  /** Stores evidence of the calls to come, while the ledger is saved. */
  readonly beside?: () => Promise<void>;
  /** Called where another run saved first, so that no step is taken. */
  readonly unmade?: () => void;
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

/** The part of a pass that calls the entry. */
type Caller = PartOf<
  "run" | "binding" | "clusterArn" | "now" | "entry" | "held" | "journal",
  "clock" | "ledgers" | "settings"
>;

export const NOTHING_CALLED: CalledSteps = { served: [], refused: [], need: "settled" };

/**
 * Saves the intent, then takes the steps in order, then saves their outcomes. A failed step does not stop the
 * others, unless they need an entry that could not be created. The save is the fence: if it is refused, no call is
 * made. Without steps there is no intent, and a new plan is saved.
 *
 * @throws LedgerTooLarge if there is no room for the intent; no call was made
 */
export async function callEntry(
  caller: Caller,
  planned: Ledger,
  order: StepOrder,
): Promise<CalledSteps> {
  const { ports, run, held } = caller;
  if (order.steps.length === 0) {
    held.know(planned);
    await held.saveIfChanged();
    return NOTHING_CALLED;
  }
  const now = ports.clock.now();
  const landBy = landedBy(plusSeconds(now, run.millisLeft() / 1_000), ports.settings);
  const intent = intend(planned, order.steps, { now, landBy }, ports.settings);
  await allDone([held.save(intent), order.beside?.()]).catch((error: unknown) => {
    if (error instanceof LedgerConflict) order.unmade?.();
    throw error;
  });
  const taken = await takeSteps(caller, planned, order);
  const need = await saveOutcomes(held);
  return { ...taken, need: greatest(taken.need, need) };
}

/** An outcome without room is not saved. The intent says more than it, and stands. */
async function saveOutcomes(held: HeldLedger): Promise<Need> {
  try {
    await held.save();
    return "settled";
  } catch (error) {
    if (!(error instanceof LedgerTooLarge)) throw error;
    return "retry";
  }
}

/**
 * Removes access although the ledger has no room for the intent. No other run knows of these calls, so each of them
 * only takes access away, as others do at any time, and carries nothing that could come back. A baseline that the
 * read or the ledger shows stays. Nothing ends by this: an end needs a save.
 *
 * The ledger is read once more, in place of the fence: a run that was overtaken makes no call. The save that was
 * refused has asked whose the message is.
 *
 * @param planned the ledger before the intent
 * @throws LedgerConflict when another run saved first; no call was made
 */
export async function callUnsaved(
  caller: Caller,
  planned: Ledger,
  order: StepOrder,
): Promise<CalledSteps> {
  const { held, ports, run, binding } = caller;
  held.know(planned);
  const stored = await ports.ledgers.load(binding);
  if ((stored?.revision ?? 0) !== held.current.revision)
    throw new LedgerConflict("Another run saved the ledger. Nothing was called; load it again.");
  const bare = order.steps.map((step) => bareRemoval(planned, step));
  const left = bare.flatMap((each) => (each.kind === "needs-save" ? each.target : []));
  run.log("access removed without a save", { binding, left });
  const steps = bare.flatMap((each: BareRemoval) => (each.kind === "step" ? each.step : []));
  return await takeSteps(caller, planned, { ...order, steps });
}

/** Takes the steps in order, and saves nothing. */
async function takeSteps(
  caller: Caller,
  before: Ledger,
  { steps, servedBy, leastMillis }: StepOrder,
): Promise<CalledSteps> {
  const { ports, run, held } = caller;
  let ledger = held.current;
  let taken = NOTHING_CALLED;
  let isStopped = false;
  for (const step of steps) {
    const isCalled: boolean = !isStopped && run.millisLeft() >= leastMillis;
    const next = isCalled ? await takeStep(caller, step, servedBy(step)) : UNCALLED;
    const made = { before, begunAt: next.begunAt ?? caller.now, answeredAt: ports.clock.now() };
    ledger = answered(ledger, step, next.outcome, made, ports.settings);
    taken = {
      served: [...taken.served, ...next.served],
      refused: [...taken.refused, ...next.refused],
      need: greatest(taken.need, next.need),
    };
    isStopped ||= isCalled && step.kind === "create-entry" && ledger.entry.arn === null;
  }
  held.know(ledger);
  return taken;
}

/** How one step went. */
interface Taken extends CalledSteps {
  readonly outcome: Outcome;
  /** Absent where it was not called. */
  readonly begunAt?: string;
}

const UNCALLED: Taken = { ...NOTHING_CALLED, need: "yield", outcome: { kind: "not-applied" } };

async function takeStep(
  caller: Caller,
  step: EntryStep,
  served: readonly string[],
): Promise<Taken> {
  const { ports, run, entry, binding } = caller;
  const begunAt = ports.clock.now();
  try {
    const { outcome, record } = outcomeOf(await entry.call(step, served[0]));
    note(caller, step, record, served);
    const need = outcome.kind === "missing" ? "retry" : "settled";
    return { outcome, begunAt, served, refused: [], need };
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    run.log("step failed", { binding, step: step.kind, ...factsOf(error) });
    note(caller, step, error.record, served);
    return {
      outcome: { kind: error.failure === "unknown" ? "unanswered" : "not-applied" },
      begunAt,
      served: [],
      refused: error.failure === "refused" ? [{ step, served, error }] : [],
      need: error.failure === "throttled" ? "yield" : "retry",
    };
  }
}

/** Notes every attempt of a call for CloudTrail's events, and the last one for the grant's history. */
function note(
  { ports, entry, clusterArn, journal }: Caller,
  step: EntryStep,
  { earlier = [], ...last }: CallAnswer,
  served: readonly string[],
): void {
  journal.note(last, served);
  const at = ports.clock.now();
  for (const record of [...earlier, last]) {
    const call = answeredCall({ address: entry.address, clusterArn, at }, step, record, served);
    if (call) journal.answered(call);
  }
}

const NOT_FOUND = "ResourceNotFoundException";

function outcomeOf(answer: CallAnswer | CreatedEntry): {
  readonly outcome: Outcome;
  readonly record: CallAnswer;
} {
  if ("record" in answer)
    return { outcome: { kind: "applied", created: answer }, record: answer.record };
  const kind = answer.result === NOT_FOUND ? "missing" : "applied";
  return { outcome: { kind }, record: answer };
}
