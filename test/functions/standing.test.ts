/** One invocation of standing. How it reads a cluster is the use case's, and other tests cover it. */
import { describe, expect, it } from "vitest";
import { contextWith, standIns } from "./loaded-function.ts";

const PORTS = { name: "the ports" };
const REPORT = { read: 3, more: true };

interface Run {
  readonly log: (message: string, facts: object) => void;
  readonly isTimeUp: () => boolean;
}

const limits = { millisLeft: () => 0 };
let during: (ports: unknown, run: Run) => void = () => undefined;
const said = standIns({
  "aws/standing-composition": {
    standingPorts: (_: unknown, millisLeft: () => number) => {
      limits.millisLeft = millisLeft;
      return PORTS;
    },
  },
  "usecases/clusters/read-standing": {
    readStanding: async (ports: unknown, run: Run) => {
      during(ports, run);
      return REPORT;
    },
  },
});
const { handler } = await import("../../functions/standing.ts");

describe("An invocation of standing", () => {
  it("It begins no other entry with less than 20 s left, and its calls see the time that is left", async () => {
    let left = 0;
    let seen: unknown;
    const times: (readonly [number, boolean])[] = [];
    during = (ports, run) => {
      seen = ports;
      for (left of [60_000, 20_000, 19_999, 0]) times.push([limits.millisLeft(), run.isTimeUp()]);
    };
    await handler(
      {} as never,
      contextWith(() => left),
    );
    expect(seen).toBe(PORTS);
    expect(times).toEqual([
      [60_000, false],
      [20_000, false],
      [19_999, true],
      [0, true],
    ]);
  });

  it("It logs what it did, and what it could not read as a warning", async () => {
    said.lines.length = 0;
    during = (_, run) => run.log("cluster not read", { cluster: "prod" });
    await handler(
      {} as never,
      contextWith(() => 60_000),
    );
    expect(said.lines).toEqual([
      { level: "warn", message: "cluster not read", facts: { cluster: "prod" } },
      { level: "info", message: "standing access read", facts: REPORT },
    ]);
  });
});
