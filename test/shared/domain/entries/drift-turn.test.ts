/** When each binding has its turn to be checked for drift. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DriftTurn,
  isAmong,
  latestTurn,
  placesSince,
  turnAt,
} from "../../../../shared/domain/entries/drift-turn.ts";
import { sha256 } from "../../../../shared/domain/values/canonical-json.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

const START = "2026-11-24T10:00:00.000Z";
const PERIOD = 300;
const at = (seconds: number): DriftTurn => turnAt(plusSeconds(START, seconds), PERIOD);
const BINDINGS = Array.from({ length: 300 }, (_, n) => sha256(`binding ${n}`)).toSorted();

/** In the order of their turns. */
const due = (last: DriftTurn | undefined, now: DriftTurn): readonly string[] =>
  placesSince(last, now).flatMap((places) => BINDINGS.filter((each) => isAmong(places, each)));

/**
 * Sweeps that take at most this number of turns. @returns the times at which each turn was taken,
 * by binding
 */
function swept(sweepsAt: readonly number[], most: number): ReadonlyMap<string, number[]> {
  const taken = new Map<string, number[]>(BINDINGS.map((each) => [each, []]));
  let last: DriftTurn | undefined;
  for (const seconds of sweepsAt) {
    const now = at(seconds);
    const turns = due(last, now).slice(0, most);
    for (const binding of turns) taken.get(binding)?.push(seconds);
    const final = turns.at(-1);
    last = final === undefined ? now : latestTurn(final, now);
  }
  return taken;
}

const gaps = (times: readonly number[]) =>
  times.slice(1).map((time, index) => time - (times[index] ?? 0));
const everyMinute = (count: number) => Array.from({ length: count }, (_, n) => n * 60);

describe("The turns of drift checks", () => {
  it("A place in time says how much of its period has passed", () => {
    expect(turnAt("1970-01-01T00:05:00.000Z", PERIOD)).toEqual({ round: 1, place: "000000000000" });
    expect(turnAt("1970-01-01T00:07:30.000Z", PERIOD)).toEqual({ round: 1, place: "800000000000" });
    expect(turnAt("1970-01-01T00:09:59.999Z", PERIOD).place.slice(0, 3)).toBe("fff");
  });

  it("Everybody's turn is now where the last one is not known, or is still to come", () => {
    expect(due(undefined, at(0))).toEqual(BINDINGS);
    expect(due(at(1), at(0))).toEqual(BINDINGS);
    expect(due(at(PERIOD), at(0))).toEqual(BINDINGS);
  });

  it("Nobody's turn is twice in one sweep, and all turns since the last are taken in order", () => {
    fc.assert(
      fc.property(fc.nat(PERIOD * 3_000), fc.nat(PERIOD * 5_000), (startMs, passedMs) => {
        const [last, now] = [at(startMs / 1_000), at((startMs + passedMs) / 1_000)];
        const found = due(last, now);
        const order = found.map((each) => {
          const { round, place } = latestTurn(each, now);
          return { round, place };
        });
        expect(new Set(found).size).toBe(found.length);
        if (passedMs >= PERIOD * 1_000) expect(found).toHaveLength(BINDINGS.length);
        else
          for (const { round, place } of order) {
            const isAfterLast = round > last.round || (round === last.round && place > last.place);
            expect(isAfterLast).toBe(true);
          }
        const left = BINDINGS.filter((each) => !found.includes(each));
        for (const each of left) {
          const { round, place } = latestTurn(each, now);
          expect(round < last.round || (round === last.round && place <= last.place)).toBe(true);
        }
      }),
    );
  });

  it("Each binding is checked once in each period by sweeps of every minute", () => {
    for (const times of swept(everyMinute(60), BINDINGS.length).values()) {
      expect(times.length).toBeGreaterThanOrEqual(12);
      for (const gap of gaps(times.slice(1))) expect(gap).toBe(PERIOD);
    }
  });

  it("Each binding waits a period and the pause at most where sweeps are irregular", () => {
    const pause = fc.integer({ min: 1, max: 400 });
    fc.assert(
      fc.property(fc.array(pause, { minLength: 5, maxLength: 40 }), (pauses) => {
        const times = pauses.map((_, n) => pauses.slice(0, n).reduce((sum, one) => sum + one, 0));
        for (const taken of swept(times, BINDINGS.length).values())
          for (const gap of gaps(taken))
            expect(gap).toBeLessThanOrEqual(PERIOD + Math.max(...pauses));
      }),
    );
  });

  it("Nobody is left out where more turns are due than a sweep takes", () => {
    const most = 7;
    const round = Math.ceil(BINDINGS.length / most);
    for (const times of swept(everyMinute(round * 5), most).values()) {
      expect(times.length).toBeGreaterThanOrEqual(4);
      for (const gap of gaps(times)) expect(gap).toBeLessThanOrEqual((round + 1) * 60);
    }
  });
});
