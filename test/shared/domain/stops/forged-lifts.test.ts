/** Lifts that whoever may add records writes in the name of who stopped. */
import { expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { followStops } from "../../../../shared/domain/stops/follow-stops.ts";
import {
  NO_STOPS,
  type StopRecord,
  type Stops,
  type StopType,
  stopRecord,
} from "../../../../shared/domain/stops/stops.ts";

/** Carol, dora and erin are admins. */
const POLICY = withAdmins(aPolicy());
const SKEWS = { policySkewSeconds: 600, clockDifferenceSeconds: 10 };
type Change = readonly [StopType, string, string | null];

function follow(changes: readonly Change[]) {
  const records: StopRecord[] = [];
  let before: Stops = NO_STOPS;
  for (const [type, actor, person] of changes) {
    const details = { person, reason: `of ${actor}`, surface: "api" as const, proof: {} };
    const record = stopRecord(before, { type, actor, at: T0, policyHash: POLICY.hash, details });
    records.push(record);
    before = { ...record.details.after, seq: record.seq, hash: record.hash };
  }
  return followStops(POLICY, NO_STOPS, records, T0, SKEWS);
}

/** Every admin but carol, who drained, is suspended: nobody may lift the drain. */
const STOPPED: readonly Change[] = [
  ["suspend", "carol", "dora"],
  ["suspend", "carol", "erin"],
  ["drain", "carol", null],
];

it("Nobody lifts their own drain by a record that names a suspended person", () => {
  const { stops } = follow([
    ...STOPPED,
    ["suspend", "dora", "alice"],
    ["undrain", "carol", "alice"],
  ]);
  expect(stops.drain).toMatchObject({ by: "carol" });
});

it("Nobody lifts their own suspension of somebody by a second one in another name", () => {
  const { stops } = follow([...STOPPED, ["suspend", "alice", "dora"], ["lift", "carol", "dora"]]);
  expect(stops.people).toHaveProperty("dora");
});

it("Nobody lifts their own drain by a second one in another name", () => {
  const { stops } = follow([...STOPPED, ["drain", "alice", null], ["undrain", "carol", null]]);
  expect(stops.drain).not.toBeNull();
});

it("Whoever stopped first lifts what another admin stopped since, behind a lift that was not believed", () => {
  const { stops, refused } = follow([
    ["suspend", "carol", "alice"],
    ["lift", "alice", "alice"],
    ["suspend", "dora", "alice"],
    ["lift", "carol", "alice"],
  ]);
  expect(stops.people).toEqual({});
  expect(refused).toEqual([2]);
});
