import type { FunctionResource } from "./stack.ts";

/** CloudFormation takes a function's name or its ARN. @throws Error where the template has no such function */
export const functionArn = (
  nameOrArn: string,
  functions: readonly FunctionResource[],
  owner: string,
) => {
  const found = functions.find((one) => one.name === nameOrArn || one.arn === nameOrArn);
  if (!found) throw new Error(`${owner}: the template has no function ${nameOrArn}.`);
  return found.arn;
};
