import { describe, expect, it } from "vitest";
import { ocsfRecord } from "../../../../../shared/domain/evidence/ocsf/ocsf-records.ts";
import { aFinding } from "../finding-samples.ts";
import { breachesOf } from "./ocsf-validator.ts";

type Changed = Record<string, unknown>;

/** A Detection Finding with a change, and what the schema says to it. */
function breachesAfter(change: (event: Changed) => void) {
  const record = aFinding();
  const [event] = ocsfRecord({ chain: `FIND#${record.chain}`, record });
  const written = JSON.parse(JSON.stringify(event)) as Changed;
  change(written);
  return breachesOf(written);
}

const within = (event: Changed, name: string) => event[name] as Changed;

describe("The validator of OCSF", () => {
  it("A sound event breaks nothing", () => {
    expect(breachesAfter(() => {})).toEqual([]);
  });

  it.each<[string, (event: Changed) => void, string]>([
    ["an unknown attribute", (event) => (event["actors"] = {}), "actors: unknown"],
    ["a missing one", (event) => delete event["severity_id"], "severity_id: missing"],
    [
      "one of an object",
      (event) => delete within(event, "finding_info")["uid"],
      "finding_info.uid: missing",
    ],
    ["a number as text", (event) => (event["time"] = "now"), "time: no timestamp_t"],
    ["a text as number", (event) => (event["message"] = 7), "message: no string_t"],
    ["a date that is none", (event) => (event["time_dt"] = "today"), "time_dt: no datetime_t"],
    ["an object as text", (event) => (event["cloud"] = "AWS"), "cloud: no cloud"],
    ["one value for many", (event) => (event["resources"] = {}), "resources: no array"],
    ["many for one value", (event) => (event["cloud"] = []), "cloud: no cloud"],
    [
      "a number of no meaning",
      (event) => (event["status_id"] = 7),
      "status_id: 7 is none of 0 1 2 3 4 5 6 99",
    ],
    [
      "a resource without a name",
      (event) => (event["resources"] = [{}]),
      "resources[0].: needs one of name, uid",
    ],
    ["a profile's own", (event) => (event["device"] = {}), "device: its profile is not named"],
    [
      "a type of another class",
      (event) => (event["type_uid"] = 600_301),
      "type_uid: 600301 is not of the class and the activity",
    ],
    ["a class in no use", (event) => (event["class_uid"] = 1_001), "class_uid: no class has 1001"],
  ])("It names %s", (_, change, breach) => {
    expect(breachesAfter(change)).toContain(breach);
  });

  it("A profile that is named makes its attributes required", () => {
    expect(breachesAfter((event) => delete event["cloud"])).toEqual(["cloud: missing"]);
    const without = breachesAfter((event) => {
      delete event["cloud"];
      within(event, "metadata")["profiles"] = ["datetime"];
    });
    expect(without).not.toContain("cloud: missing");
    expect(without).toContain("resources[0].region: its profile is not named");
  });
});
