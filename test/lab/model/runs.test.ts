import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { MODEL, macrosOf } from "../../../lab/model/check.ts";
import { RUNS } from "../../../lab/model/runs.ts";

const model = readFileSync(MODEL, "utf8");
const conditions = new Set(
  [...model.matchAll(/^#(?:if|ifdef|ifndef)\b(.*)$/gm)].flatMap(([, rest = ""]) =>
    [...rest.matchAll(/[A-Z][A-Z_]+/g)].map(([name]) => name),
  ),
);
const set = new Set(
  RUNS.flatMap(macrosOf).map((option) => option.replace(/^-D/, "").replace(/=.*$/, "")),
);

describe("the runs of the model", () => {
  it("the model's runs set every macro on which it depends, so that no variant is left unchecked", () => {
    expect([...conditions].filter((name) => !set.has(name))).toEqual([]);
  });

  it("the model's runs set no macro that it does not know, which would check the protocol itself", () => {
    expect([...set].filter((name) => !conditions.has(name))).toEqual([]);
  });

  it("each run of the model has a name of its own", () => {
    expect(new Set(RUNS.map(({ name }) => name)).size).toBe(RUNS.length);
  });

  it("the protocol as it is holds with an edit, a late call, an overtaken run and quiet", () => {
    const holding = RUNS.filter(({ expected }) => expected === "holds");
    expect(holding.some(({ bounds }) => bounds.edits > 0)).toBe(true);
    expect(holding.some(({ bounds }) => bounds.late > 0 && bounds.grants === 2)).toBe(true);
    expect(holding.flatMap(({ macros }) => macros).toSorted()).toEqual([
      "APART",
      "FUSE",
      "QUIET",
      "SPLIT",
    ]);
  });
});
