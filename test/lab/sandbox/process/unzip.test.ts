import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { unzipInto } from "../../../../lab/sandbox/process/unzip.ts";
import { zipOf } from "./zip.ts";

const folder = () => path.join(mkdtempSync(path.join(tmpdir(), "unzip-")), "code");

describe("Unzipping code", () => {
  it("Every file has its bytes, compressed or stored, also in folders", () => {
    const files = { "index.mjs": "export {};\n".repeat(100), "lib/a b.txt": "é", "empty/": "" };
    const into = folder();
    unzipInto(into, zipOf(files));
    expect(readFileSync(path.join(into, "index.mjs"), "utf8")).toBe(files["index.mjs"]);
    expect(readFileSync(path.join(into, "lib/a b.txt"), "utf8")).toBe("é");
  });

  it("A comment behind the directory changes nothing", () => {
    const into = folder();
    unzipInto(
      into,
      Buffer.concat([zipOf({ a: "1" }), Buffer.from("a comment of twenty-two bytes")]),
    );
    expect(readFileSync(path.join(into, "a"), "utf8")).toBe("1");
  });

  it.each(["../out", "/out", "a/../../out", "a\\..\\out", "C:out", ".."])(
    "A file called %s, which is outside of the folder, is refused, and no folder appears",
    (name) => {
      const into = folder();
      expect(() => unzipInto(into, zipOf({ ok: "", [name]: "" }))).toThrow("outside of its folder");
      expect(existsSync(into)).toBe(false);
    },
  );

  it.each([
    ["", "nothing"],
    ["PK", "two letters"],
    ["x".repeat(500), "something else"],
  ])("A file that is not a zip file is refused in Lambda's words", (text) => {
    expect(() => unzipInto(folder(), Buffer.from(text))).toThrow("Could not unzip uploaded file.");
  });
});
