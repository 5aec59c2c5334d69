/** The file of parts: what it loads, and when it is refused. */
import { sep } from "node:path";
import { describe, expect, it } from "vitest";
import { Parts } from "../../../cli/packed/parts.ts";

/** A file with these parts, as packing writes it. @param more bytes behind the last part */
function partsOf(contents: Readonly<Record<string, string>>, more = 0): Parts {
  const index: Record<string, readonly [number, number]> = {};
  let at = 0;
  for (const [name, text] of Object.entries(contents)) {
    const length = Buffer.byteLength(text);
    index[name] = [at, length];
    at += length;
  }
  const text = `${JSON.stringify(index)}\n${Object.values(contents).join("")}${" ".repeat(more)}`;
  const whole = Buffer.from(text);
  return new Parts({ size: whole.length, read: (from, to) => whole.subarray(from, from + to) });
}

describe("Parts of the packed command", () => {
  it("A text is read whole by its name, and another name has none", () => {
    const parts = partsOf({ "help a": "ä…", "help b": "b" });
    expect([parts.text("help a"), parts.text("help b")]).toEqual(["ä…", "b"]);
    expect([parts.text("help"), parts.text("constructor")]).toEqual([undefined, undefined]);
  });

  it("A part runs once, however often others load it", () => {
    const parts = partsOf({
      "a.js": 'exports.all = [require("./b.js"), require("./b.js")];',
      "b.js": "exports.made = {};",
    });
    const { all } = parts.load("./a.js") as { readonly all: readonly unknown[] };
    expect(all[0]).toBe(all[1]);
    expect(parts.load("b.js")).toBe(all[0]);
  });

  it("Two parts may load each other", () => {
    const parts = partsOf({
      "a.js": 'const b = require("./b.js"); exports.name = "a"; exports.other = () => b.name;',
      "b.js": 'const a = require("./a.js"); exports.name = "b"; exports.other = () => a.name;',
    });
    const a = parts.load("a.js") as { readonly other: () => string };
    const b = parts.load("b.js") as { readonly other: () => string };
    expect([a.other(), b.other()]).toEqual(["b", "a"]);
  });

  it("A part may load a module of Node.js", () => {
    const parts = partsOf({ "a.js": 'exports.sep = require("node:path").sep;' });
    expect(parts.load("a.js")).toEqual({ sep });
  });

  it("A file of another length than its index says is refused", () => {
    const contents = { "a.js": "exports.a = 1;" };
    expect(() => partsOf(contents, 1)).toThrow("The file is not whole.");
    expect(partsOf(contents, 0).load("a.js")).toEqual({ a: 1 });
  });
});
