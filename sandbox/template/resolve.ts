/** Resolves a template's intrinsic functions against the physical names of its resources. */
import type { Template } from "./assembly.ts";
import { isObject, type Json, type JsonObject, type Members, membersOf } from "./json.ts";
import type { Physical, Place } from "./resource-type.ts";
import { RESOURCE_TYPES } from "./resource-types.ts";

export interface ResolvedResource extends Physical {
  readonly logicalId: string;
  readonly type: string;
  /** Every intrinsic replaced by its value. */
  readonly properties: Members;
}

export interface ResolvedTemplate {
  readonly ofType: (type: string) => readonly ResolvedResource[];
  readonly outputs: Readonly<Record<string, string>>;
}

/** `Ref: AWS::NoValue` takes the member away that holds it. */
const NO_VALUE = Symbol("AWS::NoValue");
type Resolved = Json | typeof NO_VALUE;

/** The one condition that CDK writes by itself; it guards usage statistics. */
const METADATA_CONDITION = "CDKMetadataAvailable";

/**
 * Names everything in the template and replaces its intrinsics.
 * Throws for a resource type, property, condition, intrinsic or attribute that is not emulated,
 * naming it and the resource.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: intrinsics call each other in circles over one template; each is short.
export function resolveTemplate(template: Template, place: Place): ResolvedTemplate {
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": place.account,
    "AWS::Region": place.region,
    "AWS::Partition": "aws",
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": place.stackName,
    "AWS::StackId": `arn:aws:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/sandbox`,
  };
  const known = new Map<string, Physical>();
  const naming = new Set<string>();

  const resourceOf = (logicalId: string) => {
    const resource = template.Resources[logicalId];
    if (!resource)
      throw new Error(`The template refers to ${logicalId}, and has no such resource.`);
    return resource;
  };

  const physical = (logicalId: string): Physical => {
    const before = known.get(logicalId);
    if (before) return before;
    if (naming.has(logicalId)) throw new Error(`${logicalId}: its name depends on itself.`);
    naming.add(logicalId);
    const { type, row } = typeOf(logicalId);
    const owner = `${logicalId} (${type})`;
    // A physical name may be made of other resources' names; nothing else is needed for it.
    const source = resourceOf(logicalId).Properties ?? {};
    const names = Object.fromEntries(
      Object.entries(source).filter(([name]) => /Name$|^Path$|^FifoQueue$/.test(name)),
    );
    const made = row.physical(logicalId, membersOf(owner, resolveObject(owner, names)), place);
    naming.delete(logicalId);
    known.set(logicalId, made);
    return made;
  };

  const typeOf = (logicalId: string) => {
    const { Type: type, Condition: condition } = resourceOf(logicalId);
    const row = RESOURCE_TYPES[type];
    if (!row) throw new Error(`${logicalId}: the sandbox does not emulate ${type}.`);
    if (condition !== undefined && condition !== METADATA_CONDITION)
      throw new Error(`${logicalId}: the sandbox does not emulate the condition ${condition}.`);
    return { type, row };
  };

  const ref = (name: string): Resolved => {
    if (name === "AWS::NoValue") return NO_VALUE;
    const value = pseudo[name];
    if (value !== undefined) return value;
    if (name.startsWith("AWS::")) throw new Error(`The sandbox does not emulate Ref ${name}.`);
    return physical(name).ref;
  };

  const attribute = (logicalId: string, name: string): string => {
    const value = physical(logicalId).attributes[name];
    if (value === undefined)
      throw new Error(
        `${logicalId}: the sandbox does not emulate Fn::GetAtt ${name} of ${resourceOf(logicalId).Type}.`,
      );
    return value;
  };

  const attributeAt = (dotted: string) => {
    const [logicalId = "", ...rest] = dotted.split(".");
    return attribute(logicalId, rest.join("."));
  };

  const text = (owner: string, value: Json): string => {
    const found = resolve(owner, value);
    if (typeof found === "string" || typeof found === "number") return String(found);
    throw new Error(`${owner}: ${JSON.stringify(value)} must be a string here.`);
  };

  const list = (owner: string, value: Json): readonly Json[] => {
    const found = resolve(owner, value);
    if (Array.isArray(found)) return found;
    throw new Error(`${owner}: ${JSON.stringify(value)} must be a list here.`);
  };

  const intrinsics: Readonly<Record<string, (owner: string, argument: Json) => Resolved>> = {
    Ref: (owner, argument) => ref(text(owner, argument)),
    "Fn::GetAtt": (owner, argument) =>
      attributeAt(typeof argument === "string" ? argument : list(owner, argument).join(".")),
    "Fn::Join": (owner, argument) => {
      const [separator, parts] = argument as readonly [string, Json];
      return list(owner, parts)
        .map((part) => text(owner, part))
        .join(separator);
    },
    "Fn::Split": (owner, argument) => {
      const [separator, whole] = argument as readonly [string, Json];
      return text(owner, whole).split(separator);
    },
    "Fn::Select": (owner, argument) => {
      const [index, from] = argument as readonly [number | string, Json];
      const found = list(owner, from)[Number(index)];
      if (found === undefined)
        throw new Error(`${owner}: Fn::Select ${index} lies outside its list.`);
      return found;
    },
    "Fn::Sub": (owner, argument) => {
      const [pattern, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
        string,
        JsonObject,
      ];
      return pattern.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
        if (literal) return `\${${name}}`;
        const variable = variables[name];
        if (variable !== undefined) return text(owner, variable);
        return name.includes(".") ? attributeAt(name) : String(ref(name));
      });
    },
  };

  function resolve(owner: string, value: Json): Resolved {
    if (Array.isArray(value))
      return value.map((item) => resolve(owner, item)).filter((item) => item !== NO_VALUE);
    if (!isObject(value)) return value;
    const [only = "", ...others] = Object.keys(value);
    if (others.length === 0 && (only === "Ref" || only.startsWith("Fn::"))) {
      const intrinsic = intrinsics[only];
      if (!intrinsic) throw new Error(`${owner}: the sandbox does not emulate ${only}.`);
      return intrinsic(owner, value[only] ?? null);
    }
    return resolveObject(owner, value);
  }

  function resolveObject(owner: string, value: JsonObject): JsonObject {
    const members = Object.entries(value).map(
      ([key, item]) => [key, resolve(owner, item)] as const,
    );
    return Object.fromEntries(
      members.filter((member): member is [string, Json] => member[1] !== NO_VALUE),
    );
  }

  const resources = Object.keys(template.Resources).map((logicalId): ResolvedResource => {
    const { type, row } = typeOf(logicalId);
    const owner = `${logicalId} (${type})`;
    const source = resourceOf(logicalId).Properties ?? {};
    for (const name of Object.keys(source))
      if (!row.emulated.includes(name) && !row.withoutEffect.includes(name))
        throw new Error(`${owner}: the sandbox does not emulate its property ${name}.`);
    // What has no effect is not resolved either: it may point at things that are not here.
    const used = Object.fromEntries(
      Object.entries(source).filter(([name]) => row.emulated.includes(name)),
    );
    return {
      logicalId,
      type,
      ...physical(logicalId),
      properties: membersOf(owner, resolveObject(owner, used)),
    };
  });

  return {
    ofType: (type) => resources.filter((resource) => resource.type === type),
    outputs: Object.fromEntries(
      Object.entries(template.Outputs ?? {}).map(([name, output]) => [
        name,
        text(`Output ${name}`, output.Value),
      ]),
    ),
  };
}
