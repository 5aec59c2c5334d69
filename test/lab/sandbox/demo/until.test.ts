import { describe, expect, it } from "vitest";
import { until, waitFor } from "../../../../lab/sandbox/demo/until.ts";

const { signal } = new AbortController();
const NEVER = Number.POSITIVE_INFINITY;

describe("until", () => {
  it("The function until polls until the condition holds", async () => {
    let looks = 0;
    expect(await until(async () => ++looks === 3, NEVER, signal)).toBe(true);
    expect(looks).toBe(3);
  });

  it("The function until polls at least once and gives up at the limit", async () => {
    expect(await until(async () => true, 0, signal)).toBe(true);
    expect(await until(async () => false, 0, signal)).toBe(false);
  });

  it("The function until rejects with the reason of an interruption", async () => {
    const stopping = new AbortController();
    const looking = until(async () => false, NEVER, stopping.signal);
    stopping.abort(new Error("Interrupted by SIGINT."));
    await expect(looking).rejects.toThrow("Interrupted by SIGINT.");
  });
});

describe("waitFor", () => {
  it("The function waitFor resolves at once for a past instant, and rejects when it is interrupted", async () => {
    await waitFor(0, signal);
    const stopping = new AbortController();
    const waiting = waitFor(Date.now() + 3_600_000, stopping.signal);
    stopping.abort(new Error("Interrupted by SIGINT."));
    await expect(waiting).rejects.toThrow("Interrupted by SIGINT.");
  });
});
