/** Resolves a template's intrinsic functions against the physical names of its resources. */
import type { Template } from "./assembly.ts";
import { NO_VALUE, resolveObject, resolveText, resolveValue, type Scope } from "./intrinsics.ts";
import { isObject, type Json, type Members, membersOf } from "./json.ts";
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
  readonly outputs: Readonly<Record<string, ResolvedOutput>>;
}

export interface ResolvedOutput {
  readonly value: string;
  readonly description?: string;
  /** The name under which other stacks may import it. */
  readonly exportName?: string;
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
  const resources = references.present().map((logicalId) => resolveResource(references, logicalId));
  return {
    resources,
    ofType: (type) => resources.filter((resource) => resource.type === type),
    outputs: outputsOf(template, references),
  };
}

function outputsOf(
  { Outputs: outputs = {} }: Template,
  references: TemplateReferences,
): ResolvedTemplate["outputs"] {
  const present = Object.entries(outputs).filter(([, one]) => references.isUnder(one.Condition));
  return Object.fromEntries(
    present.map(([name, { Value, Description: description, Export: exported }]) => {
      const scope = { references, owner: `Output ${name}` };
      return [
        name,
        {
          value: resolveText(scope, Value),
          ...(description === undefined ? {} : { description }),
          ...(exported === undefined ? {} : { exportName: resolveText(scope, exported.Name) }),
        },
      ];
    }),
  );
}

function resolveResource(references: TemplateReferences, logicalId: string): ResolvedResource {
  const { type, owner, row, source } = references.declared(logicalId);
  const scope = { references, owner };
  const unknown = Object.entries(source).find(
    ([name, value]) =>
      !row.emulated.includes(name) && !row.withoutEffect.includes(name) && !isAbsent(scope, value),
  );
  if (unknown !== undefined)
    throw new Error(`${owner}: the sandbox does not emulate its property ${unknown[0]}.`);
  // A property without effect is not resolved either: it may point at things that are not here.
  const used = Object.entries(source).filter(([name]) => row.emulated.includes(name));
  const properties = resolveObject(scope, Object.fromEntries(used));
  return {
    logicalId,
    type,
    ...references.physical(logicalId),
    properties: membersOf(owner, properties),
  };
}

/** Whether a property is taken away by a condition. */
const isAbsent = (scope: Scope, value: Json): boolean =>
  isObject(value) && "Fn::If" in value && resolveValue(scope, value) === NO_VALUE;
