import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { compiledFolder, sharedCode } from "../../../../lab/sandbox/process/code-cache.ts";

afterEach(() => vi.unstubAllEnvs());

function codeWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "code-"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

describe("Code that sandboxes share", () => {
  it("The same files have one folder, and a changed file or name has another", () => {
    const cache = mkdtempSync(path.join(tmpdir(), "cache-"));
    vi.stubEnv("TIMELATCH_CODE_CACHE", cache);
    const files = { "index.mjs": "one", "data/access.json": "{}" };
    const first = sharedCode(codeWith(files));
    expect(path.dirname(first)).toBe(cache);
    expect(readFileSync(path.join(first, "data/access.json"), "utf8")).toBe("{}");
    expect(sharedCode(codeWith(files))).toBe(first);
    const others = [
      { ...files, "index.mjs": "two" },
      { "index.mjs": "one", "data/access": "{}" },
    ];
    for (const other of others) expect(sharedCode(codeWith(other))).not.toBe(first);
    expect(readdirSync(cache)).toHaveLength(3);
  });

  it("Without a cache, code runs where it is, and nothing compiled is kept", () => {
    vi.stubEnv("TIMELATCH_CODE_CACHE", "");
    const folder = codeWith({ "index.mjs": "one" });
    expect(sharedCode(folder)).toBe(folder);
    expect(compiledFolder()).toBeUndefined();
  });
});
