/** One invocation of outside. How it looks at a schedule is the use case's, and other tests cover it. */
import { beforeEach, describe, expect, it } from "vitest";
import { contextWith, standIns } from "./loaded-function.ts";

const PORTS = { name: "the ports" };
const REPORT = { looked: 3, unknown: 2, left: 0 };

interface Run {
  readonly keys?: readonly string[];
  readonly log: (message: string, facts: object) => void;
  readonly isTimeUp: () => boolean;
}

const runs: Run[] = [];
const ticketRuns: Run[] = [];
const said = standIns({
  "aws/outside-composition": { outsidePorts: () => PORTS },
  "usecases/facts/look-at-schedules": {
    lookAtSchedules: async (_: unknown, run: Run) => {
      runs.push(run);
      run.log("a service does not say who is on call", { schedule: "x" });
      return REPORT;
    },
  },
  "usecases/facts/look-at-tickets": {
    lookAtTickets: async (_: unknown, run: Run) => {
      ticketRuns.push(run);
      return REPORT;
    },
  },
});
const { handler } = await import("../../functions/outside.ts");

beforeEach(() => {
  runs.length = 0;
  ticketRuns.length = 0;
  said.lines.length = 0;
});
const message = (body: unknown) => ({ Records: [{ body: JSON.stringify(body) }] }) as never;
const context = contextWith(() => 60_000);

describe("An invocation of outside", () => {
  it("The clock has it look at every schedule", async () => {
    await handler({} as never, context);
    expect(runs).toMatchObject([{ log: expect.any(Function) }]);
    expect(runs[0]).not.toHaveProperty("keys");
    expect(said.lines).toEqual([
      {
        level: "warn",
        message: "a service does not say who is on call",
        facts: { schedule: "x" },
      },
      { level: "info", message: "looked at schedules", facts: REPORT },
    ]);
  });

  it("A message has it look at the schedules that it names", async () => {
    await handler(message({ schedules: ["a", 7, "b"] }), context);
    expect(runs).toMatchObject([{ keys: ["a", "b"] }]);
    expect(ticketRuns).toEqual([]);
  });

  it("A message has it look at the tickets that it names, and at no schedule", async () => {
    await handler(message({ tickets: ["a", 7, "b"] }), context);
    expect(ticketRuns).toMatchObject([{ keys: ["a", "b"] }]);
    expect(runs).toEqual([]);
    expect(said.lines).toEqual([{ level: "info", message: "looked at tickets", facts: REPORT }]);
  });

  it.each([{}, { schedules: "a" }, { tickets: "a" }, { keys: ["a"] }, null, []])(
    "A message of another form has it look at nothing: %j",
    async (body) => {
      await handler(message(body), context);
      expect([runs, ticketRuns]).toEqual([[], []]);
    },
  );

  it("It begins no other look with less than 22 s left", async () => {
    let left = 0;
    await handler(
      {} as never,
      contextWith(() => left),
    );
    const answers: (boolean | undefined)[] = [];
    for (left of [22_000, 21_999]) answers.push(runs[0]?.isTimeUp());
    expect(answers).toEqual([false, true]);
  });
});
