import type { StackSight } from "../sights.ts";
import { reading } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** A stack in the region of the options. */
export async function stackOf(
  options: SightOptions,
  name: string,
): Promise<StackSight | undefined> {
  const { CloudFormationClient, DescribeStacksCommand } = await import(
    "@aws-sdk/client-cloudformation"
  );
  const client = new CloudFormationClient(options);
  // It answers a stack that is not there as a ValidationError.
  const found = await reading(
    `the stack ${name}`,
    () => client.send(new DescribeStacksCommand({ StackName: name })),
    ["ValidationError"],
  );
  const stack = found?.Stacks?.[0];
  if (!stack) return undefined;
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
    OutputKey,
    OutputValue,
  ]);
  return {
    status: stack.StackStatus ?? "",
    createdAt: stack.CreationTime?.toISOString() ?? "",
    isProtected: stack.EnableTerminationProtection === true,
    outputs: Object.fromEntries(outputs),
  };
}
