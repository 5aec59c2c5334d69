import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

const SAMPLE = readFileSync("access.yaml", "utf8");
const WHEN = /^ {4}when: .*$/m;
const AT = SAMPLE.slice(0, SAMPLE.search(WHEN)).split("\n").length;
const FULL = {
  days: "[mon, fri]",
  from: '"08:00"',
  to: '"18:00"',
  timezone: "Europe/Berlin",
};

/** The sample, whose rule with hours has these. */
const withHours = (over: Partial<Record<keyof typeof FULL | "until", string>>) =>
  SAMPLE.replace(
    WHEN,
    `    when: { ${Object.entries({ ...FULL, ...over })
      .filter(([, value]) => value !== "")
      .map(([key, value]) => `${key}: ${value}`)
      .join(", ")} }`,
  );

/** Faults as `line path: detail`. */
function faultsOf(text: string): readonly string[] {
  try {
    parseAccessPolicy(text);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map(({ line, path, detail }) => `${line} ${path}: ${detail}`);
  }
}

const hoursOf = (text: string) =>
  parseAccessPolicy(text).rules.find(({ name }) => name === "staging-edit")?.hours;

describe("The hours of a rule in access.yaml", () => {
  it("Hours are read as they are written, and a rule without them lends at any hour", () => {
    expect(hoursOf(withHours({}))).toEqual({
      days: ["mon", "fri"],
      from: "08:00",
      to: "18:00",
      timezone: "Europe/Berlin",
    });
    expect(hoursOf(SAMPLE.replace(WHEN, ""))).toBeNull();
  });

  it.each([
    [{ from: '"22:00"', to: '"06:00"' }],
    [{ from: '"00:00"', to: '"24:00"' }],
    [{ from: "08:00", to: "18:00" }],
    [{ timezone: "UTC" }],
    [{ timezone: "America/Argentina/Buenos_Aires" }],
    [{ timezone: "Asia/Calcutta" }],
    [{ timezone: "Etc/GMT+5" }],
  ])("Hours may be %j", (over) => {
    expect(faultsOf(withHours(over))).toEqual([]);
  });

  it.each<[string, Parameters<typeof withHours>[0], string]>([
    ["no days", { days: "[]" }, "days: Name at least one."],
    ["a day twice", { days: "[mon, mon]" }, "days: Name each day once."],
    ["an unknown day", { days: "[monday]" }, "days.0: "],
    ["no such hour", { from: '"25:00"' }, 'from: Write a time of day, "00:00" to "23:59".'],
    ["a begin at the end of the day", { from: '"24:00"' }, "from: Write a time of day"],
    ["no minutes", { to: '"18"' }, 'to: Write a time of day, "00:00" to "24:00".'],
    ["a number", { to: "18" }, "to: "],
    ["an end at the begin", { to: '"08:00"' }, "to: The hours end when they begin."],
    [
      "a misspelt zone",
      { timezone: "Europe/Berln" },
      "timezone: No time zone is called Europe/Berln. Did you mean Europe/Berlin? Write a name of the IANA time zone database, such as Europe/Berlin, or UTC.",
    ],
    ["a zone of another case", { timezone: "europe/berlin" }, "Did you mean Europe/Berlin?"],
    ["a zone that does not exist", { timezone: "Mars/Olympus_Mons" }, "timezone: No time zone"],
    ["an abbreviation", { timezone: "CET" }, "timezone: No time zone is called CET."],
    ["an offset", { timezone: '"+01:00"' }, "timezone: No time zone is called +01:00."],
    ["no zone", { timezone: "" }, "timezone: "],
    ["an unknown key", { until: '"19:00"' }, "until: Unknown key."],
  ])("Hours with %s are a fault on the line of the hours", (_, over, fault) => {
    const [found = "", ...others] = faultsOf(withHours(over));
    expect(others).toEqual([]);
    expect(found).toContain(`${AT} rules.5.when.`);
    expect(found).toContain(fault);
  });
});
