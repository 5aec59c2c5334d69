/** One invocation of activity. How it asks a log is the use case's, and other tests cover it. */
import { beforeEach, describe, expect, it } from "vitest";
import type {
  ActivityReport,
  ActivityRun,
} from "../../shared/usecases/evidence/record-activity.ts";
import { contextWith, standIns } from "./loaded-function.ts";

const PORTS = { name: "the ports" };
const NOTHING: ActivityReport = { recorded: 0, failed: 0, scannedBytes: 0, more: false };

let report = NOTHING;
let scanned: number | undefined;
let during: (run: ActivityRun) => void = () => undefined;
const asked: unknown[] = [];
const said = standIns({
  "aws/activity-composition": { activityPorts: () => PORTS },
  "usecases/evidence/record-activity": {
    recordActivity: async (ports: unknown, run: ActivityRun) => {
      asked.push(ports);
      during(run);
      return report;
    },
    recordActivityOf: async (ports: unknown, requestId: string) => {
      asked.push([ports, requestId]);
      return scanned;
    },
  },
});
const { handler } = await import("../../functions/activity.ts");
const invoke = (event: object = {}, millisLeft = () => 900_000) =>
  handler(event as never, contextWith(millisLeft));

beforeEach(() => {
  report = NOTHING;
  during = () => undefined;
  for (const list of [asked, said.lines, said.reported]) list.length = 0;
});

describe("An invocation of activity", () => {
  it("It asks about no other grant with less than five minutes left", async () => {
    let left = 0;
    const answers: boolean[] = [];
    during = ({ isTimeUp }) => {
      for (left of [900_000, 300_000, 299_999]) answers.push(isTimeUp());
    };
    await invoke({}, () => left);
    expect([asked, answers]).toEqual([[PORTS], [false, false, true]]);
  });

  it("It logs what it did, counts logs that it could not read, and what it scanned in bytes", async () => {
    report = { recorded: 2, failed: 1, scannedBytes: 5_000, more: false };
    during = ({ log }) => log("audit log not read", { requestId: "r" });
    expect(await invoke()).toBeUndefined();
    expect(said.lines).toEqual([
      { level: "error", message: "audit log not read", facts: { requestId: "r" } },
      { level: "info", message: "audit logs read", facts: report },
    ]);
    expect(said.reported).toEqual([
      { ActivityUnread: 1 },
      { ActivityScannedBytes: 5_000, unit: "Bytes" },
    ]);
  });

  it("It remembers requests from run to run until they are more than 10,000, and then forgets all", async () => {
    const sizes: number[] = [];
    const remember = (count: number) => {
      during = ({ settled }) => {
        sizes.push(settled.size);
        for (let n = settled.size; n < count; n += 1) settled.add(`request ${n}`);
      };
      return invoke();
    };
    for (const count of [1, 10_000, 10_000, 10_001, 5]) await remember(count);
    expect(sizes).toEqual([0, 1, 10_000, 10_000, 0]);
  });
});

describe("An operator who asks about one grant again", () => {
  it("They see how much was scanned, and it is counted", async () => {
    scanned = 700;
    const answer = { requestId: "r", isAsked: true, scannedBytes: 700 };
    expect(await invoke({ requestId: "r" })).toEqual(answer);
    expect(asked).toEqual([[PORTS, "r"]]);
    expect(said.reported).toEqual([{ ActivityScannedBytes: 700, unit: "Bytes" }]);
    const facts = { requestId: "r", scannedBytes: 700 };
    expect(said.lines).toEqual([{ level: "info", message: "audit log read", facts }]);
  });

  it("They see it where there was nothing to ask, which is not the same as nothing scanned", async () => {
    scanned = undefined;
    const answer = { requestId: "r", isAsked: false, scannedBytes: 0 };
    expect(await invoke({ requestId: "r" })).toEqual(answer);
    scanned = 0;
    expect(await invoke({ requestId: "r" })).toEqual({ ...answer, isAsked: true });
    expect(said.reported).toEqual([
      { ActivityScannedBytes: 0, unit: "Bytes" },
      { ActivityScannedBytes: 0, unit: "Bytes" },
    ]);
  });
});
