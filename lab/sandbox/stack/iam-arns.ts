import type { MadeResource } from "../aws/cloudformation/engine.ts";
import type { IamState } from "../aws/iam/state.ts";

/** The ARNs of a stack's roles, of which CloudFormation knows the names, and of its managed policies. */
export const iamArns = (
  account: string,
  resources: readonly MadeResource[],
  { roles }: IamState,
): readonly string[] =>
  resources
    .filter(({ isRetained }) => !isRetained)
    .flatMap(({ type, physicalId }) => {
      if (type === "AWS::IAM::ManagedPolicy") return [physicalId];
      if (type !== "AWS::IAM::Role") return [];
      return Object.values(roles)
        .filter(({ arn, roleName }) => roleName === physicalId && arn.includes(`::${account}:`))
        .map(({ arn }) => arn);
    });
