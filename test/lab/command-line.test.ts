import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { oneOf, parseCommandLine, UsageError, wholeNumber } from "../../lab/command-line.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
const OURS = [
  "synth",
  "simulate",
  "bench",
  "model",
  "oracle",
  "fuzz",
  "house",
  "messages",
  "openapi",
  "access-schema",
  "transcripts",
  "package",
  "lint",
  "test",
  "test:hard",
];

/** Runs the file behind an npm script, without npm around it. */
function runOf(script: string, args: readonly string[]) {
  const file = scripts[script]?.split(" ").at(-1) ?? "";
  return spawnSync(process.execPath, [path.join(ROOT, file), ...args], { encoding: "utf8" });
}

describe("an npm script", () => {
  it.each(OURS)("npm run %s prints its usage for --help, and does nothing else", (script) => {
    const { status, stdout, stderr } = runOf(script, ["--help"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^npm (?:run )?\w+/);
    expect(stdout).toContain("--help");
  });

  it.each(OURS)("npm run %s refuses an unknown option in one line, with exit code 2", (script) => {
    const { status, stdout, stderr } = runOf(script, ["--no-such-option"]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(/^Unknown option '--no-such-option'\. Nothing was run\. .+\n$/);
  });
});

describe("a command line", () => {
  const OPTIONS = {
    runs: { type: "string", default: "5" },
    kind: { type: "string", multiple: true },
    json: { type: "boolean", default: false },
  } as const;
  const commandLine = { script: "x", help: "", options: OPTIONS };
  const parse = (...args: string[]) => parseCommandLine(commandLine, args);

  it("A command line gives options their values and their defaults", () => {
    expect(parse()).toMatchObject({ values: { runs: "5", json: false } });
    expect(parse("--kind", "a", "--kind=b", "--json")).toMatchObject({
      values: { runs: "5", kind: ["a", "b"], json: true },
    });
  });

  it.each(["--help", "-h"])("A command line asks for help by %s, whatever else it says", (flag) => {
    expect(parse("--json", "--no-such-option", flag)).toBe("help");
  });

  it.each([
    [["--no-such-option"], "Unknown option '--no-such-option'."],
    [["-x"], "Unknown option '-x'."],
    [["--runs"], "Option '--runs <value>' argument missing."],
    [["--json=1"], "Option '--json' does not take an argument."],
    [["file"], "Unexpected argument 'file'."],
  ])("The command line %j is refused in one line", (args, message) => {
    expect(() => parse(...args)).toThrow(new UsageError(message));
  });

  it("A command line takes arguments where the script does", () => {
    const parsed = parseCommandLine({ ...commandLine, takesArguments: true }, ["a", "b"]);
    expect(parsed).toMatchObject({ positionals: ["a", "b"] });
  });
});

describe("the value of an option", () => {
  it("The value of an option is a whole number where one is needed", () => {
    expect(wholeNumber("runs", "0")).toBe(0);
    expect(wholeNumber("runs", "999999999")).toBe(999_999_999);
  });

  it.each(["", "-1", "1.5", "1e3", "x", "9999999999"])(
    "The value of an option is refused as a number: '%s'",
    (text) => {
      expect(() => wholeNumber("runs", text)).toThrow(`--runs takes a whole number`);
    },
  );

  it("A number that counts is refused where it is nothing", () => {
    expect(wholeNumber("runs", "1", 1)).toBe(1);
    const refusal = "--runs takes a whole number from 1 to 999,999,999, not '0'.";
    expect(() => wholeNumber("runs", "0", 1)).toThrow(new UsageError(refusal));
  });

  it("The value of an option is one of the known names, or the refusal lists them", () => {
    expect(oneOf("kind", "b", ["a", "b"])).toBe("b");
    const refusal = new UsageError("--kind has no 'c'. Known: a, b.");
    expect(() => oneOf("kind", "c", ["a", "b"])).toThrow(refusal);
  });
});
