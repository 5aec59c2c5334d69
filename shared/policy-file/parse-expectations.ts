import { type Expectation, ExpectationFile } from "./expectation-file.ts";
import type { Place } from "./file-fault.ts";
import { readAs, readLocatedYaml } from "./located-yaml.ts";

/** Expectations, each with where it begins. */
export type LocatedExpectation = Expectation & Place;

/** Reads `access.test.yaml` strictly. @throws FileFaults with all faults that were found */
export function parseExpectations(text: string): readonly LocatedExpectation[] {
  const yaml = readLocatedYaml(text);
  return readAs(yaml, ExpectationFile).expectations.map((expectation, at) => ({
    ...expectation,
    ...yaml.placeOf({ path: ["expectations", at] }),
  }));
}
