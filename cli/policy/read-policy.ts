import { type AccessPolicy, type Member, memberOf } from "../../shared/domain/policy/policy.ts";
import { meantText } from "../../shared/domain/values/nearest-text.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import type { ReadIncluded } from "../../shared/policy-file/people/included-people.ts";
import { type FileFault, FileFaults, faultText } from "../../shared/policy-file/yaml/file-fault.ts";
import { includedBeside } from "../../shared/policy-file/yaml/included-file.ts";
import type { Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { keepingPolicies } from "./kept-policy.ts";
import { policyText } from "./policy-text.ts";

/** A policy from its file. @param next follows where it cannot be read @throws Failure `usage`; `faulty` with each fault as `file:line:column` */
export const readPolicy = (file: string, next?: string): Promise<AccessPolicy> =>
  readStrictly(file, parseAccessPolicy, next);

/** As {@link readPolicy}, for commands that only answer: a large policy is kept for the next one. */
export const readKeptPolicy = async (
  { env }: Pick<Context, "env">,
  file: string,
): Promise<AccessPolicy> => (await readStrictly(file, keepingPolicies(env))).policy;

/**
 * The result of a reader of `shared/policy-file`.
 *
 * @throws Failure as {@link readPolicy}
 */
export async function readStrictly<Read>(
  file: string,
  read: (text: string, included: ReadIncluded) => Read,
  next?: string,
): Promise<Read> {
  const text = await policyText(file, next);
  try {
    return read(text, includedBeside(file));
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    throw locatedFaults(file, error.faults);
  }
}

/** Each fault as `file:line:column`. */
export const locatedFaults = (file: string, faults: readonly FileFault[]): Failure =>
  new Failure("faulty", "policy-unsound", {
    what: `${file} is not sound.`,
    notDone: "Nothing was done.",
    findings: faults.map(
      (fault) => `${fault.file ?? file}:${fault.line}:${fault.column}: ${faultText(fault)}`,
    ),
    next: ["Next: correct each of them, and run it again."],
    facts: { faults },
  });

/** A person of a policy by name. @throws Failure `usage` */
export function personOf(policy: AccessPolicy, name: string): Member {
  const member = memberOf(policy, name);
  if (member) return member;
  const meant = meantText(name, Object.keys(policy.people));
  throw new Failure("usage", "usage", {
    what: `The policy has no person "${name}".${meant}`,
    notDone: "Nothing was done.",
    next: ["Next: name a person under people."],
  });
}
