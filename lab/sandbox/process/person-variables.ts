/** The variables of each person of the sandbox in a terminal, as on a machine of their own. */
import path from "node:path";
import type { IamState } from "../aws/iam/state.ts";
import { ADMIN, ownRoleArn, PEOPLE } from "../world/people.ts";
import { SPOKE_ADMIN } from "../world/spoke-admin.ts";

const ADMINS: readonly string[] = [ADMIN, SPOKE_ADMIN];

/** Variables by person. */
export type PersonVariables = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Everyone has a profile and a kubeconfig, and administrators the sandbox's own. A person with a
 * role of their own also has its ARN in `TIMELATCH_ROLE`, so that the command takes that role by
 * itself.
 *
 * @param deployed the ARNs of the roles that stacks made
 */
export function personVariables(
  dir: string,
  { roles }: IamState,
  deployed: readonly string[],
): PersonVariables {
  const made = new Set(deployed.filter((arn) => roles[arn]));
  const of = (person: string) => {
    const role = ownRoleArn(person);
    return {
      AWS_PROFILE: person,
      KUBECONFIG: ADMINS.includes(person)
        ? path.join(dir, "kubeconfig")
        : path.join(dir, "kube", person),
      ...(made.has(role) ? { TIMELATCH_ROLE: role } : {}),
    };
  };
  return Object.fromEntries([...PEOPLE, ...ADMINS].map((person) => [person, of(person)]));
}
