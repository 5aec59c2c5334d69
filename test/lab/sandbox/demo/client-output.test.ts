import { describe, expect, it } from "vitest";
import { answerLines, canIAnswer } from "../../../../lab/sandbox/demo/client-output.ts";

describe("the answer of kubectl auth can-i", () => {
  const UNAUTHORIZED = "error: You must be logged in to the server (Unauthorized)\n";

  it.each([
    ["yes", { code: 0, stdout: "yes\n", stderr: "" }],
    ["no", { code: 1, stdout: "no\n", stderr: "" }],
    ["no", { code: 1, stdout: "no - no RBAC policy matched\n", stderr: "" }],
    ["unauthorized", { code: 1, stdout: "", stderr: UNAUTHORIZED }],
  ])("The answer of kubectl auth can-i is read as %s", (answer, outcome) => {
    expect(canIAnswer(outcome)).toBe(answer);
  });

  it.each([
    ["an error alone", { code: 1, stdout: "", stderr: "Unable to connect to the server\n" }],
    ["yes with exit status 1", { code: 1, stdout: "yes\n", stderr: "" }],
    ["a client that a signal ended", { code: -1, stdout: "", stderr: "" }],
  ])("The answer of kubectl auth can-i is undefined for %s", (_what, outcome) => {
    expect(canIAnswer(outcome)).toBeUndefined();
  });
});

describe("the lines that the demo shows of an output", () => {
  it("The demo shows the first lines of stdout of an output", () => {
    const outcome = { code: 0, stdout: "one\n\ntwo\nthree\n", stderr: "progress\n" };
    expect(answerLines(outcome, 2)).toEqual(["one", "two"]);
  });

  it("The demo shows the lines of stderr where stdout is empty", () => {
    expect(answerLines({ code: 0, stdout: "", stderr: "3 events\n" }, 1)).toEqual(["3 events"]);
  });

  it("The demo shows only the error line, without the lines before and after it", () => {
    const stderr = "  State    pending\ntimelatch: Nobody decides.\n  Next: ask someone\n";
    expect(answerLines({ code: 3, stdout: "", stderr }, 5)).toEqual(["timelatch: Nobody decides."]);
  });
});
