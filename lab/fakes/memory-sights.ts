/** The doctor's view of accounts in memory. */
import type { RestoredTable } from "../../cli/deployment/restored-tables.ts";
import type { RoleRights } from "../../cli/doctor/iam/expected-roles.ts";
import type { StackContents } from "../../cli/doctor/iam/stack-values.ts";
import type {
  AccountSight,
  AlarmSight,
  BrokerSight,
  ClusterSight,
  QueueSight,
  RoleSight,
  StackSight,
  TrailSight,
} from "../../cli/doctor/sights.ts";

/** The resources of one account. */
export interface MemoryAccount {
  account: string;
  readonly roles: Map<string, RoleSight>;
  roleQuota: number;
  /** By ARN. */
  readonly clusters: Map<string, ClusterSight>;
  readonly trails: TrailSight[];
  readonly alarms: AlarmSight[];
  scheduleGroup: string | undefined;
  /** Protection of the account's stack against termination; undefined without a stack. */
  isProtected: boolean | undefined;
  /** The status of the stack that forwards, or of a stack set; undefined where neither is there. */
  forwards: string | undefined;
  readonly queues: Map<string, QueueSight>;
  /**
   * Rights of roles that have some beside their trust. The account's stack has the roles without
   * them.
   */
  readonly policies: Map<string, Partial<RoleRights>>;
  /** Trust that the account's stack has, where it is not the role's. */
  readonly stackTrust: Map<string, unknown>;
  hasStack: boolean;
}

/** The further resources of the broker's account. */
export interface MemoryHub extends MemoryAccount {
  stack: StackSight | undefined;
  limit: number;
  unreserved: number;
  convergeReserves: number | undefined;
  readonly parameters: Map<string, string>;
  readonly assumed: Set<string>;
  /** By name or ARN. */
  readonly tables: Map<string, RestoredTable>;
  /** The tables of the broker's stack. If it is missing, the stack has only its roles. */
  contents: StackContents | undefined;
  readonly mail: {
    isOutOfSandbox: boolean;
    maySend: boolean;
    enforcement: string;
    identities: readonly string[];
    /** By configuration set, the types of events that it reports. */
    readonly sets: Map<string, readonly string[]>;
    suppressed: readonly string[];
  };
}

/** In place of a status: a stack set forwards. */
export const SET = "a stack set";

/** The account's stack, as it made the roles. */
function contentsOf({ roles, stackTrust, hasStack }: MemoryAccount): StackContents | undefined {
  const Resources = Object.fromEntries(
    [...roles].map(([RoleName, { trust }], at) => [
      `Role${at}`,
      {
        Type: "AWS::IAM::Role",
        Properties: {
          RoleName,
          AssumeRolePolicyDocument: stackTrust.get(RoleName) ?? trust,
        },
      },
    ]),
  );
  return hasStack ? { template: { Resources }, resources: new Map() } : undefined;
}

function rightsOf({ roles, policies }: MemoryAccount, name: string): RoleRights | undefined {
  const role = roles.get(name);
  const none = { inline: new Map(), attached: new Map() };
  return role && { trust: role.trust, ...none, ...policies.get(name) };
}

export const sightOf = (one: MemoryAccount): AccountSight => ({
  caller: async () => ({
    account: one.account,
    arn: `arn:aws:sts::${one.account}:assumed-role/admin/me`,
  }),
  role: async (name) => one.roles.get(name),
  roleQuota: async () => ({ roles: one.roles.size, quota: one.roleQuota }),
  cluster: async (arn) => one.clusters.get(arn),
  trails: async () => one.trails,
  alarms: async (prefix) => one.alarms.filter(({ name }) => name.startsWith(prefix)),
  scheduleGroup: async () => one.scheduleGroup,
  stack: async (name) => {
    const isForwarding = name.startsWith("TimelatchForward");
    const isProtected = isForwarding ? false : one.isProtected;
    const status = isForwarding ? one.forwards : "CREATE_COMPLETE";
    const createdAt = "2026-11-01T00:00:00.000Z";
    return isProtected === undefined || status === undefined || status === SET
      ? undefined
      : { status, createdAt, isProtected, outputs: {} };
  },
  queue: async (name) => one.queues.get(name),
  stackContents: async (name) =>
    name === "TimelatchForward" && one.forwards !== SET ? undefined : contentsOf(one),
  roleRights: async (name) => rightsOf(one, name),
});

export const brokerSightOf = (one: MemoryHub): BrokerSight => ({
  ...sightOf(one),
  stack: async (name, region) =>
    name.startsWith("TimelatchFuses") || name.startsWith("TimelatchAccount")
      ? await sightOf(one).stack(name, region)
      : one.stack,
  stackContents: async (name) => {
    const isOfFuses = name.startsWith("TimelatchFuses");
    const own = [...one.roles].filter(([role]) => role.endsWith("-fuse") === isOfFuses);
    return (isOfFuses ? undefined : one.contents) ?? contentsOf({ ...one, roles: new Map(own) });
  },
  table: async (name) => one.tables.get(name),
  concurrency: async () => ({ limit: one.limit, unreserved: one.unreserved }),
  convergeReserves: async () => one.convergeReserves,
  parameterType: async (name) => one.parameters.get(name),
  assumes: async (roleArn) => one.assumed.has(roleArn),
  mail: {
    account: async () => one.mail,
    isVerified: async (identity) => one.mail.identities.includes(identity),
    eventTypes: async (name) => one.mail.sets.get(name),
    suppressed: async () => one.mail.suppressed,
  },
});
