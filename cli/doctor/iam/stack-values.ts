/** Values of a deployed template as IAM has them: functions are carried out with the names of the stack's resources. Pure. */

import { partitionOf } from "../../../shared/domain/values/arn.ts";
import type { Template } from "../../deployment/assembly.ts";

/** Stands for text that neither the template nor the names of resources tell. It is no character of an ARN. */
export const UNKNOWN = "\u{fffd}";

export interface StackContents {
  readonly template: Template;
  /** Physical ids by logical ids. */
  readonly resources: ReadonlyMap<string, string>;
}

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The end of the ARN of a resource, behind `arn:<partition>:`. @param id its physical id */
type ArnEnd = (id: string, place: Place, properties: Readonly<Record<string, unknown>>) => string;

const inRegion =
  (service: string, before: string, after = ""): ArnEnd =>
  (id, { account, region }) =>
    `${service}:${region}:${account}:${before}${id}${after}`;

/** By type: what GetAtt answers for `Arn`. */
const ARNS: Readonly<Record<string, ArnEnd>> = {
  "AWS::DynamoDB::GlobalTable": inRegion("dynamodb", "table/"),
  "AWS::DynamoDB::Table": inRegion("dynamodb", "table/"),
  "AWS::Events::EventBus": inRegion("events", "event-bus/"),
  "AWS::IAM::Role": (id, { account }, { Path = "/" }) => `iam::${account}:role${Path}${id}`,
  "AWS::KMS::Key": inRegion("kms", "key/"),
  "AWS::Lambda::Function": inRegion("lambda", "function:"),
  "AWS::Logs::LogGroup": inRegion("logs", "log-group:", ":*"),
  "AWS::S3::Bucket": (id) => `s3:::${id}`,
  // Its physical id is its URL.
  "AWS::SQS::Queue": (id, place, properties) =>
    inRegion("sqs", "")(id.slice(id.lastIndexOf("/") + 1), place, properties),
  "AWS::Scheduler::ScheduleGroup": inRegion("scheduler", "schedule-group/"),
};

/** Answers a function that resolves a value of the template, however deep. */
export function stackValues(
  { template, resources }: StackContents,
  place: Place,
): (value: unknown) => unknown {
  const partition = partitionOf(place.region);
  const pseudo: Readonly<Record<string, string>> = {
    "AWS::AccountId": place.account,
    "AWS::Region": place.region,
    "AWS::Partition": partition,
    "AWS::URLSuffix": partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com",
  };
  const ref = (id: string): string => pseudo[id] ?? resources.get(id) ?? UNKNOWN;
  const attribute = (id: string, name: string): string => {
    const { Type = "", Properties = {} } = template.Resources?.[id] ?? {};
    const [end, physical] = [ARNS[Type], resources.get(id)];
    return name === "Arn" && end !== undefined && physical !== undefined
      ? `arn:${partition}:${end(physical, place, Properties)}`
      : UNKNOWN;
  };
  const functions: Readonly<Record<string, (argument: unknown) => unknown>> = {
    Ref: (argument) => ref(String(argument)),
    "Fn::GetAtt": (argument) => {
      const [id = "", name = ""] = Array.isArray(argument)
        ? argument.map(String)
        : String(argument).split(".");
      return attribute(id, name);
    },
    "Fn::Join": (argument) => {
      const [separator, parts] = argument as readonly [string, readonly unknown[]];
      return parts.map((part) => String(resolve(part))).join(separator);
    },
    "Fn::Sub": (argument) =>
      typeof argument !== "string"
        ? UNKNOWN
        : argument.replace(/\$\{([^}!]+)\}/g, (_, named: string) => {
            const [id = "", name] = named.split(".");
            return name === undefined ? ref(id) : attribute(id, name);
          }),
  };
  function resolve(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(resolve);
    const [[name = "", argument] = [], ...others] = Object.entries(value);
    if (others.length === 0 && (name === "Ref" || name.startsWith("Fn::")))
      return functions[name]?.(argument) ?? UNKNOWN;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each)]));
  }
  return resolve;
}
