import { describe, expect, it } from "vitest";
import { throttleWait } from "../../../../shared/aws/calls/throttle-wait.ts";

/** The pauses of one call that is throttled each time, in milliseconds. */
function pauses(left: number, fraction: number): readonly number[] {
  const waits: number[] = [];
  for (let waited = 0; ; ) {
    const wait = throttleWait({ tries: waits.length, waited, left: left - waited }, fraction);
    if (wait === undefined) return waits;
    waits.push(wait);
    waited += wait;
  }
}

describe("a throttled call", () => {
  it("waits ever longer, though never so long that those who came later pass it by", () => {
    expect(pauses(2_000, 0.5)).toEqual([75, 150, 300, 300, 300, 300, 300]);
  });

  it("is given up before four seconds are over", () => {
    const sum = pauses(60_000, 0.5).reduce((all, wait) => all + wait, 0);
    expect(sum).toBeGreaterThan(3_600);
    expect(sum).toBeLessThanOrEqual(4_000);
  });

  it("is given up where the invocation has no time for the pause", () => {
    expect(pauses(74, 0.5)).toEqual([]);
  });

  it("has jitter of half a pause, so that many do not come back at once", () => {
    expect(pauses(60, 0)).toEqual([50]);
    expect(throttleWait({ tries: 0, waited: 0, left: 1_000 }, 0.999)).toBeCloseTo(100, 0);
  });
});
