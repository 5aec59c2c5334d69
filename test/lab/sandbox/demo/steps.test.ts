import { describe, expect, it } from "vitest";
import type { Exchange } from "../../../../lab/sandbox/demo/exchange.ts";
import type { Narrator } from "../../../../lab/sandbox/demo/narrator.ts";

import {
  check,
  demoSteps,
  GrantEndedTooSoon,
  StepFailed,
} from "../../../../lab/sandbox/demo/steps.ts";

/** A narrator that records what it is given, after the name of the method. */
function recorder() {
  const printed: string[] = [];
  const keep = (kind: string) => (text: string) => void printed.push(`${kind} ${text}`);
  const narrator: Narrator = {
    opening: keep("opening"),
    heading: keep("heading"),
    exchange: ({ command }) => void printed.push(`exchange ${command}`),
    done: keep("done"),
    failed: keep("failed"),
    note: keep("note"),
    waiting: () => () => {},
  };
  return { printed, narrator };
}

const exchange = <Value>(command: string, value: Value): Exchange<Value> => ({
  command,
  output: [],
  value,
});

describe("a step of the demo", () => {
  it("A step of the demo shows its exchanges in the order given, whichever completes first", async () => {
    const { printed, narrator } = recorder();
    const { step, results } = demoSteps(narrator);
    let answerFirst = (_exchange: Exchange<number>) => {};
    const first = new Promise<Exchange<number>>((resolve) => {
      answerFirst = resolve;
    });
    const played = step("both", "Both", async (show) => {
      const [one, two] = await show(first, Promise.resolve(exchange("second", "b")));
      return { detail: "as expected", value: `${one}${two}` };
    });
    answerFirst(exchange("first", 1));
    expect(await played).toBe("1b");
    expect(printed).toEqual([
      "heading Both",
      "exchange first",
      "exchange second",
      "done as expected",
    ]);
    expect(results).toEqual([{ name: "both", ok: true, detail: "as expected" }]);
  });

  it("A step of the demo rejects with StepFailed and keeps its exchanges when a check fails", async () => {
    const { printed, narrator } = recorder();
    const { step, results } = demoSteps(narrator);
    const played = step("broken", "Broken", async () => {
      check(Number.isNaN(0), "saw nothing");
      return { detail: "", value: 0 };
    });
    await expect(played).rejects.toBeInstanceOf(StepFailed);
    expect(results).toEqual([{ name: "broken", ok: false, detail: "saw nothing" }]);
    expect(printed).toContain("failed saw nothing");
  });

  it("A step of the demo fails when a client cannot be started, even if another exchange comes first", async () => {
    const { narrator } = recorder();
    const { step, results } = demoSteps(narrator);
    const played = step("broken", "Broken", async (show) => {
      await show(Promise.resolve(exchange("first", 1)), Promise.reject(new Error("no kubectl")));
      return { detail: "", value: 0 };
    });
    await expect(played).rejects.toThrow("no kubectl");
    expect(results.map(({ ok }) => ok)).toEqual([false]);
  });

  it("A step of the demo is kept once when it runs again after a rewind", async () => {
    const { narrator } = recorder();
    const { step, results, rewind } = demoSteps(narrator);
    const play = (name: string) => step(name, name, async () => ({ detail: name, value: 0 }));
    await play("before");
    await play("too short");
    rewind(1);
    await play("longer");
    expect(results.map(({ name }) => name)).toEqual(["before", "longer"]);
  });
});

describe("a check", () => {
  const NOW = Date.now();

  it("A check of the demo fails as GrantEndedTooSoon only after its instant has passed", () => {
    expect(() => check(false, "seen", NOW - 1)).toThrow(GrantEndedTooSoon);
    expect(() => check(false, "seen", NOW + 600_000)).toThrow(StepFailed);
    expect(() => check(false, "seen")).toThrow(StepFailed);
  });

  it("A check of the demo passes when its condition holds, however late", () => {
    expect(() => check(true, "seen", NOW - 1)).not.toThrow();
  });
});
