import type { Operation } from "../service.ts";
import type { Store } from "../store.ts";
import { isManaged, managedName, managedPolicyNamed, policyArnIn } from "./managed-policy.ts";
import { pageOf } from "./page.ts";
import { noSuchEntity, onlyMembers, roleCheck, roleNamed } from "./role-name.ts";
import type { IamState } from "./state.ts";

/**
 * Attaches what some role has already: a policy is known by the roles that have it.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export function attachRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:AttachRolePolicy", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "PolicyArn"]);
      const role = roleNamed(iam.state, input);
      const { arn, document } = managedPolicyNamed(iam.state, input);
      iam.change((state) => {
        state.roles[role.arn] = { ...role, policies: { ...role.policies, [arn]: document } };
      });
      return undefined;
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html */
export function detachRolePolicy(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:DetachRolePolicy", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "PolicyArn"]);
      const role = roleNamed(iam.state, input);
      const arn = policyArnIn(input);
      if (!Object.hasOwn(role.policies, arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
      iam.change((state) => {
        const { [arn]: _detached, ...policies } = role.policies;
        state.roles[role.arn] = { ...role, policies };
      });
      return undefined;
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html */
export function listAttachedRolePolicies(iam: Store<IamState>): Operation {
  return {
    permissions: (input) => roleCheck(iam.state, "iam:ListAttachedRolePolicies", input),
    run: ({ input }) => {
      onlyMembers(input, ["RoleName", "Marker", "MaxItems"]);
      const arns = Object.keys(roleNamed(iam.state, input).policies).filter(isManaged).sort();
      const page = pageOf(arns, (arn: string) => arn, input);
      return {
        AttachedPolicies: page.items.map((arn) => ({
          PolicyName: managedName(arn),
          PolicyArn: arn,
        })),
        IsTruncated: page.isTruncated,
        Marker: page.marker,
      };
    },
  };
}
