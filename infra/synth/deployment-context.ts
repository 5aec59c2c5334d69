/** Knows the deployment of a construct. Its stack says so once, and no construct hands it on. */
import type { Stack } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";

const KEY = "timelatch:deployment";

/** Says it of a stack, before anything is in it. */
export const setDeployment = (stack: Stack, access: Pick<AccessPolicy, "deployment">): void =>
  stack.node.setContext(KEY, deploymentOf(access));

/** The deployment's name. @throws Error where no stack above the construct says it */
export function deploymentAt(construct: IConstruct): string {
  const found: unknown = construct.node.tryGetContext(KEY);
  if (typeof found !== "string")
    throw new Error(`${construct.node.path} belongs to no deployment. Nothing was synthesized.`);
  return found;
}
