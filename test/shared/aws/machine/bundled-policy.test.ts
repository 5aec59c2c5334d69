import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bundledPolicy } from "../../../../shared/aws/machine/bundled-policy.ts";
import { aPolicy } from "../../../fakes/builders.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-policy-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const bundled = (policy: unknown) => {
  const file = path.join(folder, "access.json");
  writeFileSync(file, JSON.stringify(policy));
  return pathToFileURL(file);
};

describe("The policy in a bundle", () => {
  it("The bundled policy is read, whatever the order of its members", () => {
    const policy = aPolicy();
    expect(bundledPolicy(bundled(policy))).toEqual(policy);
    const reordered = Object.fromEntries(Object.entries(policy).toReversed());
    expect(bundledPolicy(bundled(reordered))).toEqual(policy);
  });

  it.each([
    ["a rule was removed", { rules: aPolicy().rules.slice(1) }],
    ["its hash is different", { hash: "0".repeat(64) }],
    ["its version is unknown to this release", { version: 2 }],
  ])("A bundled policy is refused where %s", (_what, changed) => {
    const file = bundled({ ...aPolicy(), ...changed });
    expect(() => bundledPolicy(file)).toThrow(/access\.json .* Deploy the stack again/);
  });

  it("A missing bundled policy is an error", () => {
    expect(() => bundledPolicy(pathToFileURL(path.join(folder, "none.json")))).toThrow(/ENOENT/);
  });
});
