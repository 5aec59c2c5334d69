import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFile } from "../../../cli/audit/write-file.ts";
import { isFree, writeFolder } from "../../../cli/audit/write-folder.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-write-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("A folder that is written whole or not at all", () => {
  it("A folder takes the place of an empty one, with its files in their folders", async () => {
    const out = path.join(folder, "out");
    mkdirSync(out);
    await writeFolder(
      out,
      new Map([
        ["a.txt", "one"],
        ["b/c.txt", "two"],
      ]),
    );
    expect(readdirSync(folder)).toEqual(["out"]);
    expect(readFileSync(path.join(out, "b", "c.txt"), "utf8")).toBe("two");
  });

  it("A folder leaves nothing where one of its files cannot be written", async () => {
    const files = new Map([
      ["a", "a file"],
      ["a/b", "in a file"],
    ]);
    await expect(writeFolder(path.join(folder, "out"), files)).rejects.toThrow("EEXIST");
    expect(readdirSync(folder)).toEqual([]);
  });

  it("A folder leaves nothing where something came into its place", async () => {
    const out = path.join(folder, "out");
    mkdirSync(out);
    writeFileSync(path.join(out, "there"), "");
    await expect(writeFolder(out, new Map([["a", ""]]))).rejects.toThrow("ENOTEMPTY");
    expect(readdirSync(folder)).toEqual(["out"]);
    expect(readdirSync(out)).toEqual(["there"]);
  });

  it("A place is free where nothing is, or an empty folder, and not where a link is", async () => {
    const at = (name: string) => path.join(folder, name);
    mkdirSync(at("empty"));
    writeFileSync(at("file"), "");
    symlinkSync(at("empty"), at("link"));
    expect(
      await Promise.all(["none", "empty", "file", "link"].map((name) => isFree(at(name)))),
    ).toEqual([true, true, false, false]);
    expect(await isFree(folder)).toBe(false);
  });
});

describe("A file that is written whole or not at all", () => {
  it("A file takes its place when it is whole", async () => {
    const out = path.join(folder, "out");
    writeFileSync(out, "before");
    await writeFile(out, ["one ", "two"]);
    expect(readFileSync(out, "utf8")).toBe("one two");
    expect(readdirSync(folder)).toEqual(["out"]);
  });

  it("A file whose text ends in an error leaves nothing, and what was there stays", async () => {
    const out = path.join(folder, "out");
    writeFileSync(out, "before");
    const texts = function* () {
      yield "one";
      throw new Error("no more");
    };
    await expect(writeFile(out, texts())).rejects.toThrow("no more");
    expect(readdirSync(folder)).toEqual(["out"]);
    expect(readFileSync(out, "utf8")).toBe("before");
  });
});
