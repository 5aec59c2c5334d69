/** The policies of the grantor role for access policies, in the closest form that IAM takes. Pure. */
import { fuseStatements, type RemotePlace } from "../../shared/domain/grantors/fuse-statements.ts";
import type {
  GrantorStatement,
  Precision,
} from "../../shared/domain/grantors/grantor-statement.ts";
import { policiesGrantorStatements } from "../../shared/domain/grantors/policies-grantor.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { remotePlaceIn, type Topology } from "../synth/topology.ts";
import { compactPrincipals } from "./compact-principals.ts";
import { fitsIntoRole, type PackedPolicies, packStatements, sizesOf } from "./pack-statements.ts";
import { IAM_LIMITS, LONGEST_ROLE } from "./policy-size.ts";

type Form = readonly [Precision, (statement: GrantorStatement) => readonly GrantorStatement[]];

/** From the one that is easiest to review to the shortest. */
const FORMS: readonly Form[] = [
  ["exact", (statement) => [statement]],
  ["exact", compactPrincipals],
  ["coarse", compactPrincipals],
];

export interface GrantorPolicies extends PackedPolicies {
  readonly precision: Precision;
}

/** A grantor role that no form makes small enough. The message has the numbers and what to do. */
export class GrantorTooLarge extends Error {}

/**
 * @param account whose clusters the role reaches, twelve digits
 * @param brokerRoles ARNs of the broker's own roles, to which nothing is ever lent
 * @param remote where the role also arms fuses; undefined where the broker's own Scheduler has them all
 * @throws GrantorTooLarge where no form fits into what IAM takes of a role
 */
export function grantorPolicies(
  access: AccessPolicy,
  account: string,
  brokerRoles: readonly string[],
  remote?: RemotePlace,
): GrantorPolicies {
  const fuses = remote ? fuseStatements(remote, deploymentOf(access)) : [];
  let smallest: PackedPolicies = { inline: [], managed: [] };
  for (const [precision, shortened] of FORMS) {
    const statements = policiesGrantorStatements(access, account, brokerRoles, precision);
    const packed = packStatements(
      [...statements.filter((one) => !isAddition(one)), ...fuses],
      statements.filter(isAddition).flatMap(shortened),
    );
    if (fitsIntoRole(packed)) return { precision, ...packed };
    smallest = packed;
  }
  throw new GrantorTooLarge(tooLarge(access, account, smallest));
}

/** In place of the broker's own roles, whose names the stack knows: more, and with the longest names. */
export const LONGEST_ROLES: readonly string[] = Array.from({ length: 16 }, () => LONGEST_ROLE);

/** Before anything is written. @throws GrantorTooLarge for the first account whose role is */
export function demandThatGrantorsFit(access: AccessPolicy, topology: Topology): void {
  const accounts = Object.values(access.clusters).map(({ arn }) => clusterOf(arn).account);
  for (const account of new Set(accounts))
    grantorPolicies(access, account, LONGEST_ROLES, remotePlaceIn(topology, account));
}

const ADDING = ["eks:CreateAccessEntry", "eks:AssociateAccessPolicy", "eks:TagResource"];

/** Denies, reads and removals must hold whatever else is attached, so they are no additions. */
const isAddition = ({ Effect, Action }: GrantorStatement): boolean =>
  Effect === "Allow" && Action.some((action) => ADDING.includes(action));

function tooLarge(access: AccessPolicy, account: string, packed: PackedPolicies): string {
  const { inline, managed } = sizesOf(packed);
  const clusters = Object.values(access.clusters).filter(
    ({ arn }) => clusterOf(arn).account === account,
  ).length;
  const named = Object.values(access.people).filter(
    ({ personalRole }) => personalRole === undefined,
  ).length;
  return `The grantor role of account ${account} is too large for IAM: ${inline} characters inline (at most ${IAM_LIMITS.inline}) and ${managed.length} managed policies of up to ${Math.max(0, ...managed)} characters (at most ${IAM_LIMITS.managedPolicies} of ${IAM_LIMITS.managed}). It names ${clusters} clusters and principals of ${named} people. Nothing was synthesized. Give people roles of their own (principal: personal), which count as one principal together. Or take out people and clusters that no rule names, or move clusters to another account.`;
}
