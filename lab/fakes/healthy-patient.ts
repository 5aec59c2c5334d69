/** A deployment that is well, in memory. Tests break one thing of it. */

import type { RestoredTable } from "../../cli/deployment/restored-tables.ts";
import type { Patient } from "../../cli/doctor/check-result.ts";
import {
  brokerRoleNames,
  otherAccounts,
  personalRolesIn,
  queueNames,
  spokeRoles,
  spokeStackName,
  stackName,
} from "../../cli/doctor/expected-names.ts";
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
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, grantorRoleNames, lostFusesName } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";

/** The resources of one account. */
interface MemoryAccount {
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
interface MemoryHub extends MemoryAccount {
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
}

export const NOW = "2026-11-28T07:00:00.000Z";
const API = "https://abc123.execute-api.us-west-2.amazonaws.com";

export function healthyPatient(policy: AccessPolicy, hub: string) {
  const deployment = deploymentOf(policy);
  const own = accountOf(policy, hub, hub);
  for (const name of brokerRoleNames(policy, hub)) own.roles.set(name, roleOf(hub, name, {}));
  const broker: MemoryHub = {
    ...own,
    stack: {
      ...{ status: "UPDATE_COMPLETE", createdAt: "2026-11-01T00:00:00.000Z" },
      ...{ isProtected: true, outputs: { ApiUrl: API } },
    },
    queues: new Map(queueNames(deployment).map((name) => [name, QUEUE])),
    alarms: [alarm(policy, "OverdueGrants"), alarm(policy, "SweepSilent")],
    ...{ limit: 1_000, unreserved: 992, convergeReserves: 4 },
    parameters: new Map(
      ["bot-token", "signing-secret"].map((part) => [
        `/${deployment}/slack/${part}`,
        "SecureString",
      ]),
    ),
    ...{ tables: new Map(), contents: undefined },
    assumed: new Set([`arn:aws:iam::${hub}:role/timelatch/people/timelatch-person-alice`]),
  };
  const others = new Map(
    otherAccounts(policy, hub).map((account) => [account, accountOf(policy, account, hub)]),
  );
  const network = { status: 403, date: NOW as string | undefined, slack: 200 };
  const patient: Patient = {
    ...{ policy, deployment, account: hub, region: "us-west-2", slackApi: "https://slack.com/api" },
    broker: brokerSightOf(broker),
    others: new Map([...others].map(([account, one]) => [account, sightOf(one)])),
    network: {
      visit: async (url) =>
        url.startsWith(API)
          ? { status: network.status, date: network.date }
          : { status: network.slack, date: undefined },
    },
    ownRole: [...broker.assumed][0],
    now: () => NOW,
  };
  return { patient, broker, others, network };
}

export type HealthyPatient = ReturnType<typeof healthyPatient>;

const alarm = (policy: AccessPolicy, name: string): AlarmSight => ({
  name: `${stackName(deploymentOf(policy))}-Alarms${name}0A1B2C3D-xyz`,
  state: "OK",
  actions: 1,
});

const roleOf = (account: string, name: string, trust: unknown): RoleSight => ({
  arn: `arn:aws:iam::${account}:role/${name}`,
  trust,
});

/** As a stack of another account writes it. */
const trustOf = (trusts: string, deployment: string, hub: string) => ({
  Statement: [
    trusts.includes(".amazonaws.com")
      ? { Principal: { Service: trusts } }
      : {
          Principal: { AWS: `arn:aws:iam::${hub}:root` },
          Condition: {
            ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${hub}:role/${trusts}` },
            StringEquals: { "sts:ExternalId": `${deployment}:${hub}` },
          },
        },
  ],
});

function accountOf(policy: AccessPolicy, account: string, hub: string): MemoryAccount {
  const deployment = deploymentOf(policy);
  const converge = `arn:aws:iam::${hub}:role/${deployment}-converge`;
  const trust = { Statement: [{ Principal: { AWS: converge } }] };
  const grantors = Object.values(grantorRoleNames(deployment));
  const clusters = Object.values(policy.clusters).filter(
    ({ arn }) => clusterOf(arn).account === account,
  );
  return {
    account,
    roles: new Map([
      ...grantors.map((name) => [name, roleOf(account, name, trust)] as const),
      ...(account === hub ? [] : spokeRoles(policy, account)).map(
        ({ name, trusts }) =>
          [name, roleOf(account, name, trustOf(trusts, deployment, hub))] as const,
      ),
      ...personalRolesIn(policy, account).map(
        ({ name, trust: own }) => [name, roleOf(account, name, own)] as const,
      ),
    ]),
    roleQuota: 1_000,
    clusters: new Map(
      clusters.map(({ arn }) => [arn, { mode: "API", status: "ACTIVE", auditLog: true }]),
    ),
    trails: [{ name: "org", isLogging: true, recordsChanges: true }],
    alarms: [
      {
        name: `${spokeStackName(deployment, { account, region: "us-west-2" }, hub)}-LostFusesAlarm0A1B2C3D-xyz`,
        ...{ state: "OK", actions: 1 },
      },
    ],
    scheduleGroup: "ACTIVE",
    ...{ isProtected: true, forwards: "CREATE_COMPLETE" },
    queues: new Map([[lostFusesName(deployment), QUEUE]]),
    ...{ policies: new Map(), stackTrust: new Map(), hasStack: true },
  };
}

/** In place of a status: a stack set forwards. */
export const SET = "a stack set";

const QUEUE: QueueSight = { visibilitySeconds: 48, hasDeadLetters: true, demandsTls: true };

/** The account's stack, as it made the roles. */
function contentsOf({ roles, stackTrust, hasStack }: MemoryAccount): StackContents | undefined {
  const Resources = Object.fromEntries(
    [...roles].map(([RoleName, { trust }], at) => [
      `Role${at}`,
      {
        Type: "AWS::IAM::Role",
        Properties: {
          ...{ RoleName, AssumeRolePolicyDocument: stackTrust.get(RoleName) ?? trust },
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

const sightOf = (one: MemoryAccount): AccountSight => ({
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

const brokerSightOf = (one: MemoryHub): BrokerSight => ({
  ...sightOf(one),
  stack: async () => one.stack,
  stackContents: async () => one.contents ?? contentsOf(one),
  table: async (name) => one.tables.get(name),
  concurrency: async () => ({ limit: one.limit, unreserved: one.unreserved }),
  convergeReserves: async () => one.convergeReserves,
  parameterType: async (name) => one.parameters.get(name),
  assumes: async (roleArn) => one.assumed.has(roleArn),
});
