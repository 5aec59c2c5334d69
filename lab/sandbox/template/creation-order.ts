/**
 * The order in which CloudFormation makes the resources of a template: each comes after those that
 * it refers to or depends on.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
 */
import type { Template } from "./assembly.ts";
import { isObject, type Json } from "./json.ts";

/**
 * Resources that AWS judges by others come as early as they may. The template's other resources
 * come as late as they may. A dependency that nobody declared then shows each time, and not in one
 * deployment of many.
 */
const JUDGED = [
  "AWS::Events::Rule",
  "AWS::IAM::Role",
  "AWS::Events::EventBus",
  "AWS::SQS::QueuePolicy",
];

/**
 * @param present logical ids of the resources whose condition holds
 * @throws Error for resources that depend on each other
 */
export function creationOrder(
  { Resources: declared }: Pick<Template, "Resources">,
  present: readonly string[],
): readonly string[] {
  const needs = new Map(
    present.map((id) => {
      const resource = declared[id];
      const named = [
        ...referred(resource?.Properties ?? {}),
        ...[resource?.DependsOn ?? []].flat(),
      ];
      return [id, named.filter((one) => one !== id && present.includes(one))] as const;
    }),
  );
  const ordered: string[] = [];
  const waiting = new Set(present);
  const rankOf = (id: string) => (JUDGED.includes(declared[id]?.Type ?? "") ? 0 : 1);
  while (waiting.size > 0) {
    const ready = [...waiting].filter((id) => needs.get(id)?.every((one) => !waiting.has(one)));
    const [next] = ready.toSorted((a, b) => rankOf(a) - rankOf(b));
    if (next === undefined)
      throw new Error(`Circular dependency between resources: [${[...waiting].sort().join(", ")}]`);
    ordered.push(next);
    waiting.delete(next);
  }
  return ordered;
}

/** The names that intrinsic functions of a value refer to. */
function referred(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referred);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, argument]) => {
    if (name === "Ref" && typeof argument === "string") return [argument];
    if (name === "Fn::GetAtt") return [attributeOwner(argument)];
    const inText = name === "Fn::Sub" ? substituted(argument) : [];
    return [...inText, ...referred(argument)];
  });
}

const attributeOwner = (argument: Json): string => {
  const [first] = Array.isArray(argument) ? argument : [argument];
  return typeof first === "string" ? (first.split(".")[0] ?? "") : "";
};

/** The names in a pattern of Fn::Sub. */
function substituted(argument: Json): readonly string[] {
  const [pattern] = Array.isArray(argument) ? argument : [argument];
  if (typeof pattern !== "string") return [];
  return [...pattern.matchAll(/\$\{([^!}][^}]*)\}/g)].map(
    ([, name = ""]) => name.split(".")[0] ?? "",
  );
}
