/**
 * CloudFormation's intrinsic functions (User Guide, "Intrinsic function reference"), and values
 * that hold them.
 */
import { isObject, type Json, type JsonObject } from "./json.ts";

/** `Ref: AWS::NoValue` takes the member away that holds it. */
export const NO_VALUE = Symbol("AWS::NoValue");
export type Resolved = Json | typeof NO_VALUE;

/** The values that a value may refer to. */
export interface References {
  /** `Ref` of a resource or a pseudo parameter. */
  ref(name: string): Resolved;
  /** `Fn::GetAtt` by its dotted name: `ConvergeQueue.Arn`. */
  attribute(dotted: string): string;
  /** Whether a condition of the template holds. */
  condition(name: string): boolean;
}

/** A value's surroundings. */
export interface Scope {
  readonly references: References;
  /** The name of the value's place in refusals: `ConvergeQueue (AWS::SQS::Queue)`. */
  readonly owner: string;
}

/** The value without intrinsics. Throws for an intrinsic that is not emulated. */
export function resolveValue(scope: Scope, value: Json): Resolved {
  if (Array.isArray(value))
    return value.map((item) => resolveValue(scope, item)).filter((item) => item !== NO_VALUE);
  if (!isObject(value)) return value;
  const [only = "", ...others] = Object.keys(value);
  if (others.length > 0 || !isIntrinsic(only)) return resolveObject(scope, value);
  const intrinsic = INTRINSICS[only];
  if (!intrinsic) throw new Error(`${scope.owner}: the sandbox does not emulate ${only}.`);
  return intrinsic(scope, value[only] ?? null);
}

/** The object with its members resolved. Throws for an intrinsic that is not emulated. */
export function resolveObject(scope: Scope, object: JsonObject): JsonObject {
  const members = Object.entries(object).map(
    ([name, value]) => [name, resolveValue(scope, value)] as const,
  );
  return Object.fromEntries(
    members.filter((member): member is [string, Json] => member[1] !== NO_VALUE),
  );
}

/** The value as text. Throws where it resolves to neither a string nor a number. */
export function resolveText(scope: Scope, value: Json): string {
  const found = resolveValue(scope, value);
  if (typeof found === "string" || typeof found === "number") return String(found);
  throw new Error(`${scope.owner}: ${JSON.stringify(value)} must be a string here.`);
}

function resolveList(scope: Scope, value: Json): readonly Json[] {
  const found = resolveValue(scope, value);
  if (Array.isArray(found)) return found;
  throw new Error(`${scope.owner}: ${JSON.stringify(value)} must be a list here.`);
}

const isIntrinsic = (name: string) => name === "Ref" || name.startsWith("Fn::");

const INTRINSICS: Readonly<Record<string, (scope: Scope, argument: Json) => Resolved>> = {
  Ref: (scope, argument) => scope.references.ref(resolveText(scope, argument)),
  "Fn::GetAtt": (scope, argument) =>
    scope.references.attribute(
      typeof argument === "string" ? argument : resolveList(scope, argument).join("."),
    ),
  "Fn::Join": (scope, argument) => {
    const [separator, parts] = argument as readonly [string, Json];
    return resolveList(scope, parts)
      .map((part) => resolveText(scope, part))
      .join(separator);
  },
  "Fn::Split": (scope, argument) => {
    const [separator, whole] = argument as readonly [string, Json];
    return resolveText(scope, whole).split(separator);
  },
  "Fn::Select": (scope, argument) => {
    const [index, from] = argument as readonly [number | string, Json];
    const found = resolveList(scope, from)[Number(index)];
    if (found === undefined)
      throw new Error(`${scope.owner}: Fn::Select ${index} lies outside its list.`);
    return found;
  },
  // The other value is not resolved: it may refer to things that are not here.
  "Fn::If": (scope, argument) => {
    const [condition, holding, otherwise] = argument as readonly [string, Json, Json];
    return resolveValue(scope, scope.references.condition(condition) ? holding : otherwise);
  },
  "Fn::Sub": (scope, argument) => {
    const [pattern, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [
      string,
      JsonObject,
    ];
    return substitute(scope, pattern, variables);
  },
};

/** Replaces each `${Name}` of the pattern; `${!Name}` stands for `${Name}` itself. */
function substitute(scope: Scope, pattern: string, variables: JsonObject): string {
  const { references } = scope;
  return pattern.replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const variable = variables[name];
    if (variable !== undefined) return resolveText(scope, variable);
    return name.includes(".") ? references.attribute(name) : String(references.ref(name));
  });
}
