import { describe, expect, it } from "vitest";
import { secondsWaited } from "../../../functions/metrics/converge-metrics.ts";

describe("How long a message waited in a queue", () => {
  const waited = (sent: number, received: number) =>
    secondsWaited({
      SentTimestamp: String(sent),
      ApproximateFirstReceiveTimestamp: String(received),
    });

  it("SQS says it in milliseconds since the epoch, and a run takes seconds", () => {
    expect(waited(1_795_514_400_000, 1_795_514_431_500)).toBe(31.5);
  });

  it("It is never below nothing, since SQS's own clocks may differ", () => {
    expect(waited(1_795_514_400_001, 1_795_514_400_000)).toBe(0);
  });
});
