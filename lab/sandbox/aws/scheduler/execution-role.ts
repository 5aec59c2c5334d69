import { accountOf } from "../accounts.ts";
import type { IamState } from "../iam/state.ts";
import { AwsError } from "../service.ts";
import { validation } from "./errors.ts";

/**
 * Whether the role lets `scheduler.amazonaws.com` assume it.
 *
 * @param context what Scheduler presents: `aws:SourceAccount` and `aws:SourceArn`.
 */
export type MayAssume = (roleArn: string, context: Readonly<Record<string, string>>) => boolean;

/**
 * The context that Scheduler presents when it assumes a role: the account, and the ARN of the
 * schedule's **group**. Source: Scheduler User Guide, "Confused deputy prevention".
 */
export function assumeContext(ofScheduleArn: string): Readonly<Record<string, string>> {
  const [, , , region = "", account = "", resource = ""] = ofScheduleArn.split(":");
  const group = resource.split("/")[1] ?? "";
  return {
    "aws:SourceAccount": account,
    "aws:SourceArn": `arn:aws:scheduler:${region}:${account}:schedule-group/${group}`,
  };
}

/**
 * A service gets only roles of the schedule's account.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 *
 * @throws AccessDeniedException for a role of another account, and ValidationException unless
 * Scheduler may assume the role for schedules of the group
 */
export function checkExecutionRole(
  iam: IamState,
  mayAssume: MayAssume,
  roleArn: string,
  ofScheduleArn: string,
): void {
  if (accountOf(roleArn) !== accountOf(ofScheduleArn))
    throw new AwsError("AccessDeniedException", 403, "Cross-account pass role is not allowed.");
  if (iam.roles[roleArn] === undefined || !mayAssume(roleArn, assumeContext(ofScheduleArn)))
    throw validation(
      "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
    );
}
