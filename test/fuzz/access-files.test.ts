/**
 * Files, from sensible to absurd, at the reader of `access.yaml`: each is a policy, or is refused
 * with a place and a reason. A policy that was read lends only the access that its own words name.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { anyAccessFile } from "./any-access-file.ts";
import { fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(120_000);

describe("any access.yaml", () => {
  it("any access.yaml is a policy, or is refused with a place and a reason", () => {
    const counts = { read: 0, refused: 0 };
    fc.assert(
      fc.property(anyAccessFile, (text) => {
        try {
          const { rules, clusters } = parseAccessPolicy(text);
          counts.read += 1;
          for (const { clusters: on } of rules)
            for (const name of on) expect(Object.hasOwn(clusters, name)).toBe(true);
          expect(text).toContain("version");
        } catch (error) {
          if (!(error instanceof FileFaults)) throw error;
          counts.refused += 1;
          expect(error.message).toMatch(/\S/);
        }
      }),
      fuzzRuns(2_000),
    );
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(100);
    expect(Object.hasOwn(Object.prototype, "version")).toBe(false);
  });
});
