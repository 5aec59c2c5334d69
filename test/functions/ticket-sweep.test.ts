/** One invocation of ticket-sweep, over a broker in memory. */
import { beforeEach, describe, expect, it } from "vitest";
import { PAY_1, type TicketBroker, ticketBroker } from "../../lab/fakes/ticket-policy.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const ports: Record<string, unknown> = {};
const calls: string[] = [];
const said = standIns({ "aws/composition-root": { sweepPorts: () => ports } });
const { handler } = await import("../../functions/ticket-sweep.ts");

let broker: TicketBroker;
beforeEach(() => {
  broker = ticketBroker();
  const wakeNotify = async () => void calls.push("wakeNotify");
  Object.assign(ports, broker.front, { wakeNotify });
  for (const list of [calls, said.lines]) list.length = 0;
});

const run = (event: unknown) =>
  handler(
    event,
    contextWith(() => 60_000),
  );

describe("An invocation of ticket-sweep", () => {
  it("It settles the requests of the tickets that it is told, and wakes notify", async () => {
    const request = await broker.askFor();
    await broker.ticket();
    await run({ tickets: [PAY_1, 7] });
    expect(await broker.reload(request)).toMatchObject({ state: "approved" });
    expect(calls).toEqual(["wakeNotify"]);
    expect(said.lines).toMatchObject([{ message: "settled by tickets", facts: { settled: 1 } }]);
  });

  it.each([{}, { tickets: "a" }, { tickets: [] }, { schedules: ["a"] }, null, [], "tickets"])(
    "An event of another form settles nothing: %j",
    async (event) => {
      const request = await broker.askFor();
      await broker.ticket();
      await run(event);
      expect(await broker.reload(request)).toMatchObject({ state: "pending" });
      expect(said.lines).toMatchObject([{ facts: { settled: 0, looks: 0, failed: 0 } }]);
    },
  );
});
