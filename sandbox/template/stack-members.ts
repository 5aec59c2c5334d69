import type { Assembly } from "./assembly.ts";
import type { ResolvedTemplate } from "./resolve.ts";
import type { StackMember } from "./stack.ts";

/** Keeps a resource when its stack ends or no longer has it. */
const RETAINS = ["Retain", "RetainExceptOnCreate"];

/** Every resource of the template, as CloudFormation lists it. */
export const membersOfStack = (
  { template: { Resources: declared } }: Assembly,
  { resources }: ResolvedTemplate,
): readonly StackMember[] =>
  resources.map(({ logicalId, type, ref: id, attributes }) => ({
    ...{ logicalId, type, id },
    arn: attributes["Arn"] ?? "",
    isRetained: RETAINS.includes(declared[logicalId]?.DeletionPolicy ?? ""),
  }));
