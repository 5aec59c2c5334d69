/** The resources of a deleted stack that CloudFormation keeps, since the template says so. Pure. */
import type { AssemblyStack } from "./assembly.ts";
import { templateValues } from "./iam/template-values.ts";

/** `the DynamoDB table TablesAudit of Timelatch` for each. */
export const keptResources = (stacks: readonly AssemblyStack[]): readonly string[] =>
  stacks.flatMap((stack) => {
    const { nameOf } = templateValues(stack.template, stack);
    return Object.entries(stack.template.Resources ?? {})
      .filter(([, { DeletionPolicy: policy = "" }]) => policy.startsWith("Retain"))
      .map(([id, { Type }]) => `${nameOf(id)} of ${stack.name} (${Type})`);
  });
