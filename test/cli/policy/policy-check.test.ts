import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { policyCheck } from "../../../cli/commands/policy-check.ts";
import { annotationText } from "../../../cli/policy/findings.ts";
import { WARNINGS } from "../../../shared/policy-tools/finding.ts";
import { fakeTerminal } from "../fake-terminal.ts";
import { run } from "../run-timelatch.ts";
import {
  editedSample,
  type PolicyFolder,
  policyFolder,
  SAMPLE_FILE,
  WARNED_SAMPLE,
} from "./policy-folder.ts";

let folder: PolicyFolder;
beforeAll(() => {
  folder = policyFolder();
});
afterAll(() => folder.remove());

const UNKNOWN_KEY = editedSample(["version: 1", "version: 1\ncolour: blue"]);

describe("timelatch policy check", () => {
  it("timelatch policy check prints warnings as compilers do, and succeeds", async () => {
    const { code, out, err } = await folder.policy("check", folder.write("a.yaml", WARNED_SAMPLE));
    expect(code).toBe(0);
    expect(out).toMatch(
      /^a\.yaml:\d+:3: warning: mallory is in no group, .+ \[person-without-group\]$/m,
    );
    expect(err).toBe("a.yaml: no errors and 2 warnings.\n");
  });

  it("timelatch policy check fails for an error, with a code of its own", async () => {
    const { code, out, err } = await folder.policy("check", folder.write("b.yaml", UNKNOWN_KEY));
    expect(code).toBe(11);
    expect(out).toMatch(/^b\.yaml:\d+:1: error: colour: Unknown key\. \[invalid-file\]$/m);
    expect(err).toContain("timelatch: b.yaml has 1 error and no warnings. Nothing was changed.");
  });

  it("timelatch policy check --strict fails for a warning too", async () => {
    const file = folder.write("c.yaml", WARNED_SAMPLE);
    const { code, err } = await folder.policy("check", "--strict", file);
    expect(code).toBe(11);
    expect(err).toContain("no errors and 2 warnings, and --strict takes warnings for errors.");
  });

  it("timelatch policy check --ignore leaves out warnings of a code, but no errors", async () => {
    const file = folder.write("d.yaml", WARNED_SAMPLE);
    const ignoring = ["--ignore", "person-without-group", "--ignore", "some-cannot-be-approved"];
    expect(await folder.policy("check", "--strict", ...ignoring, file)).toMatchObject({
      code: 0,
      out: "",
      err: "d.yaml: no errors and no warnings.\n",
    });
    const { code, err } = await folder.policy("check", "--ignore", "invalid-file", file);
    expect(code).toBe(2);
    for (const warning of WARNINGS) expect(err).toContain(warning);
  });

  it("timelatch policy check --format github prints an annotation for each finding", async () => {
    const file = folder.write("e.yaml", UNKNOWN_KEY);
    const { out } = await folder.policy("check", "--format", "github", file);
    expect(out).toMatch(
      /^::error file=e\.yaml,line=\d+,col=1,title=timelatch policy%3A invalid-file::colour: Unknown key\.$/m,
    );
  });

  it("An annotation escapes what would end it, so that no file name or text can begin another", () => {
    const detail = "100%\r\n::error::x";
    const found = { severity: "error", line: 1, column: 2, code: "c", detail } as const;
    expect(annotationText({ file: "a,b:c%.yaml", ...found })).toBe(
      "::error file=a%2Cb%3Ac%25.yaml,line=1,col=2,title=timelatch policy%3A c::100%25\\r\\n::error::x\n",
    );
  });

  it("timelatch policy check --json prints one document, whether or not the file holds", async () => {
    const file = folder.write("f.yaml", UNKNOWN_KEY);
    const { code, out, err } = await folder.policy("check", "--json", file);
    expect(code).toBe(11);
    expect(JSON.parse(out)).toMatchObject({
      errors: 1,
      warnings: 0,
      findings: [{ severity: "error", code: "invalid-file", column: 1, path: "colour" }],
    });
    expect(JSON.parse(err)).toMatchObject({ exitCode: 11 });
  });

  it("timelatch policy check fills every line of a finding on a narrow terminal", async () => {
    const terminal = fakeTerminal({ columns: 80 });
    await policyCheck(terminal.context, folder.write("narrow.yaml", WARNED_SAMPLE), {});
    const lines = terminal.out().trimEnd().split("\n");
    for (const [at, line] of lines.entries()) {
      // The name of the file is one word, however long the temporary folder's is.
      if (line.trim().includes(" ")) expect(line.length).toBeLessThanOrEqual(80);
      const [next = ""] = /^ {2}\S+/.exec(lines[at + 1] ?? "") ?? [];
      if (next !== "") expect(`${line} ${next.trim()}`.length).toBeGreaterThan(80);
    }
    expect(lines.filter((line) => line.startsWith("  ")).length).toBeGreaterThan(2);
  });

  it("timelatch policy check reads standard input for -, and access.yaml where no file is named", async () => {
    const piped = await run(["policy", "check", "-"], { stdin: UNKNOWN_KEY });
    expect(piped.code).toBe(11);
    expect(piped.out).toMatch(/^-:\d+:1: error: colour: Unknown key\./m);
    const usual = await run(["policy", "check"], { cwd: path.dirname(SAMPLE_FILE) });
    expect(usual).toMatchObject({ code: 0, err: "access.yaml: no errors and no warnings.\n" });
  });

  it("timelatch policy check refuses a file that it cannot read", async () => {
    const { code, err } = await folder.policy("check", "/nonexistent/access.yaml");
    expect(code).toBe(2);
    expect(err).toContain("Cannot read /nonexistent/access.yaml");
  });
});
