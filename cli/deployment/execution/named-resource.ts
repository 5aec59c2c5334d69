/** A resource of a template, with the ARNs that it will have as far as the template says them. Pure. */
import { partitionOf } from "../../../shared/domain/values/arn.ts";
import type { AssemblyStack, TemplateResource } from "../assembly.ts";
import { type TemplateValues, templateValues } from "../iam/template-values.ts";

export interface NamedResource extends TemplateResource {
  readonly logicalId: string;
  readonly stack: AssemblyStack;
  readonly values: TemplateValues;
}

/** Every resource of a stack, in the template's order. */
export function namedResources(stack: AssemblyStack): readonly NamedResource[] {
  const values = templateValues(stack.template, stack);
  return Object.entries(stack.template.Resources ?? {}).map(([logicalId, resource]) => ({
    ...resource,
    logicalId,
    stack,
    values,
  }));
}

/** `arn:<partition>:<service>:<region>:<account>:<rest>`, in the stack's place. */
export const arnIn = (
  { stack: { account, region } }: Pick<NamedResource, "stack">,
  service: string,
  rest: string,
  where: { readonly region?: string; readonly account?: string } = {},
): string =>
  `arn:${partitionOf(region)}:${service}:${where.region ?? region}:${where.account ?? account}:${rest}`;

/** CloudFormation cuts the name of a stack in names that have little room. */
const SHORTEST = 20;

/**
 * The name that CloudFormation makes up for a resource. It begins with the stack's name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-name.html
 */
export const madeUpName = ({ stack: { name } }: Pick<NamedResource, "stack">): string =>
  name.length <= SHORTEST ? `${name}-*` : `${name.slice(0, SHORTEST)}*`;

/** The name in a property, as far as the template says it; without one, what CloudFormation makes up. */
export function nameOf(resource: NamedResource, property: string): string {
  const value = resource.Properties?.[property];
  if (value === undefined) return madeUpName(resource);
  if (typeof value === "string") return value;
  const [[fn, argument] = []] = Object.entries(value as object);
  const parts: readonly unknown[] = fn === "Fn::Join" && Array.isArray(argument) ? argument[1] : [];
  const unknown = parts.findIndex((part) => typeof part !== "string");
  return unknown < 0 && parts.length > 0
    ? parts.join("")
    : `${parts.slice(0, Math.max(0, unknown)).join("")}*`;
}

/** The logical id that a value refers to, by Ref or GetAtt; undefined for any other value. */
function referredIn(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { Ref, "Fn::GetAtt": attribute } = value as {
    readonly Ref?: unknown;
    readonly "Fn::GetAtt"?: unknown;
  };
  if (typeof Ref === "string") return Ref;
  return Array.isArray(attribute) ? String(attribute[0]) : undefined;
}

/** The resource of the same stack that a value refers to. */
export function referred(resource: NamedResource, value: unknown): NamedResource | undefined {
  const id = referredIn(value);
  const found = id === undefined ? undefined : resource.stack.template.Resources?.[id];
  return id !== undefined && found ? { ...resource, ...found, logicalId: id } : undefined;
}
