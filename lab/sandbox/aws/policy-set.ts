/** The policies of a role, validated once, with the decisions that they have given so far. */
import { createValidatedPolicy, validateIdentityPolicy } from "@cloud-copilot/iam-policy";
import type { IamRole } from "./iam/state.ts";
import type { Decision, OwnPolicies } from "./policy-simulation.ts";

/** Condition keys of emulated services that would be missing here where AWS has them: a wrong answer. */
const UNFILLED_KEYS = /dynamodb:Attributes|aws:(PrincipalTag|TokenIssueTime|MultiFactorAuth\w*)/i;

export interface PolicySet extends OwnPolicies {
  /** A policy that asks for the time has no answer that lasts. */
  readonly lasting: boolean;
  readonly decisions: Map<string, Decision>;
}

/** By the identity of the role's policies, which a change of the role replaces. */
const identitySets = new WeakMap<IamRole["policies"], PolicySet>();

/** @throws Error for a condition key that the sandbox does not fill */
export function policySet(role: IamRole): PolicySet {
  const known = identitySets.get(role.policies);
  if (known) return known;
  const text = JSON.stringify([role.policies, role.boundary]);
  const unfilled = UNFILLED_KEYS.exec(text)?.[0];
  if (unfilled !== undefined)
    throw new Error(
      `A policy of ${role.arn} has a condition on ${unfilled}, which the sandbox does not fill. Nothing was decided.`,
    );
  const { boundary } = role;
  const made: PolicySet = {
    ...(boundary === undefined
      ? {}
      : {
          boundary: {
            name: boundary.arn,
            policy: createValidatedPolicy(boundary.document, validateIdentityPolicy),
          },
        }),
    policies: Object.entries(role.policies).map(([name, document]) => ({
      name,
      policy: createValidatedPolicy(document, validateIdentityPolicy),
    })),
    lasting: !/aws:(CurrentTime|EpochTime)/i.test(text),
    decisions: new Map(),
  };
  identitySets.set(role.policies, made);
  return made;
}
