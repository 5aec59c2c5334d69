/** Compares `timelatch policy prove` with the solver, on one policy and claim. */
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import { parsePolicyTests } from "../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { FileFaults } from "../../shared/policy-file/yaml/file-fault.ts";
import { compileClaim } from "../../shared/policy-tools/prove/compile-claim.ts";
import { proveClaim } from "../../shared/policy-tools/prove/prove-claim.ts";
import type { Reaching } from "../../shared/policy-tools/prove/sets.ts";
import type { Case } from "./file-words.ts";
import { claimFormula } from "./formula.ts";
import { PLACE, WHOLE } from "./reached.ts";
import { atMost } from "./smt.ts";
import type { Solver } from "./solver.ts";

export interface Compared {
  /** The fewest people by the product; undefined where the claim holds. */
  readonly fewest: number | undefined;
  /** How the solver contradicts it; undefined where both agree. */
  readonly disagreement: string | undefined;
}

/** @returns undefined where the file is not sound, so nobody proves anything about it */
export async function compareCase(solver: Solver, given: Case): Promise<Compared | undefined> {
  const proof = proofOf(given);
  if (!proof) return undefined;
  const { breach } = proof;
  const reached = breach?.kind === "reach" ? breach : undefined;
  const fewest = reached?.fewest.people.length;
  const { lines, named, acting } = claimFormula(given);
  const isSuch = (people: number, ...more: readonly string[]) =>
    solver.isSatisfiable([...lines, ...more, `(assert ${atMost(people, acting)})`]);
  // Where no text at all will do, neither will a name.
  const suffices = async (people: number) =>
    (await isSuch(people)) && (await isSuch(people, named));
  const most = given.claim.people ?? acting.length;
  if (!reached || fewest === undefined)
    return {
      fewest,
      disagreement: (await suffices(most)) ? `holds, but ${most} people break it` : undefined,
    };
  // To find a name takes the solver ten times as long as to look at one.
  const isShown = await isSuch(fewest, named, witnessOf(reached.reaching));
  if (!isShown && !(await suffices(fewest)))
    return { fewest, disagreement: `${fewest} people do not break it` };
  return {
    fewest,
    disagreement: (await suffices(fewest - 1)) ? `fewer than ${fewest} people break it` : undefined,
  };
}

/** The place that the product names, which is one of those that the solver may choose. */
const witnessOf = ({ place }: Reaching): string =>
  `(assert ${place === undefined ? WHOLE : `(= ${PLACE} "${place}")`})`;

function proofOf({ file, claim, groups }: Case) {
  try {
    const policy = parseAccessPolicy(JSON.stringify(file));
    const tests = parsePolicyTests(JSON.stringify({ version: 1, never: [claim], groups }));
    const [located] = tests.claims;
    if (!located) throw new Error("The claim is lost.");
    return proveClaim(policy, compileClaim(located.claim), tests.groups);
  } catch (error) {
    if (error instanceof FileFaults) return undefined;
    throw error;
  }
}
