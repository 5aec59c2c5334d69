import { describe, expect, it } from "vitest";
import { throttleWait } from "../../../../shared/aws/calls/throttle-wait.ts";

/** The pauses of one call that is throttled every time, in milliseconds. */
function pauses(left: number, fraction: number): readonly number[] {
  const waits: number[] = [];
  for (let waited = 0; ; ) {
    const wait = throttleWait({ tries: waits.length, waited, left: left - waited }, fraction);
    if (wait === undefined) return waits;
    waits.push(wait);
    waited += wait;
  }
}

describe("A throttled call", () => {
  it("A throttled call waits longer each time, up to a limit that keeps it competitive", () => {
    expect(pauses(2_000, 0.5)).toEqual([75, 150, 300, 300, 300, 300, 300]);
  });

  it("A throttled call gives up before four seconds have passed", () => {
    const sum = pauses(60_000, 0.5).reduce((all, wait) => all + wait, 0);
    expect(sum).toBeGreaterThan(3_600);
    expect(sum).toBeLessThanOrEqual(4_000);
  });

  it("A throttled call gives up if the invocation has no time for the pause", () => {
    expect(pauses(74, 0.5)).toEqual([]);
  });

  it("A throttled call has jitter of half a pause, so that many calls do not return at once", () => {
    expect(pauses(60, 0)).toEqual([50]);
    expect(throttleWait({ tries: 0, waited: 0, left: 1_000 }, 0.999)).toBeCloseTo(100, 0);
  });
});
