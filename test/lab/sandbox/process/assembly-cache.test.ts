import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import {
  type AssemblyCache,
  assemblyCache,
} from "../../../../lab/sandbox/process/assembly-cache.ts";

const newFolder = () => mkdtempSync(path.join(tmpdir(), "assembly-cache-"));
const HASH = "a".repeat(64);

/** A folder with one file. */
function assemblyOf(text: string): string {
  const outdir = newFolder();
  writeFileSync(path.join(outdir, "template.json"), text);
  return outdir;
}

let folder: string;
let cache: AssemblyCache;
beforeEach(() => {
  folder = path.join(newFolder(), "assemblies");
  cache = assemblyCache(folder);
});

it("An assembly that was kept replaces what another sandbox has in its folder", () => {
  cache.keep(HASH, assemblyOf("new"));
  const outdir = assemblyOf("old");
  writeFileSync(path.join(outdir, "old-asset"), "");
  expect(cache.take(HASH, outdir)).toBe(true);
  expect(readdirSync(outdir)).toEqual(["template.json"]);
  expect(readFileSync(path.join(outdir, "template.json"), "utf8")).toBe("new");
});

it("An assembly of other sources is not taken, and the folder stays as it is", () => {
  cache.keep(HASH, assemblyOf("new"));
  const outdir = assemblyOf("old");
  expect(cache.take("b".repeat(64), outdir)).toBe(false);
  expect(existsSync(path.join(outdir, "template.json"))).toBe(true);
});

it("Two sandboxes can keep the assembly of the same sources, and nothing else is left over", () => {
  cache.keep(HASH, assemblyOf("first"));
  assemblyCache(folder).keep(HASH, assemblyOf("second"));
  expect(readdirSync(folder)).toEqual([HASH]);
});
