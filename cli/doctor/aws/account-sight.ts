import type { EventSelector, GetEventSelectorsResponse } from "@aws-sdk/client-cloudtrail";
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type {
  AccountSight,
  AlarmSight,
  ClusterSight,
  RoleSight,
  StackSight,
  TrailSight,
} from "../sights.ts";
import { queueOf } from "./queue-of.ts";
import { reading, readingAlways } from "./reading.ts";
import { roleRightsOf } from "./role-rights.ts";
import type { SightOptions } from "./sight-options.ts";
import { stackContentsOf } from "./stack-contents.ts";

/** AWS's view of an account, by calls that read. */
export const accountSight = (options: SightOptions): AccountSight => ({
  caller: () => callerOf(options),
  role: (name) => roleOf(options, name),
  roleQuota: () => roleQuotaOf(options),
  cluster: (arn) => clusterSight(options, arn),
  trails: (region) => trailsOf({ ...options, region }),
  alarms: (prefix, region) => alarmsOf({ ...options, region }, prefix),
  scheduleGroup: (name, region) => scheduleGroupOf({ ...options, region }, name),
  queue: (name, region) => queueOf({ ...options, region }, name),
  stack: (name, region) => stackOf({ ...options, region }, name),
  stackContents: (name, region) => stackContentsOf({ ...options, region }, name),
  roleRights: (name) => roleRightsOf(options, name),
});

async function callerOf(options: SightOptions) {
  const { GetCallerIdentityCommand, STSClient } = await import("@aws-sdk/client-sts");
  const sts = new STSClient(options);
  const { Account: account = "", Arn: arn = "" } = await readingAlways("who you are", () =>
    sts.send(new GetCallerIdentityCommand({})),
  );
  return { account, arn };
}

async function roleOf(options: SightOptions, name: string): Promise<RoleSight | undefined> {
  const { GetRoleCommand, IAMClient } = await import("@aws-sdk/client-iam");
  const iam = new IAMClient(options);
  const found = await reading(
    `the role ${name}`,
    () => iam.send(new GetRoleCommand({ RoleName: name })),
    ["NoSuchEntityException", "NoSuchEntity"],
  );
  if (!found?.Role) return undefined;
  const { Arn: arn = "", AssumeRolePolicyDocument: trust = "{}" } = found.Role;
  return { arn, trust: JSON.parse(decodeURIComponent(trust)) };
}

async function roleQuotaOf(options: SightOptions) {
  const { GetAccountSummaryCommand, IAMClient } = await import("@aws-sdk/client-iam");
  const iam = new IAMClient(options);
  const { SummaryMap: numbers = {} } = await readingAlways("the account's quotas", () =>
    iam.send(new GetAccountSummaryCommand({})),
  );
  const { Roles: roles = 0, RolesQuota: quota = 0 } = numbers as Readonly<Record<string, number>>;
  return { roles, quota };
}

async function clusterSight(options: SightOptions, arn: string): Promise<ClusterSight | undefined> {
  const { DescribeClusterCommand, EKSClient } = await import("@aws-sdk/client-eks");
  const { name, region } = clusterOf(arn);
  const eks = new EKSClient({ ...options, region });
  const found = await reading(
    `the cluster ${name}`,
    () => eks.send(new DescribeClusterCommand({ name })),
    ["ResourceNotFoundException"],
  );
  if (!found?.cluster) return undefined;
  const { accessConfig, status, logging } = found.cluster;
  const auditLog = (logging?.clusterLogging ?? []).some(
    ({ enabled, types = [] }) => enabled === true && types.includes("audit"),
  );
  return { mode: accessConfig?.authenticationMode, status, auditLog };
}

