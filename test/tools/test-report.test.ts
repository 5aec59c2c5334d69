/** The end of `npm test` says what failed, so that nobody searches a log of ten thousand lines. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readReport } from "../../tools/test-report.ts";

const folder = mkdtempSync(path.join(tmpdir(), "timelatch-report-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(report: unknown, code: number) {
  const file = path.join(folder, "report.json");
  writeFileSync(file, typeof report === "string" ? report : JSON.stringify(report));
  return readReport(file, code, "/repo");
}

const passed = { fullName: "A passes", status: "passed", failureMessages: [] };
const failed = {
  fullName: " A fails",
  status: "failed",
  failureMessages: [
    ["AssertionError: 1", "", ...Array.from({ length: 40 }, (_, at) => String(at))].join("\n"),
  ],
};

describe("the report of a run of tests", () => {
  it("A failed test is named with its file and the beginning of its message", () => {
    const name = "/repo/test/a.test.ts";
    const file = { name, status: "failed", message: "", assertionResults: [passed, failed] };
    const result = read({ numPassedTests: 1, numFailedTests: 1, testResults: [file] }, 1);
    expect(result).toMatchObject({ passed: 1, failed: 1 });
    const [lines = []] = result.failures;
    expect(lines.slice(0, 3)).toEqual([
      "✘ test/a.test.ts: A fails",
      "    AssertionError: 1",
      "    0",
    ]);
    expect(lines).toHaveLength(9);
  });

  it("A file that does not load counts as one failure, and is named", () => {
    const name = "/repo/test/b.test.ts";
    const file = { name, status: "failed", message: "Cannot find x", assertionResults: [] };
    const result = read({ numPassedTests: 3, numFailedTests: 0, testResults: [file] }, 1);
    expect(result).toEqual({
      passed: 3,
      failed: 1,
      failures: [["✘ test/b.test.ts", "    Cannot find x"]],
    });
  });

  it("A run that ended without a report is a failure that says so", () => {
    const why = "The tests ended with 134, and no test failed. The output above says why.";
    expect(read("{", 134)).toEqual({ passed: 0, failed: 1, failures: [[why]] });
  });

  it("A run that passed has no failures", () => {
    const file = {
      name: "/repo/c.test.ts",
      status: "passed",
      message: "",
      assertionResults: [passed],
    };
    expect(read({ numPassedTests: 1, numFailedTests: 0, testResults: [file] }, 0)).toEqual({
      passed: 1,
      failed: 0,
      failures: [],
    });
  });
});
