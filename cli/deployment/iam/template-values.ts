/** Values of a template as text: what only a deployment knows has the name that the template gives it. */

import { partitionOf } from "../../../shared/domain/values/arn.ts";
import type { StackPlace, Template, TemplateResource } from "../assembly.ts";

/** Reads values of one template. */
export interface TemplateValues {
  /** Text of a value: functions are carried out as far as the template by itself allows. */
  text(value: unknown): string;
  /** The name of a resource: its own where it has one, else its logical id. */
  nameOf(logicalId: string): string;
}

const NAMES = ["RoleName", "ManagedPolicyName", "QueueName", "FunctionName", "TableName", "Name"];

export function templateValues(
  { Resources = {} }: Template,
  { account, region }: Pick<StackPlace, "account" | "region">,
): TemplateValues {
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": account,
    "AWS::Region": region,
    "AWS::Partition": partitionOf(region),
    "AWS::URLSuffix": region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com",
  };
  const nameOf = (id: string): string => pseudo[id] ?? ownName(Resources[id]) ?? withoutHash(id);
  const functions: Readonly<Record<string, (argument: unknown) => string>> = {
    Ref: (argument) => nameOf(String(argument)),
    "Fn::GetAtt": (argument) => {
      const [id = "", attribute = ""] = Array.isArray(argument)
        ? argument.map(String)
        : String(argument).split(".");
      return attribute === "Arn" ? nameOf(id) : `${nameOf(id)}.${attribute}`;
    },
    "Fn::Join": (argument) => {
      const [separator, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map(text).join(separator);
    },
    "Fn::Sub": (argument) =>
      String(Array.isArray(argument) ? argument[0] : argument).replace(
        /\$\{([^}!]+)\}/g,
        (_, id: string) => nameOf(id.replace(/\.Arn$/, "")),
      ),
  };
  function text(value: unknown): string {
    if (typeof value !== "object" || value === null) return String(value);
    const [[name = "", argument] = [], ...others] = Object.entries(value);
    const known = others.length === 0 ? functions[name] : undefined;
    return known ? known(argument) : JSON.stringify(value);
  }
  return { text, nameOf };
}

function ownName(resource: TemplateResource | undefined): string | undefined {
  const found = NAMES.map((name) => resource?.Properties?.[name]).find(
    (value) => typeof value === "string",
  );
  return found as string | undefined;
}

/** CDK ends logical ids in eight hexadecimal digits. */
const withoutHash = (id: string): string => id.replace(/(?<=.)[0-9A-F]{8}$/, "");
