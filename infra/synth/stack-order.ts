/** The order of a deployment's stacks as dependencies, which the CDK's command and `timelatch` follow. */
import type { Stack } from "aws-cdk-lib";
import { STACK_KINDS, type StackKindName } from "../../shared/domain/values/stack-kinds.ts";

/** @param stacks of each kind, as far as the app has them */
export function orderStacks(
  stacks: Readonly<Partial<Record<StackKindName, readonly Stack[]>>>,
): void {
  for (const { kind, after } of STACK_KINDS)
    for (const stack of stacks[kind] ?? [])
      for (const before of after.flatMap((one) => stacks[one] ?? []))
        stack.addStackDependency(before);
}
