import type { Reading } from "../../domain/entries/actual-entry.ts";
import { presentOn } from "../../domain/entries/knowledge.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import {
  excessTargets,
  planRemovals,
  type Refused,
  type Situation,
} from "../../domain/entries/plan-removals.ts";
import { countingReading } from "../../domain/entries/proof.ts";
import { carriedBy, type EntryStep, targetOf } from "../../domain/entries/step.ts";
import { LedgerTooLarge } from "../../ports/ledger-store.ts";
import {
  type CalledSteps,
  callEntry,
  callUnsaved,
  NOTHING_CALLED,
  type StepOrder,
} from "./call-entry.ts";
import { lookAgain } from "./looks.ts";
import { greatest, type Need } from "./need.ts";
import type { EarlierPasses } from "./pass.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

export interface Removed {
  readonly need: Need;
  /** Whether a call was made, so an earlier read no longer shows what is there. */
  readonly hasCalled: boolean;
  /** AWS refuses to delete our own entry. It stays, without access, until someone deletes it. */
  readonly isDeletionRefused: boolean;
  readonly narrowingRefused: EarlierPasses["narrowingRefused"];
}

/** With less time left than this, in milliseconds, the answer to a call could not be stored. */
const LEAST_MILLIS = 500;

/** After this many refusals to narrow an association, the whole association is removed. */
const NARROWINGS = 2;

/** The part of a pass that removes access. */
type Remover = Parameters<typeof callEntry>[0] & Parameters<typeof lookAgain>[0];

/**
 * Removes access that nothing explains any more. It runs before anything else in a pass. Nothing is armed, added or
 * stored between the plan and the calls, except the save that is the fence. Calls that carry nothing have a save of
 * their own, first.
 *
 * @param reading the read that counts; without one the removal goes ahead blindly
 * @param refusals those of earlier passes of the run
 */
export async function removeAccess(
  pass: Remover,
  reading: Reading | undefined,
  refusals: EarlierPasses["narrowingRefused"],
): Promise<Removed> {
  const narrowing = new Set(
    [...refusals].flatMap(([target, count]) => (count >= NARROWINGS ? target : [])),
  );
  const first = await takeAway(pass, reading, { deletion: false, narrowing });
  const isDeletionRefused = first.refused.some(({ step }) => step.kind === "delete-entry");
  // Remove the entry's contents in the same run, by calls that need no tag, after a new read: others may have added.
  const second = isDeletionRefused
    ? await takeAway(pass, countingReading(await lookAgain(pass)), { deletion: true, narrowing })
    : NOTHING_CALLED;
  const narrowingRefused = counted(refusals, [...first.refused, ...second.refused]);
  return {
    hasCalled: first !== NOTHING_CALLED,
    isDeletionRefused,
    narrowingRefused,
    need: greatest(
      first.need,
      second.need,
      needOf({ ...snapshotOf(pass), reading }),
      isCountedUp(refusals, narrowingRefused) ? "rerun" : "settled",
    ),
  };
}

/**
 * Access that is still there is retried at once. Access that may only land later waits for the
 * sweep.
 */
function needOf(left: Situation): Need {
  if (excessTargets(left).length === 0) return "settled";
  return excessTargets(left, presentOn).length > 0 ? "yield" : "retry";
}

async function takeAway(
  pass: Remover,
  reading: Reading | undefined,
  refused: Refused,
): Promise<Omit<CalledSteps, "served">> {
  const situation = { ...snapshotOf(pass), reading };
  const steps = planRemovals(situation, refused);
  if (steps.length === 0) return NOTHING_CALLED;
  // A grant that never began had nothing to remove, and correlate would not believe its session.
  const over = situation.entitlements.filter(({ isOver, hasBegun }) => isOver && hasBegun);
  const servedBy = (step: EntryStep) => {
    const target = targetOf(step);
    return over
      .filter((each) => target === undefined || each.target === target)
      .map(({ grantId }) => grantId);
  };
  // A call that carries nothing needs least room in the ledger, and waits for no other's.
  const isBare = (step: EntryStep) => carriedBy(step).length === 0;
  const first = await takeAll(pass, steps.filter(isBare), servedBy);
  const then = await takeAll(
    pass,
    steps.filter((step) => !isBare(step)),
    servedBy,
  );
  return {
    refused: [...first.refused, ...then.refused],
    need: greatest(first.need, then.need),
  };
}

/** Takes removals under one save of their own. Where it has no room, they go on without it. */
async function takeAll(
  pass: Remover,
  steps: readonly EntryStep[],
  servedBy: StepOrder["servedBy"],
): Promise<CalledSteps> {
  if (steps.length === 0) return NOTHING_CALLED;
  const planned = pass.held.current;
  const order = { steps, servedBy, leastMillis: LEAST_MILLIS };
  try {
    return await callEntry(pass, planned, order);
  } catch (error) {
    if (!(error instanceof LedgerTooLarge)) throw error;
    return await callUnsaved(pass, planned, order);
  }
}

/**
 * Marks grants that are over, and whether that is before their time. The mark is saved with the removal, before the
 * call.
 */
export function withOver({ ledger, entitlements, now }: Snapshot): Ledger {
  const over = entitlements.filter(({ isOver, hasBegun }) => isOver && hasBegun);
  const marked = over.flatMap(({ grantId }) => {
    const begun = ledger.begun[grantId];
    if (!begun || begun.over) return [];
    const early = now < begun.revokeAt ? ({ early: true } as const) : {};
    return [[grantId, { ...begun, over: true, ...early }] as const];
  });
  return marked.length === 0
    ? ledger
    : { ...ledger, begun: { ...ledger.begun, ...Object.fromEntries(marked) } };
}

function counted(
  before: EarlierPasses["narrowingRefused"],
  refused: CalledSteps["refused"],
): EarlierPasses["narrowingRefused"] {
  const targets = refused.flatMap(({ step }) => (step.kind === "associate" ? step.target : []));
  return new Map([
    ...before,
    ...targets.map((each) => [each, (before.get(each) ?? 0) + 1] as const),
  ]);
}

const isCountedUp = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>) =>
  [...after].some(([target, count]) => count > (before.get(target) ?? 0));