async function trailsOf(options: SightOptions): Promise<readonly TrailSight[]> {
  const {
    CloudTrailClient,
    DescribeTrailsCommand,
    GetEventSelectorsCommand,
    GetTrailStatusCommand,
  } = await import("@aws-sdk/client-cloudtrail");
  const client = new CloudTrailClient(options);
  const { trailList = [] } = await readingAlways(`the trails of ${options.region}`, () =>
    client.send(new DescribeTrailsCommand({ includeShadowTrails: true })),
  );
  const trails: TrailSight[] = [];
  for (const { TrailARN: arn, Name: name = "" } of trailList) {
    // A trail of the organization is in another account, and only its ARN names it.
    const status = await readingAlways(`the trail ${name}`, () =>
      client.send(new GetTrailStatusCommand({ Name: arn })),
    );
    const selectors = await readingAlways(`what the trail ${name} records`, () =>
      client.send(new GetEventSelectorsCommand({ TrailName: arn })),
    );
    trails.push({
      name,
      isLogging: status.IsLogging === true,
      recordsChanges: recordsChanges(selectors),
    });
  }
  return trails;
}

/** Changes of EKS are management events that write. */
const recordsChanges = ({
  EventSelectors: plain = [],
  AdvancedEventSelectors: advanced = [],
}: GetEventSelectorsResponse): boolean =>
  plain.some(writes) ||
  advanced.some(({ FieldSelectors: fields = [] }) => {
    const selectorOf = (name: string) => fields.find(({ Field }) => Field === name);
    const isManagement = selectorOf("eventCategory")?.Equals?.includes("Management") === true;
    return isManagement && selectorOf("readOnly")?.Equals?.includes("true") !== true;
  });

const writes = ({ IncludeManagementEvents, ReadWriteType }: EventSelector): boolean =>
  IncludeManagementEvents === true && ReadWriteType !== "ReadOnly";

/** A stack in the region of the options. */
async function stackOf(options: SightOptions, name: string): Promise<StackSight | undefined> {
  const { CloudFormationClient, DescribeStacksCommand } = await import(
    "@aws-sdk/client-cloudformation"
  );
  const client = new CloudFormationClient(options);
  // It answers a stack that is not there as a ValidationError.
  const found = await reading(
    `the stack ${name}`,
    () => client.send(new DescribeStacksCommand({ StackName: name })),
    ["ValidationError"],
  );
  const stack = found?.Stacks?.[0];
  if (!stack) return undefined;
  const outputs = (stack.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
    OutputKey,
    OutputValue,
  ]);
  return {
    status: stack.StackStatus ?? "",
    createdAt: stack.CreationTime?.toISOString() ?? "",
    isProtected: stack.EnableTerminationProtection === true,
    outputs: Object.fromEntries(outputs),
  };
}

/** The state of a group of schedules. */
async function scheduleGroupOf(options: SightOptions, name: string): Promise<string | undefined> {
  const { GetScheduleGroupCommand, SchedulerClient } = await import("@aws-sdk/client-scheduler");
  const client = new SchedulerClient(options);
  const found = await reading(
    `the schedule group ${name}`,
    () => client.send(new GetScheduleGroupCommand({ Name: name })),
    ["ResourceNotFoundException"],
  );
  return found?.State;
}

/** The alarms of an account and region whose names begin so. */
async function alarmsOf(options: SightOptions, prefix: string): Promise<readonly AlarmSight[]> {
  const { CloudWatchClient, paginateDescribeAlarms } = await import("@aws-sdk/client-cloudwatch");
  const client = new CloudWatchClient(options);
  return readingAlways("the alarms", async () => {
    const alarms: AlarmSight[] = [];
    const pages = paginateDescribeAlarms({ client }, { AlarmNamePrefix: prefix });
    for await (const { MetricAlarms = [] } of pages)
      for (const { AlarmName, StateValue, AlarmActions = [], ActionsEnabled } of MetricAlarms)
        alarms.push({
          name: AlarmName ?? "",
          state: StateValue ?? "",
          actions: ActionsEnabled === false ? 0 : AlarmActions.length,
        });
    return alarms;
  });
}
