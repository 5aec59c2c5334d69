/** Zip files of functions' code are the same bytes wherever they are made. */
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { storedZip } from "../../../../cli/deployment/terraform/stored-zip.ts";
import { unzipInto } from "../../../../lab/sandbox/process/unzip.ts";

const FILES = [
  { name: "index.mjs", content: Buffer.from("export const handler = () => 'é';\n") },
  { name: "access.json", content: Buffer.from("{}") },
  { name: "folder/empty", content: Buffer.alloc(0) },
];

describe("A zip file of code", () => {
  it("Has every file as it is, also empty ones and those in folders", () => {
    const folder = path.join(mkdtempSync(path.join(tmpdir(), "stored-zip-")), "code");
    unzipInto(folder, storedZip(FILES));
    for (const { name, content } of FILES)
      expect(readFileSync(path.join(folder, name))).toEqual(content);
    expect(readdirSync(folder)).toEqual(["access.json", "folder", "index.mjs"]);
  });

  it("Has the same bytes in any order of its files, on any machine", () => {
    const zip = storedZip(FILES);
    expect(storedZip(FILES.toReversed())).toEqual(zip);
    const hash = createHash("sha256").update(zip).digest("hex");
    expect(hash).toBe("40f01ee867330c571486f18d8d000fc96b2471c9de334af9f9614c1d4c22cc84");
  });

  it("A function without files is a zip file without entries", () => {
    expect(storedZip([]).toString("hex")).toBe(`504b0506${"00".repeat(18)}`);
  });
});
