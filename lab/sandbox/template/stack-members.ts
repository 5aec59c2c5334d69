import { asksOf } from "./asked-permissions.ts";
import type { Assembly } from "./assembly.ts";
import type { ResolvedTemplate } from "./resolve.ts";
import type { Place } from "./resource-type.ts";
import type { StackMember } from "./stack.ts";

/**
 * Keeps a resource when its stack ends or no longer has it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const RETAINS = ["Retain", "RetainExceptOnCreate"];

/** Every resource of the template, as CloudFormation lists it. */
export const membersOfStack = (
  { template: { Resources: declared } }: Assembly,
  template: ResolvedTemplate,
  at: Place,
): readonly StackMember[] =>
  template.resources.map((resource) => ({
    logicalId: resource.logicalId,
    type: resource.type,
    id: resource.ref,
    arn: resource.attributes["Arn"] ?? "",
    isRetained: RETAINS.includes(declared[resource.logicalId]?.DeletionPolicy ?? ""),
    isRetainedWhenNew: declared[resource.logicalId]?.DeletionPolicy === "Retain",
    asks: asksOf(resource, template, at),
  }));
