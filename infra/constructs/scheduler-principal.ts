import { Aws } from "aws-cdk-lib";
import { type PrincipalBase, ServicePrincipal } from "aws-cdk-lib/aws-iam";

/**
 * Scheduler, for the schedules of groups. It presents the group's ARN, and not the schedule's.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const forSchedulesOf = (groups: readonly string[]): PrincipalBase =>
  new ServicePrincipal("scheduler.amazonaws.com", {
    conditions: {
      StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
      ArnEquals: { "aws:SourceArn": groups.length === 1 ? groups[0] : groups },
    },
  });
