import { describe, expect, it } from "vitest";
import type { Exchange } from "../../../sandbox/demo/exchange.ts";
import type { Narrator } from "../../../sandbox/demo/narrator.ts";

import { must, NotAsTold, RanOut, storySteps } from "../../../sandbox/demo/steps.ts";

/** Takes down what is told, a word for each kind. */
function listener() {
  const told: string[] = [];
  const keep = (kind: string) => (text: string) => void told.push(`${kind} ${text}`);
  const narrator: Narrator = {
    opening: keep("opening"),
    heading: keep("heading"),
    exchange: ({ command }) => void told.push(`exchange ${command}`),
    done: keep("done"),
    failed: keep("failed"),
    note: keep("note"),
    waiting: () => () => {},
  };
  return { told, narrator };
}

const exchange = <Value>(command: string, value: Value): Exchange<Value> => ({
  command,
  output: [],
  value,
});

describe("a step", () => {
  it("shows exchanges in the order of the story, whichever is answered first", async () => {
    const { told, narrator } = listener();
    const { step, results } = storySteps(narrator);
    let answerFirst = (_asked: Exchange<number>) => {};
    const first = new Promise<Exchange<number>>((resolve) => {
      answerFirst = resolve;
    });
    const played = step("both", "Both", async (show) => {
      const [one, two] = await show(first, Promise.resolve(exchange("second", "b")));
      return { detail: "as told", value: `${one}${two}` };
    });
    answerFirst(exchange("first", 1));
    expect(await played).toBe("1b");
    expect(told).toEqual(["heading Both", "exchange first", "exchange second", "done as told"]);
    expect(results).toEqual([{ name: "both", ok: true, detail: "as told" }]);
  });

  it("that is not as told is kept with what was seen, and ends the story", async () => {
    const { told, narrator } = listener();
    const { step, results } = storySteps(narrator);
    const played = step("broken", "Broken", async () => {
      must(Number.isNaN(0), "saw a ghost");
      return { detail: "", value: 0 };
    });
    await expect(played).rejects.toBeInstanceOf(NotAsTold);
    expect(results).toEqual([{ name: "broken", ok: false, detail: "saw a ghost" }]);
    expect(told).toContain("failed saw a ghost");
  });

  it("of a client that cannot be started fails, though another was to be shown first", async () => {
    const { narrator } = listener();
    const { step, results } = storySteps(narrator);
    const played = step("broken", "Broken", async (show) => {
      await show(Promise.resolve(exchange("first", 1)), Promise.reject(new Error("no kubectl")));
      return { detail: "", value: 0 };
    });
    await expect(played).rejects.toThrow("no kubectl");
    expect(results.map(({ ok }) => ok)).toEqual([false]);
  });

  it("can be played again, and is then kept once", async () => {
    const { narrator } = listener();
    const { step, results, rewind } = storySteps(narrator);
    const play = (name: string) => step(name, name, async () => ({ detail: name, value: 0 }));
    await play("before");
    await play("too short");
    rewind(1);
    await play("longer");
    expect(results.map(({ name }) => name)).toEqual(["before", "longer"]);
  });
});

describe("what must hold", () => {
  const NOW = Date.now();

  it("until an instant that has passed, and does not, tells of a slow machine", () => {
    expect(() => must(false, "seen", NOW - 1)).toThrow(RanOut);
    expect(() => must(false, "seen", NOW + 600_000)).toThrow(NotAsTold);
    expect(() => must(false, "seen")).toThrow(NotAsTold);
  });

  it("and does is enough, however late", () => {
    expect(() => must(true, "seen", NOW - 1)).not.toThrow();
  });
});
