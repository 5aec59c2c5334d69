import type { PermissionCheck } from "../service.ts";
import type { Input } from "./constraints.ts";
import { groupNameOf } from "./operation.ts";
import { groupArn, type SchedulerState, scheduleArn } from "./state.ts";

/** The scope of an operation, which decides the resource that IAM is asked about. */
export type ActsOn = "schedule" | "group" | "tagged-group" | "account";

/**
 * The permission checks before an operation. Source: Service Authorization Reference, "Actions,
 * resources, and condition keys for Amazon EventBridge Scheduler".
 */
export function permissionsOf(
  operation: string,
  on: ActsOn,
  input: Input,
  place: { readonly region: string; readonly account: string; readonly state: SchedulerState },
): readonly PermissionCheck[] {
  const { region, account, state } = place;
  const name = String(input["Name"] ?? "");
  const resource = {
    schedule: () => scheduleArn(region, account, groupNameOf(input), name),
    group: () => groupArn(region, account, name),
    "tagged-group": () => String(input["ResourceArn"] ?? "*"),
    account: () => "*",
  }[on]();
  const group = Object.values(state.groups).find(({ arn }) => arn === resource);
  const context = {
    ...Object.fromEntries(
      Object.entries(group?.tags ?? {}).map(([key, value]) => [`aws:ResourceTag/${key}`, value]),
    ),
    ...requestTags(input),
  };
  return [{ action: `scheduler:${operation}`, resource, context }, ...passRole(input)];
}

function requestTags(input: Input): Readonly<Record<string, string | readonly string[]>> {
  const tags = (Array.isArray(input["Tags"]) ? input["Tags"] : []) as readonly Input[];
  const removed = (Array.isArray(input["TagKeys"]) ? input["TagKeys"] : []).map(String);
  const keys = [...tags.map((tag) => String(tag["Key"])), ...removed];
  return {
    ...Object.fromEntries(
      tags.map((tag) => [`aws:RequestTag/${String(tag["Key"])}`, String(tag["Value"])]),
    ),
    ...(keys.length === 0 ? {} : { "aws:TagKeys": keys }),
  };
}

/** A caller that names an execution role must be allowed to pass it to Scheduler. */
function passRole(input: Input): readonly PermissionCheck[] {
  const target = input["Target"];
  const role =
    typeof target === "object" && target !== null ? (target as Input)["RoleArn"] : undefined;
  if (typeof role !== "string") return [];
  const context = { "iam:PassedToService": "scheduler.amazonaws.com" };
  return [{ action: "iam:PassRole", resource: role, context }];
}
