import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandLines, proseLines } from "../../../sandbox/demo/command-text.ts";

const REQUEST = [
  ...["AWS_PROFILE=alice", "timelatch", "request", "--cluster", "prod"],
  ...["--namespace", "payments-api", "--reason", "INC-4711 stuck rollout"],
];

/** The words that a shell makes of text. */
const shellWords = (text: string) =>
  execFileSync("sh", ["-c", `for word in ${text}; do printf '%s\\n' "$word"; done`])
    .toString()
    .split("\n")
    .slice(0, -1);

describe("a command's text", () => {
  it("is one line where there is room", () => {
    expect(commandLines(REQUEST, 200)).toEqual([
      'AWS_PROFILE=alice timelatch request --cluster prod --namespace payments-api --reason "INC-4711 stuck rollout"',
    ]);
  });

  it("is broken before options, an option and its value together", () => {
    expect(commandLines(REQUEST, 66)).toEqual([
      "AWS_PROFILE=alice timelatch request --cluster prod \\",
      '    --namespace payments-api --reason "INC-4711 stuck rollout"',
    ]);
  });

  it("is broken before any word where options are not enough", () => {
    const id = "01a20e5d-d7b7-7ad0-b9fb-7cb4ad4decee";
    expect(commandLines(["AWS_PROFILE=bob", "timelatch", "approve", id, "--yes"], 60)).toEqual([
      "AWS_PROFILE=bob timelatch approve \\",
      `    ${id} --yes`,
    ]);
  });

  it.each([200, 60, 20])("means the same to a shell, %i columns wide", (columns) => {
    const words = [...REQUEST, "--note", 'it\'s "$HOME" `x` \\', "--empty", ""];
    expect(shellWords(commandLines(words, columns).join("\n"))).toEqual(words);
  });
});

describe("prose", () => {
  it("is broken between words and keeps its indent", () => {
    expect(proseLines("  one two three four", 11)).toEqual(["  one two", "  three", "  four"]);
  });

  it("leaves a word whole that is longer than a line", () => {
    expect(proseLines("see 01a20e5d-d7b7", 8)).toEqual(["see", "01a20e5d-d7b7"]);
  });
});
