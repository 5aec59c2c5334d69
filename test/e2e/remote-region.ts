/** The view and the actions of an administrator of the sandbox's second account in one region. */
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SandboxAddresses } from "../../lab/sandbox/stack/start.ts";
import { profileKeys } from "./sandbox-process.ts";

const GROUP = "timelatch";
const BROKEN = { RoleName: "timelatch-fuse", PolicyName: "somebody-broke-it" };

/** A schedule that fired is gone. @returns false @throws any other error */
function whetherGone(error: unknown): false {
  if (error instanceof ResourceNotFoundException) return false;
  throw error;
}

export function remoteRegion(sandbox: SandboxAddresses, region: string) {
  const credentials = profileKeys(sandbox, "spoke-admin");
  const settings = { endpoint: sandbox.awsUrl, region, credentials };
  const scheduler = new SchedulerClient(settings);
  const sqs = new SQSClient(settings);
  const iam = new IAMClient(settings);
  return {
    /** @throws ResourceNotFoundException for a cluster that is not there */
    async clusterArn(name: string): Promise<string | undefined> {
      const asked = new DescribeClusterCommand({ name });
      return (await new EKSClient(settings).send(asked)).cluster?.arn;
    },

    /** The names of the fuses that wait. */
    async fuses(): Promise<readonly string[]> {
      const { Schedules = [] } = await scheduler.send(
        new ListSchedulesCommand({ GroupName: GROUP }),
      );
      return Schedules.map(({ Name = "" }) => Name);
    },

    /** Has a fuse fire soon, once, as it is. */
    async fire(Name: string): Promise<void> {
      const fuse = await scheduler.send(new GetScheduleCommand({ GroupName: GROUP, Name }));
      const { Target, ActionAfterCompletion, FlexibleTimeWindow } = fuse;
      if (!Target) throw new Error(`${Name} has no target.`);
      const once = { ...Target, RetryPolicy: { ...Target.RetryPolicy, MaximumRetryAttempts: 0 } };
      const setTo = (instant: string) =>
        scheduler.send(
          new UpdateScheduleCommand({
            ...{ GroupName: GROUP, Name, ActionAfterCompletion, FlexibleTimeWindow },
            ...{ ScheduleExpression: `at(${instant})`, Target: once },
          }),
        );
      // A time that is over when Scheduler stores it never comes.
      for (let seconds = 2; ; seconds *= 4) {
        const instant = new Date(Date.now() + seconds * 1_000).toISOString().slice(0, 19);
        const set = await setTo(instant).then(() => true, whetherGone);
        if (!set || Date.now() < Date.parse(`${instant}Z`)) return;
      }
    },

    /** Fuses of the account can remove nothing until {@link repairFuses}. */
    async breakFuses(): Promise<void> {
      const deny = { Effect: "Deny", Action: "eks:*", Resource: "*" };
      const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [deny] });
      await iam.send(new PutRolePolicyCommand({ ...BROKEN, PolicyDocument }));
    },
    async repairFuses(): Promise<void> {
      await iam.send(new DeleteRolePolicyCommand(BROKEN));
    },

    /** How many messages the queue for fuses holds that could not fire, as its alarm counts them. */
    async lostFuses(): Promise<number> {
      const queue = { QueueUrl: await this.queueUrl() };
      const names = { AttributeNames: ["ApproximateNumberOfMessages" as const] };
      const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ ...queue, ...names }));
      return Number(Attributes?.ApproximateNumberOfMessages);
    },
    /** Reads one of them. */
    async lostFuse() {
      const queue = { QueueUrl: await this.queueUrl(), MessageAttributeNames: ["All"] };
      const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(queue));
      return message;
    },
    async queueUrl(): Promise<string> {
      const { QueueUrl = "" } = await sqs.send(
        new GetQueueUrlCommand({ QueueName: "timelatch-lost-fuses" }),
      );
      return QueueUrl;
    },

    /** The alarms of the region. */
    async alarms() {
      const client = new CloudWatchClient(settings);
      return (await client.send(new DescribeAlarmsCommand({}))).MetricAlarms ?? [];
    },

    /** Region and cluster of each recorded call of this name, as CloudTrail has them. */
    async recorded(operation: string): Promise<readonly string[]> {
      const attribute = { AttributeKey: "EventName", AttributeValue: operation } as const;
      const { Events = [] } = await new CloudTrailClient(settings).send(
        new LookupEventsCommand({ LookupAttributes: [attribute] }),
      );
      return Events.map(({ CloudTrailEvent: text = "{}" }) => {
        const { awsRegion, requestParameters } = JSON.parse(text);
        return `${awsRegion} ${requestParameters.name}`;
      });
    },
  };
}
