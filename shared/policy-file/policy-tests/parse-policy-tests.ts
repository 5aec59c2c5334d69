import type { Place } from "../yaml/file-fault.ts";
import { type Fault, readAs, readLocatedYaml } from "../yaml/located-yaml.ts";
import { type Expectation, type FileClaim, PolicyTestsFile } from "./policy-tests-file.ts";

/** Expectations, each with where it begins. */
type LocatedExpectation = Expectation & Place;

/** A claim with where it begins, and where each of its parts is. */
export interface LocatedClaim extends Place {
  readonly claim: FileClaim;
  /** @param path within the claim */
  readonly placeOf: (path: Fault["path"]) => Place;
}

export interface PolicyTests {
  readonly expectations: readonly LocatedExpectation[];
  /** Claims about what must never be possible. */
  readonly claims: readonly LocatedClaim[];
  /** Rights that Kubernetes groups have at most, as an access policy, by group. */
  readonly groups: Readonly<Record<string, string>>;
}

/** Reads `access.test.yaml` strictly. @throws FileFaults with all faults that were found */
export function parsePolicyTests(text: string): PolicyTests {
  const yaml = readLocatedYaml(text);
  const { expectations = [], never = [], groups = {} } = readAs(yaml, PolicyTestsFile);
  return {
    expectations: expectations.map((expectation, at) => ({
      ...expectation,
      ...yaml.placeOf({ path: ["expectations", at] }),
    })),
    claims: never.map((claim, at) => ({
      claim,
      ...yaml.placeOf({ path: ["never", at] }),
      placeOf: (path) => yaml.placeOf({ path: ["never", at, ...path] }),
    })),
    groups,
  };
}
