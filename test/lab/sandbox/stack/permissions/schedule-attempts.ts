import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import type { BrokerAccount } from "../broker-account.ts";
import { type Attempt, type InAccount, person, policyArn } from "./attempt.ts";

interface ScheduleOver {
  readonly group?: string;
  readonly roleArn?: InAccount;
  readonly fuse?: boolean;
}
const scheduleInput = (
  account: BrokerAccount,
  name: string,
  { group = "timelatch", roleArn, fuse }: ScheduleOver,
) => ({
  Name: name,
  GroupName: group,
  ScheduleExpression: "at(2099-01-01T00:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" as const },
  Target: fuse
    ? {
        Arn: "arn:aws:scheduler:::aws-sdk:eks:disassociateAccessPolicy",
        Input: JSON.stringify({
          ClusterName: "prod",
          PrincipalArn: person("alice"),
          PolicyArn: policyArn("AmazonEKSEditPolicy"),
        }),
        RoleArn: roleArn?.(account) ?? account.roleArn("timelatch-fuse"),
      }
    : {
        Arn: account.queue("timelatch-converge.fifo").arn,
        Input: "{}",
        SqsParameters: { MessageGroupId: "b" },
        RoleArn: roleArn?.(account) ?? account.roleArn("timelatch-schedule"),
      },
});
export const schedule =
  (name: string, over: ScheduleOver = {}): Attempt =>
  ({ scheduler }, account) =>
    scheduler.send(new CreateScheduleCommand(scheduleInput(account, name, over)));
export const deleteSchedule =
  (Name: string, GroupName: string): Attempt =>
  ({ scheduler }) =>
    scheduler.send(new DeleteScheduleCommand({ Name, GroupName }));

export const moveSchedule =
  (name: string): Attempt =>
  ({ scheduler }, account) =>
    scheduler.send(new UpdateScheduleCommand(scheduleInput(account, name, {})));
