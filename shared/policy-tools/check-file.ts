import type { AccessPolicy } from "../domain/policy/policy.ts";
import { type AssemblyRecord, NO_ASSEMBLY } from "../policy-file/assembly-record.ts";
import { departureFaults } from "../policy-file/faults/departure-faults.ts";
import { type LocatedPolicy, locateAccessPolicy } from "../policy-file/parse-access-policy.ts";
import type { ReadIncluded } from "../policy-file/people/included-people.ts";
import { type FileFault, FileFaults, faultText } from "../policy-file/yaml/file-fault.ts";
import { located } from "../policy-file/yaml/located-yaml.ts";
import { checkPolicy } from "./check-policy.ts";
import {
  FINDINGS,
  type LocatedPolicyFinding,
  type PolicyFinding,
  type PolicyFindingCode,
} from "./finding.ts";
import { unwrittenReviews } from "./review-findings.ts";

/**
 * Everything that is wrong with an `access.yaml`, in the order of the file, and then of the one
 * that it includes. For a file that cannot be read, only its faults.
 *
 * @param recorded the last assembly, beside the file
 * @param locate reads the file
 */
export function checkAccessFile(
  text: string,
  included?: ReadIncluded,
  recorded: AssemblyRecord = NO_ASSEMBLY,
  locate = locateAccessPolicy,
): readonly LocatedPolicyFinding[] {
  const file = readOrFaults(() => locate(text, included));
  const found =
    "faults" in file
      ? file.faults.map((fault) =>
          findingOf("invalid-file", { ...fault, detail: faultText(fault) }),
        )
      : [
          ...departures(file.policy, recorded),
          ...checkPolicy(file.policy),
          ...unwrittenReviews(file.policy, file.saysReview),
        ].map((finding) => locatedFinding(file, finding));
  return inFileOrder(found);
}

/** Findings in the order of the file, and then of the one that it includes. */
export function inFileOrder(
  findings: readonly LocatedPolicyFinding[],
): readonly LocatedPolicyFinding[] {
  const nameOf = ({ file: name = "" }: LocatedPolicyFinding) => name;
  return findings.toSorted(
    (a, b) => nameOf(a).localeCompare(nameOf(b)) || a.line - b.line || a.column - b.column,
  );
}

/** A finding with its place in a file. */
export const locatedFinding = (
  file: Pick<LocatedPolicy, "placeOf">,
  finding: PolicyFinding,
): LocatedPolicyFinding => findingOf(finding.code, located(file, finding));

const departures = (policy: AccessPolicy, recorded: AssemblyRecord): readonly PolicyFinding[] =>
  departureFaults(policy, recorded).map((fault) => ({ code: "left-while-lending", ...fault }));

function readOrFaults(read: () => LocatedPolicy): LocatedPolicy | FileFaults {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileFaults) return error;
    throw error;
  }
}

const findingOf = (code: PolicyFindingCode, fault: FileFault): LocatedPolicyFinding => ({
  severity: FINDINGS[code],
  code,
  ...fault,
});
