import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compileAccessFile } from "../../../../infra/synth/access-file.ts";
import { aPolicy } from "../../../../lab/fakes/builders.ts";
import { bundledPolicy } from "../../../../shared/aws/machine/bundled-policy.ts";
import { canonicalJson } from "../../../../shared/domain/values/canonical-json.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "timelatch-policy-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const bundled = (text: string) => {
  const file = path.join(folder, "access.json");
  writeFileSync(file, text);
  return pathToFileURL(file);
};

describe("The policy in a bundle", () => {
  it("The bundled policy is read as the compiler writes it", () => {
    const policy = aPolicy();
    expect(bundledPolicy(pathToFileURL(compileAccessFile(policy, folder)))).toEqual(policy);
  });

  it.each([
    ["a rule was removed", { rules: aPolicy().rules.slice(1) }],
    ["its hash is different", { hash: "0".repeat(64) }],
    ["its version is unknown to this release", { version: 2 }],
  ])("A bundled policy is refused where %s", (_what, changed) => {
    const file = bundled(canonicalJson({ ...aPolicy(), ...changed }));
    expect(() => bundledPolicy(file)).toThrow(/access\.json .* Deploy the stack again/);
  });

  it("A bundled policy is refused where its text is not the compiler's", () => {
    const text = canonicalJson(aPolicy());
    for (const other of [text.replace("{", "{ "), `${text}\n`, JSON.stringify(aPolicy())])
      expect(() => bundledPolicy(bundled(other))).toThrow(/access\.json does not match its hash/);
  });

  it("A missing bundled policy is an error", () => {
    expect(() => bundledPolicy(pathToFileURL(path.join(folder, "none.json")))).toThrow(/ENOENT/);
  });
});
