import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkAccessFile } from "../../../shared/policy-tools/check-file.ts";

const SAMPLE = readFileSync("access.yaml", "utf8");
const TIMES = "    start: { latest: 7d }\n    lapse: 2h\n";
const HOURS = /^ {4}when: .*\n/m;
const NAME = "staging-edit";

/**
 * The check's findings about the sample with these lines in place of the times of its rule with
 * hours.
 */
function found(lines: string, hours?: string) {
  if (!SAMPLE.includes(TIMES)) throw new Error("The sample has other times.");
  const text = SAMPLE.replace(TIMES, lines).replace(HOURS, hours ?? "$&");
  return checkAccessFile(text)
    .filter(({ path }) => path.startsWith("rules.5"))
    .map(({ line, code, path, detail }) => ({
      line: text.split("\n")[line - 1]?.trim(),
      what: `${code} ${path}`,
      detail,
    }));
}

describe("The times of a rule in access.yaml", () => {
  it.each([
    ["start: { latest: 31d }", "rules.5.start.latest", "No rule lends with a start more than 30d"],
    ["start: { latest: 0d }", "rules.5.start.latest", "Write a duration"],
    ["start: { earliest: 1h }", "rules.5.start.earliest", "Unknown key."],
    ["start: 7d", "rules.5.start", "Write keys with values, not a text."],
    ["lapse: 0m", "rules.5.lapse", "Write a duration"],
    ["lapse: 0", "rules.5.lapse", "Write a text, not a number."],
    ["lapse: 59s", "rules.5.lapse", "A request waits for at least 1m"],
    ["lapse: 8d", "rules.5.lapse", "A request waits for at least 1m"],
  ])("A fault is on its line: %s", (line, path, detail) => {
    const faults = found(`    ${line}\n`);
    expect(faults).toContainEqual({
      line,
      what: `invalid-file ${path}`,
      detail: expect.stringContaining(detail),
    });
  });

  it.each(["start: { latest: 30d }", "lapse: 1m", "lapse: 7d", ""])(
    "Times at their limits are sound: %s",
    (line) => {
      // The sample's rule also asks again, which a short lapse cuts off.
      const ofTimes = found(`    ${line}\n`).filter(({ what }) =>
        / rules\.5\.(?:start|lapse|when)/.test(what),
      );
      expect(ofTimes).toEqual([]);
    },
  );
});

describe("The check of the times of a rule", () => {
  it("A start limit that ends between two hours is a warning", () => {
    expect(found("    start: { latest: 12h }\n    lapse: 2h\n")).toEqual([
      {
        line: "start: { latest: 12h }",
        what: "start-misses-hours rules.5.start.latest",
        detail: `${NAME} is closed for 14h between its hours, so no start 12h ahead is ever within them. Write at least 14h to let a request plan for the next hours.`,
      },
    ]);
  });

  it.each(["10h", "14h"])("A start limit of %s fits hours of ten in a day", (latest) => {
    expect(found(`    start: { latest: ${latest} }\n    lapse: 2h\n`)).toEqual([]);
  });

  it("Hours without an end have no gap that a start could miss", () => {
    const always =
      '    when: { days: [mon, tue, wed, thu, fri, sat, sun], from: "00:00", to: "24:00", timezone: UTC }\n';
    expect(found("    start: { latest: 12h }\n    lapse: 2h\n", always)).toEqual([]);
  });

  it("A request that waits longer than a start may be ahead is a warning", () => {
    expect(found("    start: { latest: 5h }\n    lapse: 6h\n")).toEqual([
      {
        line: "lapse: 6h",
        what: "lapse-exceeds-start rules.5.lapse",
        detail: `A request under ${NAME} may be approved 6h later, and its access then starts. But a start that is asked for may be 5h ahead at most. Shorten lapse, or lengthen start.latest.`,
      },
    ]);
  });

  it("A second circle that is asked after the request has lapsed is a warning", () => {
    const text = SAMPLE.replace("escalate: { after: 15m,", "escalate: { after: 2h,");
    expect(text).not.toBe(SAMPLE);
    expect(checkAccessFile(text)).toContainEqual(
      expect.objectContaining({
        code: "escalation-too-late",
        path: "rules.5.approval.0.escalate.after",
      }),
    );
  });
});
