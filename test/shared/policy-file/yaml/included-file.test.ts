import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { NotIncluded } from "../../../../shared/policy-file/people/included-people.ts";
import { includedBeside } from "../../../../shared/policy-file/yaml/included-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-include-"));
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (name: string) => path.join(folder, name);
const read = (name: string) => includedBeside(at("access.yaml"))(name);

it("An included file is read beside the policy, and is shown as the policy is", () => {
  writeFileSync(at("people.yaml"), "version: 1");
  expect(read("people.yaml")).toEqual({ file: at("people.yaml"), text: "version: 1" });
  const shown = path.relative(process.cwd(), at("access.yaml"));
  expect(includedBeside(shown)("people.yaml").file).toBe(
    path.relative(process.cwd(), at("people.yaml")),
  );
});

it.each<[string, (file: string) => void]>([
  ["a symbolic link", (file) => symlinkSync("/etc/passwd", file)],
  [
    "a symbolic link to a file beside it",
    (file) => {
      writeFileSync(at("other.yaml"), "version: 1");
      symlinkSync("other.yaml", file);
    },
  ],
  ["a folder", (file) => mkdirSync(file)],
  // To open it would wait for ever.
  ["a pipe", (file) => execFileSync("mkfifo", [file])],
])("%s is not included", (_what, make) => {
  make(at("people.yaml"));
  expect(() => read("people.yaml")).toThrow(
    new NotIncluded(
      `${at("people.yaml")} is a symbolic link, a folder or a device. Put the file itself beside the policy.`,
    ),
  );
});

it("A missing file, the policy itself, and a file beside standard input are not included", () => {
  expect(() => read("people.yaml")).toThrow(/cannot be read \(ENOENT.+Put it beside the policy/);
  expect(() => read("access.yaml")).toThrow(new NotIncluded("A policy cannot include itself."));
  expect(() => includedBeside("-")("people.yaml")).toThrow(/comes from standard input/);
});

it("The policy under a second name in its folder is a file as others are, and no endless circle", () => {
  writeFileSync(at("access.yaml"), "people: { include: again.yaml }");
  linkSync(at("access.yaml"), at("again.yaml"));
  expect(read("again.yaml").text).toBe("people: { include: again.yaml }");
});
