/** The wait for the proof of ends, while the API is out of reach now and then. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { followEnds, type LastSeen } from "../../../cli/ends/follow-ends.ts";
import { planEnds } from "../../../cli/ends/plan-ends.ts";
import { Failure } from "../../../cli/failures/failure.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { idOf } from "../sample-requests.ts";
import { aRequest, brokerWith } from "./sample-ends.ts";

const OUT_OF_REACH = new Failure("unavailable", "unavailable", {
  happened: "The API does not answer.",
  undone: "Nothing was done.",
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
