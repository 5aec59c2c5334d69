/** The wait for the proof of ends, while the API is out of reach now and then. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { followEnds, type LastSeen } from "../../../cli/ends/follow-ends.ts";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { aRequest, brokerWith } from "./sample-ends.ts";

const OUT_OF_REACH = new Failure("unavailable", "unavailable", {
  what: "The API does not answer.",
  notDone: "Nothing was done.",
  next: ["Next: run it again."],
});

/** Follows one end. @param reads the second in which each read is made, and whether it is answered */
async function following(reads: readonly (readonly [second: number, isAnswered: boolean])[]) {
  const began = Date.now();
  const clock = vi.spyOn(Date, "now").mockReturnValue(began);
  const request = aRequest(1, "active");
  const left = [...reads];
  const onRead = () => {
    const [second, isAnswered] = left.shift() ?? [0, true];
    clock.mockReturnValue(began + second * 1_000);
    if (!isAnswered) throw OUT_OF_REACH;
  };
  const api = brokerWith({ requests: [request], onRead });
  const plan = planEnds([request], { person: "alice", cluster: undefined, isOwn: true });
  const seen: LastSeen = new Map([[request.id, { ...request, state: "ending" }]]);
  const { context } = fakeTerminal({ api, piped: true });
  const ending = { context, api, plan, note: undefined };
  const { signal } = new AbortController();
  const failure = await followEnds(ending, seen, 420, signal, { firstMs: 1, mostMs: 1 }).catch(
    (error: unknown) => error,
  );
  return { failure, state: seen.get(idOf(1))?.state, unread: left.length };
}

describe("the wait for ends while the API is out of reach", () => {
  afterEach(() => void vi.restoreAllMocks());

  it("It goes on for a minute", async () => {
    const found = await following([
      [10, false],
      [70, false],
      [80, true],
      [90, true],
    ]);
    expect(found).toEqual({ failure: undefined, state: "ended", unread: 0 });
  });

  it("It is given up after more than a minute", async () => {
    const found = await following([
      [10, false],
      [70, false],
      [71, false],
    ]);
    expect(found).toEqual({ failure: OUT_OF_REACH, state: "ending", unread: 0 });
  });

  it("Each answer begins a new minute", async () => {
    const found = await following([
      [10, false],
      [20, true],
      [90, false],
      [100, true],
    ]);
    expect(found).toEqual({ failure: undefined, state: "ended", unread: 0 });
  });
});

describe("the wait for ends on a terminal", () => {
  const three = [1, 2, 3].map((number) => aRequest(number, "active"));
  const plan = planEnds(three, { person: "alice", cluster: undefined, isOwn: true });

  /** @param limitSeconds how long it waits; each read takes a second */
  async function shown(limitSeconds: number) {
    const began = Date.now();
    const clock = vi.spyOn(Date, "now").mockReturnValue(began);
    let reads = 0;
    const onRead = () => {
      reads += 1;
      clock.mockReturnValue(began + reads * 1_000);
    };
    const api = brokerWith({ requests: three, onRead });
    const terminal = fakeTerminal({ api });
    const seen: LastSeen = new Map(
      three.map((each, at) => [each.id, { ...each, state: at === 0 ? "ended" : "ending" }]),
    );
    const ending = { context: terminal.context, api, plan, note: undefined };
    const { signal } = new AbortController();
    await followEnds(ending, seen, limitSeconds, signal, { firstMs: 1, mostMs: 1 });
    const lines = terminal.written.map((text) => text.replace("\r\u001b[K", ""));
    return { lines, states: [...seen.values()].map(({ state }) => state), reads };
  }

  afterEach(() => void vi.restoreAllMocks());

  it("It shows how many of all ends are read back, and for how long it goes on", async () => {
    expect(await shown(420)).toEqual({
      lines: [
        "1 of 3 read back as ended (0s of 7m; Ctrl-C stops waiting)",
        "1 of 3 read back as ended (2s of 7m; Ctrl-C stops waiting)",
        "",
      ],
      states: ["ended", "ended", "ended"],
      reads: 4,
    });
  });

  it("It reads nothing more once its time is over, and leaves what it saw", async () => {
    const { states, reads } = await shown(2);
    expect([states, reads]).toEqual([["ended", "ending", "ending"], 2]);
    expect((await shown(0)).reads).toBe(0);
  });
});

describe("the pauses of the wait for ends", () => {
  afterEach(() => void vi.restoreAllMocks());

  /** The pauses before this number of reads, if a read takes no time. */
  async function pauses(reads: number, limitSeconds: number, firstMs: number, mostMs: number) {
    const lengths: number[] = [];
    const pause = async (millis: number) => void lengths.push(millis);
    const request = aRequest(1, "active");
    const before = Array.from({ length: reads - 1 }, () => "ending" as const);
    const api = brokerWith({ requests: [request], states: [...before, "ended"] });
    const { context } = fakeTerminal({ api, piped: true });
    const seen: LastSeen = new Map([[request.id, { ...request, state: "ending" }]]);
    vi.spyOn(Date, "now").mockReturnValue(0);
    const timing = { firstMs, mostMs, pause };
    const { signal } = new AbortController();
    await followEnds({ context, api }, seen, limitSeconds, signal, timing);
    return lengths;
  }

  it("They grow by a quarter from the first, up to the longest", async () => {
    expect(await pauses(5, 420, 800, 1_500)).toEqual([800, 1_000, 1_250, 1_500, 1_500]);
  });

  it("None is longer than the time that is left", async () => {
    expect(await pauses(2, 1, 5_000, 5_000)).toEqual([1_000, 1_000]);
  });
});

describe("a wait for ends that is stopped", () => {
  const request = aRequest(1, "active");
  const plan = planEnds([request], { person: "alice", cluster: undefined, isOwn: true });

  it("Its pause ends at once, and a read that is answered later says nothing", async () => {
    const stop = new AbortController();
    const api = brokerWith({ requests: [request], states: ["ended"], onRead: () => stop.abort() });
    const terminal = fakeTerminal({ api, piped: true });
    const seen: LastSeen = new Map([[request.id, { ...request, state: "ending" }]]);
    const ending = { context: terminal.context, api, plan, note: undefined };
    const once = { firstMs: 1, mostMs: 3_600_000 };
    await expect(followEnds(ending, seen, 420, stop.signal, once)).rejects.toThrow();
    expect([seen.get(request.id)?.state, terminal.err()]).toEqual(["ending", ""]);
  });
});
