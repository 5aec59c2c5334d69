/** `timelatch policy` where people stand in a file of their own. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readAccessFile } from "../../../infra/synth/access-file.ts";
import { runHere } from "../run-timelatch.ts";
import { SAMPLE, SAMPLE_FILE } from "./policy-folder.ts";

const [, PEOPLE = ""] = /\npeople:\n([\s\S]*?)\n# Admins/.exec(SAMPLE) ?? [];
const POLICY = SAMPLE.replace(PEOPLE, "  include: people.yaml\n");
const FILE = `version: 1\npeople:\n${PEOPLE}`;

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-include-"));
  writeFileSync(at("access.yaml"), POLICY);
  writeFileSync(at("people.yaml"), FILE);
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);
async function policy(...args: readonly string[]) {
  const { code, out, err } = await runHere(["policy", ...args]);
  const without = (text: string) => text.replaceAll(`${folder}${path.sep}`, "");
  return { code, out: without(out), err: without(err) };
}

describe("A policy whose people stand in a file of their own", () => {
  it("The sample with its people elsewhere is the same to every command", async () => {
    expect(await policy("check", at("access.yaml"))).toEqual({
      code: 0,
      out: "",
      err: "access.yaml: no errors and no warnings.\n",
    });
    copyFileSync("access.test.yaml", at("access.test.yaml"));
    const same = await policy("diff", SAMPLE_FILE, at("access.yaml"));
    expect(same.out).toMatch(/^Nothing changes/);
    const tested = await policy("test", "access.test.yaml", "--against", at("access.yaml"));
    expect(tested.code).toBe(0);
    const ask = ["--as", "bob", "--cluster", "staging", "--policy", "view", "--cluster-scope"];
    expect(await policy("explain", at("access.yaml"), ...ask)).toEqual(
      await policy("explain", SAMPLE_FILE, ...ask),
    );
    expect(readAccessFile(at("access.yaml"))).toEqual(readAccessFile(SAMPLE_FILE));
  });

  it("A finding names the file and the line of the person that it is about", async () => {
    writeFileSync(at("access.yaml"), POLICY.replace(/\ndelegations: .+/, ""));
    const { out } = await policy("check", at("access.yaml"));
    const line = FILE.split("\n").indexOf("  mallory:") + 1;
    expect(out).toContain(`people.yaml:${line}:3: warning: mallory is in no group`);
    const github = await policy("check", "--format", "github", at("access.yaml"));
    expect(github.out).toContain(`::warning file=people.yaml,line=${line},col=3,`);
    const json = await runHere(["--json", "policy", "check", at("access.yaml")]);
    expect(JSON.parse(json.out).findings).toContainEqual(
      expect.objectContaining({ file: at("people.yaml"), line }),
    );
  });

  it("A fault names the file and the line, also in synthesis", async () => {
    writeFileSync(at("people.yaml"), FILE.replace("email: bob@example.com", "mail: x"));
    const line = FILE.split("\n").indexOf("    email: bob@example.com") + 1;
    const fault = `people.yaml:${line}:5: people.bob.mail: Unknown key.`;
    expect((await policy("diff", SAMPLE_FILE, at("access.yaml"))).err).toContain(fault);
    expect((await policy("check", at("access.yaml"))).out).toContain(
      fault.replace("5: people", "5: error: people"),
    );
    expect(() => readAccessFile(at("access.yaml"))).toThrow(
      `${path.relative(process.cwd(), at("people.yaml"))}:${line}:5 people.bob.mail: Unknown key.`,
    );
  });

  it("Each side of a comparison has the people beside it", async () => {
    const before = mkdtempSync(path.join(folder, "before-"));
    writeFileSync(path.join(before, "access.yaml"), POLICY);
    writeFileSync(path.join(before, "people.yaml"), FILE.replace("[payments]", "[sre]"));
    const { code, out } = await policy("diff", path.join(before, "access.yaml"), at("access.yaml"));
    expect(code).toBe(0);
    expect(out).toContain("- alice may no longer borrow AmazonEKSClusterAdminPolicy");
  });

  it("An included file that is missing or a link is said at the line that names it", async () => {
    rmSync(at("people.yaml"));
    const line = POLICY.split("\n").indexOf("  include: people.yaml") + 1;
    const { code, out } = await policy("check", at("access.yaml"));
    expect(code).toBe(11);
    expect(out).toContain(
      `access.yaml:${line}:12: error: people.include: people.yaml cannot be read`,
    );
  });
});
