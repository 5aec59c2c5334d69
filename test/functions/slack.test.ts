/** One invocation of slack. How it answers a call is the front's, and other tests cover it. */
import { beforeEach, describe, expect, it } from "vitest";
import { contextWith, standIns } from "./loaded-function.ts";

type Log = (level: "info" | "warn" | "error", message: string, facts: object) => void;

let woken = 0;
let reads = 0;
const PORTS = {
  wakeNotify: async () => {
    woken += 1;
  },
  signingSecrets: async () => {
    reads += 1;
    throw new Error("Systems Manager does not answer.");
  },
};
const EVENT = { requestContext: { requestId: "gateway" } };
const asked: unknown[] = [];
const said = standIns({
  "aws/composition-root": { slackPorts: () => PORTS },
  "slack/front/answer-call": {
    answerCall: async (ports: unknown, event: unknown, log: Log) => {
      asked.push([ports === PORTS, event === EVENT, woken]);
      log("warn", "call not answered", { code: "x" });
      return { statusCode: 200 };
    },
  },
});
const { handler } = await import("../../functions/slack.ts");

beforeEach(() => {
  woken = 0;
  for (const list of [asked, said.lines]) list.length = 0;
});

describe("An invocation of slack", () => {
  it("It reads the signing secret as it loads, and loads even where it cannot", () => {
    expect(reads).toBe(1);
  });

  it("It answers the call, and wakes notify last", async () => {
    expect(
      await handler(
        EVENT as never,
        contextWith(() => 3_000),
      ),
    ).toEqual({ statusCode: 200 });
    expect([asked, woken]).toEqual([[[true, true, 0]], 1]);
  });

  it("Each line of its log names the gateway's request", async () => {
    await handler(
      EVENT as never,
      contextWith(() => 3_000),
    );
    expect(said.lines).toEqual([
      {
        level: "warn",
        message: "call not answered",
        facts: { gatewayRequestId: "gateway", code: "x" },
      },
    ]);
  });
});
