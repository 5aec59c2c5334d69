/** The oldest Node.js under which what people install runs: one number in every place that says it. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { OLDEST_NODE } from "../../../tools/package/bundle-cli.ts";

const ROOT = path.resolve(import.meta.dirname, "../../..");
const jsonOf = (file: string) => JSON.parse(readFileSync(path.join(ROOT, file), "utf8"));

interface Locked {
  readonly dev?: true;
  readonly optional?: true;
  readonly engines?: { readonly node?: string };
}

/**
 * `[22, 13]` of `>=22.13.0`, or of `>=23.5.0 || ^22.13.0 || ^20.17.0`: the alternative for the oldest major version is meant.
 * The odd ones are not looked at, since they get no fixes after half a year.
 *
 * @throws Error for a range that says more
 */
function leastOf(range: string): readonly [number, number] {
  const alternatives = range.split("||").map((each) => each.trim());
  const starting = (text: string) => alternatives.find((each) => each.startsWith(text));
  const one = starting(`^${OLDEST_NODE[0]}.`) ?? starting(">=") ?? range;
  const [, major, minor = "0"] = /^(?:>= ?|\^)(\d+)(?:\.(\d+)(?:\.\d+)?)?$/.exec(one) ?? [];
  if (major === undefined) throw new Error(`${range} is no least version.`);
  return [Number(major), Number(minor)];
}

const isNewer = ([major, minor]: readonly [number, number]): boolean =>
  major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor > OLDEST_NODE[1]);

describe("The oldest Node.js", () => {
  it("The manifest, the lockfile and the requirements name what the command checks", () => {
    const oldest = OLDEST_NODE.join(".");
    expect(jsonOf("package.json").engines.node).toBe(`>=${oldest}`);
    expect(jsonOf("package-lock.json").packages[""].engines.node).toBe(`>=${oldest}`);
    for (const file of ["README.md", "docs/sandbox.md", "docs/deploy.md", "docs/installing.md"])
      expect(readFileSync(path.join(ROOT, file), "utf8"), file).toContain(oldest);
  });

  it("No package that ships asks for a newer one", () => {
    const { "": _own, ...locked } = jsonOf("package-lock.json").packages as Record<string, Locked>;
    const shipped = Object.entries(locked).filter(([, { dev, optional }]) => !dev && !optional);
    expect(shipped.length).toBeGreaterThan(50);
    const newer = shipped.filter(([, { engines }]) => isNewer(leastOf(engines?.node ?? ">=0")));
    expect(newer.map(([name, { engines }]) => `${name} ${engines?.node}`)).toEqual([]);
  });
});
