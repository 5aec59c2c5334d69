import { type DriftTurn, latestTurn } from "../../domain/entries/drift-turn.ts";
import type { DueItem } from "../../ports/binding-store.ts";

/**
 * The memory that sweeps of one process share. Nothing is lost with a process: the next one takes everybody's turn,
 * and the queue drops what it was sent within five minutes.
 */
export interface SweepMemory {
  /** Turns up to this one were taken. */
  lastTurn?: DriftTurn;
}

/** A due item, and whether the sweep dealt with it. */
export interface Sent {
  readonly item: DueItem;
  readonly isSent: boolean;
}

/**
 * Remembers the last turn before the first that failed, so that the next sweep takes those after it. A sweep takes
 * the first of those that are due. If no turn is due, all were taken up to now.
 *
 * @param sent in the order of their turns
 */
export function rememberTurns(memory: SweepMemory, now: DriftTurn, sent: readonly Sent[]): void {
  const turns = sent.flatMap(({ item, isSent }) =>
    item.kind === "drift-check" && item.isTurn ? { binding: item.binding, isSent } : [],
  );
  if (turns.length === 0) memory.lastTurn = now;
  for (const { binding, isSent } of turns) {
    if (!isSent) return;
    memory.lastTurn = latestTurn(binding, now);
  }
}
