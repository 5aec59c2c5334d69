import { describe, expect, it } from "vitest";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { type AwsCallOptions, awsCaller } from "../../../../shared/aws/calls/aws-call.ts";

const OK = { $metadata: { requestId: "r-1" } };

/** How the SDK fails if the other side has closed the connection. */
const dead = (code: string) => Object.assign(new Error("socket hang up"), { code });
const throttle = () =>
  Object.assign(new Error("slow down"), {
    name: "ThrottlingException",
    $metadata: { httpStatusCode: 429 },
  });

/** One call whose attempts fail with these errors, in order, and then succeed. */
function calling(
  failures: readonly (() => Error)[],
  {
    isRead = false,
    left,
    ...options
  }: Partial<AwsCallOptions & { isRead: boolean; left: () => number }> = {},
) {
  const sent: AbortSignal[] = [];
  const call = awsCaller({
    clock: fixedClock(),
    random: fixedRandom,
    deadline: () => 8_000,
    reserveMs: 2_000,
    ...options,
  });
  const answer = call({
    operation: "DescribeAccessEntry",
    sessionName: "timelatch-1",
    isRead,
    ...(left ? { left } : {}),
    send: async ({ abortSignal }) => {
      sent.push(abortSignal);
      const failure = failures[sent.length - 1];
      if (failure) throw failure();
      return OK;
    },
  });
  return { answer, sent };
}

/** A call that hangs until it is aborted. */
function hanging(options: Partial<AwsCallOptions>) {
  const call = awsCaller({
    clock: fixedClock(),
    random: fixedRandom,
    deadline: () => 8_000,
    reserveMs: 0,
    ...options,
  });
  return call({
    operation: "AssociateAccessPolicy",
    sessionName: "timelatch-1",
    send: ({ abortSignal }) =>
      new Promise<typeof OK>((_resolve, reject) => {
        const fail = () => reject(Object.assign(new Error("aborted"), { name: "AbortError" }));
        if (abortSignal.aborted) fail();
        abortSignal.addEventListener("abort", fail);
      }),
  });
}

describe("A call over a reused connection that is dead", () => {
  it.each(["ECONNRESET", "EPIPE"])(
    "A read over a dead connection is repeated once: %s",
    async (code) => {
      const { answer, sent } = calling([() => dead(code)], { isRead: true });
      expect((await answer).record).toMatchObject({ result: "ok", requestId: "r-1" });
      expect(sent).toHaveLength(2);
    },
  );

  it("A read is not repeated again if the new connection is dead too", async () => {
    const { answer, sent } = calling([() => dead("EPIPE"), () => dead("ECONNRESET")], {
      isRead: true,
    });
    await expect(answer).rejects.toMatchObject({ failure: "unknown", code: "ECONNRESET" });
    expect(sent).toHaveLength(2);
  });

  it("A change over a dead connection is not repeated, because it may have been applied", async () => {
    const { answer, sent } = calling([() => dead("ECONNRESET")]);
    await expect(answer).rejects.toMatchObject({ failure: "unknown", code: "ECONNRESET" });
    expect(sent).toHaveLength(1);
  });

  it("A read over a dead connection is not repeated after the deadline", async () => {
    let left = 300;
    const { answer, sent } = calling(
      [
        () => {
          left = 100;
          return dead("ECONNRESET");
        },
      ],
      { isRead: true, deadline: () => left },
    );
    await expect(answer).rejects.toMatchObject({ failure: "throttled", code: "NoTimeLeft" });
    expect(sent).toHaveLength(1);
  });
});

describe("A call with less time than its run", () => {
  it("A call is not started when its own time is over", async () => {
    const { answer, sent } = calling([], { left: () => 150 });
    await expect(answer).rejects.toMatchObject({
      code: "NoTimeLeft",
      message: "DescribeAccessEntry was not called: 150 ms are left.",
    });
    expect(sent).toEqual([]);
  });

  it("A throttled call waits no longer than its own time", async () => {
    let left = 400;
    const throttled = () => {
      left -= 100;
      return throttle();
    };
    const { answer, sent } = calling(Array(20).fill(throttled), { left: () => left });
    await expect(answer).rejects.toMatchObject({ failure: "throttled" });
    expect(sent.length).toBeLessThan(4);
  });
});

describe("A call of several attempts", () => {
  const answeredThrottle = (requestId: string) => () =>
    Object.assign(throttle(), { $metadata: { httpStatusCode: 429, requestId } });
  const attempt = (requestId: string) => ({
    operation: "DescribeAccessEntry",
    sessionName: "timelatch-1",
    requestId,
    result: "ThrottlingException",
  });

  it("The record has each attempt before the last one", async () => {
    const { answer } = calling([answeredThrottle("r-a"), answeredThrottle("r-b")]);
    const { record } = await answer;
    expect(record).toMatchObject({ requestId: "r-1", result: "ok" });
    expect(record.earlier).toMatchObject([attempt("r-a"), attempt("r-b")]);
    expect(await calling([]).answer).not.toHaveProperty("record.earlier");
  });

  it("So has the record of a failure", async () => {
    let left = 400;
    const lastThrottle = () => {
      left = 100;
      return answeredThrottle("r-b")();
    };
    const { answer } = calling([answeredThrottle("r-a"), lastThrottle], { left: () => left });
    await expect(answer).rejects.toMatchObject({
      record: { ...attempt("r-b"), earlier: [attempt("r-a")] },
    });
  });
});

describe("A call that hangs", () => {
  it("A call that hangs is aborted at the deadline of the run", async () => {
    await expect(hanging({ deadline: () => 250 })).rejects.toMatchObject({
      failure: "unknown",
      code: "Timeout",
    });
  });

  it("A call that hangs is aborted when the run is over, so it does not continue in the next run", async () => {
    const run = new AbortController();
    const call = hanging({ over: () => run.signal });
    run.abort();
    await expect(call).rejects.toMatchObject({ failure: "unknown" });
  });
});
