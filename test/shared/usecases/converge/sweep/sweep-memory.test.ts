/** The turn of drift checks that a sweep remembers as the last that was taken. */
import { describe, expect, it } from "vitest";
import { latestTurn } from "../../../../../shared/domain/entries/drift-turn.ts";
import type { DueItem } from "../../../../../shared/ports/binding-store.ts";
import {
  rememberTurns,
  type Sent,
  type SweepMemory,
} from "../../../../../shared/usecases/converge/sweep-memory.ts";

const NOW = { round: 7, place: "800000000000" };
const LAST = { round: 6, place: "100000000000" };
const PROD = "arn:cluster";
const turn = (binding: string, isSent: boolean): Sent => ({
  item: { kind: "drift-check", binding, clusterArn: PROD, isTurn: true },
  isSent,
});
const other = (item: object, isSent: boolean): Sent => ({ item: item as DueItem, isSent });
const OTHERS = [false, true].flatMap((isSent) => [
  other({ kind: "drift-check", binding: "f1", clusterArn: PROD, isTurn: false }, isSent),
  other({ kind: "removal", binding: "f2", clusterArn: PROD }, isSent),
  other({ kind: "lapse", requestId: "r" }, isSent),
]);
const remembered = (...sent: readonly Sent[]) => {
  const memory: SweepMemory = { lastTurn: LAST };
  rememberTurns(memory, NOW, sent);
  return memory.lastTurn;
};

describe("The turn that a sweep remembers", () => {
  it("Where nobody's turn was due, all were taken up to now, whatever else was due", () => {
    expect(remembered()).toBe(NOW);
    expect(remembered(...OTHERS)).toBe(NOW);
  });

  it("It is the last that was taken, in this period or the one before", () => {
    expect(remembered(turn("20", true), turn("70", true))).toEqual({ round: 7, place: "70" });
    expect(remembered(turn("90", true))).toEqual({ round: 6, place: "90" });
    expect(remembered(...OTHERS, turn("70", true))).toEqual(latestTurn("70", NOW));
  });

  it("A turn that failed is not taken, nor any after it", () => {
    expect(remembered(turn("20", true), turn("30", false), turn("40", true))).toEqual({
      round: 7,
      place: "20",
    });
    expect(remembered(turn("20", false), turn("30", true))).toBe(LAST);
  });
});
