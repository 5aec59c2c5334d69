import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commandLines, proseLines } from "../../../../lab/sandbox/demo/command-text.ts";

const REQUEST = [
  ...["timelatch", "request", "--cluster", "prod"],
  ...["--namespace", "payments-api", "--reason", "INC-4711 stuck rollout"],
];

/** The words that a shell makes of text. */
const shellWords = (text: string) =>
  execFileSync("sh", ["-c", `for word in ${text}; do printf '%s\\n' "$word"; done`])
    .toString()
    .split("\n")
    .slice(0, -1);

describe("the lines of a command", () => {
  it("A command of the demo is one line where it fits", () => {
    expect(commandLines(REQUEST, 200)).toEqual([
      'timelatch request --cluster prod --namespace payments-api --reason "INC-4711 stuck rollout"',
    ]);
  });

  it("The lines of a command break before options and keep an option with its value", () => {
    expect(commandLines(REQUEST, 66)).toEqual([
      "timelatch request --cluster prod --namespace payments-api \\",
      '    --reason "INC-4711 stuck rollout"',
    ]);
  });

  it("The lines of a command break before any word where an option and its value do not fit", () => {
    const id = "01a20e5d-d7b7-7ad0-b9fb-7cb4ad4decee";
    expect(commandLines(["timelatch", "approve", id, "--yes"], 50)).toEqual([
      "timelatch approve \\",
      `    ${id} --yes`,
    ]);
  });

  it.each([200, 60, 20])(
    "The lines of a command mean the same to a shell, %i columns wide",
    (columns) => {
      const words = [...REQUEST, "--note", 'it\'s "$HOME" `x` \\', "--empty", ""];
      expect(shellWords(commandLines(words, columns).join("\n"))).toEqual(words);
    },
  );
});

describe("prose of the demo", () => {
  it("Prose of the demo breaks between words and keeps its indent", () => {
    expect(proseLines("  one two three four", 11)).toEqual(["  one two", "  three", "  four"]);
  });

  it("Prose of the demo keeps a word whole that is longer than a line", () => {
    expect(proseLines("see 01a20e5d-d7b7", 8)).toEqual(["see", "01a20e5d-d7b7"]);
  });
});
