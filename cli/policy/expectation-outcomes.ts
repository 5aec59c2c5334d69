/**
 * The outcomes of a policy's expectations and claims, for the command that tests a policy and for
 * the one that deploys it.
 */
import {
  type LocatedPolicy,
  locateAccessPolicy,
} from "../../shared/policy-file/parse-access-policy.ts";
import { parsePolicyTests } from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { outcomeOf } from "../../shared/policy-tools/expectations.ts";
import { type ClaimOutcome, claimOutcomes, claimsText } from "./claim-outcomes.ts";
import { readStrictly } from "./read-policy.ts";

/** One expectation, with its place and what speaks against it. */
export interface ExpectationOutcome {
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly holds: boolean;
  readonly faults: readonly string[];
  /** Names of the rules that it is about. */
  readonly rules: readonly string[];
}

/** @throws Failure `usage` for a file that cannot be read; `faulty` for one that is not sound */
export async function expectationOutcomes(
  file: string,
  policyFile: string,
  now: string,
): Promise<{
  readonly located: LocatedPolicy;
  readonly outcomes: readonly ExpectationOutcome[];
  readonly claims: readonly ClaimOutcome[];
}> {
  const located = await readStrictly(policyFile, locateAccessPolicy);
  const tests = await readStrictly(file, parsePolicyTests);
  const outcomes = tests.expectations.map(({ name, line, column, ...expected }) => {
    const { faults, rules } = outcomeOf(located.policy, { name, ...expected }, now);
    return { name, line, column, holds: faults.length === 0, faults, rules };
  });
  return { located, outcomes, claims: claimOutcomes(located, tests, now) };
}

/** Why an expectation does not hold, in one sentence or more. */
export const faultsText = ({ name, faults }: ExpectationOutcome): string =>
  `"${name}" does not hold. ${faults.join(" ")}`;

/** How many hold of each kind that the file has: `12 expectations hold; 1 of 5 claims does not hold`. */
export const holdingText = (
  outcomes: readonly ExpectationOutcome[],
  claims: readonly ClaimOutcome[],
): string =>
  [expectationsText(outcomes), claimsText(claims)].filter((text) => text !== "").join("; ");

function expectationsText(outcomes: readonly ExpectationOutcome[]): string {
  const [all, failing] = [outcomes.length, outcomes.filter(({ holds }) => !holds).length];
  if (all === 0) return "";
  return failing === 0
    ? `${all} expectation${all === 1 ? " holds" : "s hold"}`
    : `${failing} of ${all} expectation${all === 1 ? "" : "s"} do${failing === 1 ? "es" : ""} not hold`;
}
