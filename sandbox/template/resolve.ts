/** Resolves a template's intrinsic functions against the physical names of its resources. */
import type { Template } from "./assembly.ts";
import { resolveObject, resolveText } from "./intrinsics.ts";
import { type Members, membersOf } from "./json.ts";
import type { Physical, Place } from "./resource-type.ts";
import { TemplateReferences } from "./template-references.ts";

export interface ResolvedResource extends Physical {
  readonly logicalId: string;
  readonly type: string;
  /** Every intrinsic replaced by its value. */
  readonly properties: Members;
}

export interface ResolvedTemplate {
  /** In the order of the template. */
  readonly resources: readonly ResolvedResource[];
  readonly ofType: (type: string) => readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Names everything in the template and replaces its intrinsics.
 * Throws for a resource type, property, condition, intrinsic or attribute that is not emulated,
 * naming it and the resource.
 */
export function resolveTemplate(
  template: Template,
  place: Place,
  parameters: Readonly<Record<string, string>> = {},
): ResolvedTemplate {
  const references = new TemplateReferences(template, place, parameters);
  const resources = Object.keys(template.Resources).map((logicalId) =>
    resolveResource(references, logicalId),
  );
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value: value }]) => [
    name,
    resolveText({ references, owner: `Output ${name}` }, value),
  ]);
  return {
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    outputs: Object.fromEntries(outputs),
  };
}

function resolveResource(references: TemplateReferences, logicalId: string): ResolvedResource {
  const { type, owner, row, source } = references.declared(logicalId);
  const unknown = Object.keys(source).find(
    (name) => !row.emulated.includes(name) && !row.withoutEffect.includes(name),
  );
  if (unknown !== undefined)
    throw new Error(`${owner}: the sandbox does not emulate its property ${unknown}.`);
  // What has no effect is not resolved either: it may point at things that are not here.
  const used = Object.entries(source).filter(([name]) => row.emulated.includes(name));
  const properties = resolveObject({ references, owner }, Object.fromEntries(used));
  return {
    logicalId,
    type,
    ...references.physical(logicalId),
    properties: membersOf(owner, properties),
  };
}
