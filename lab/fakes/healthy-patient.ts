/** A deployment that is well, in memory. Tests break one thing of it. */

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
import type { AlarmSight, QueueSight, RoleSight } from "../../cli/doctor/sights.ts";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { clusterOf, grantorRoleNames, lostFusesName } from "../../shared/domain/values/arn.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import { brokerSightOf, type MemoryAccount, type MemoryHub, sightOf } from "./memory-sights.ts";

export const NOW = "2026-11-28T07:00:00.000Z";
const API = "https://abc123.execute-api.us-west-2.amazonaws.com";

export function healthyPatient(policy: AccessPolicy, hub: string) {
  const deployment = deploymentOf(policy);
  const own = accountOf(policy, hub, hub);
  for (const name of brokerRoleNames(policy, hub)) own.roles.set(name, roleOf(hub, name, {}));
  const broker: MemoryHub = {
    ...own,
    stack: {
      status: "UPDATE_COMPLETE",
      createdAt: "2026-11-01T00:00:00.000Z",
      isProtected: true,
      outputs: { ApiUrl: API },
    },
    queues: new Map(
      [...queueNames(deployment), lostFusesName(deployment)].map((name) => [name, QUEUE]),
    ),
    alarms: [alarm(policy, "OverdueGrants"), alarm(policy, "SweepSilent")],
    limit: 1_000,
    unreserved: 992,
    convergeReserves: 4,
    parameters: new Map(
      ["bot-token", "signing-secret"].map((part) => [
        `/${deployment}/slack/${part}`,
        "SecureString",
      ]),
    ),
    tables: new Map(),
    contents: undefined,
    mail: {
      isOutOfSandbox: true,
      maySend: true,
      enforcement: "HEALTHY",
      identities: ["example.com"],
      sets: new Map([["timelatch", ["BOUNCE"]]]),
      suppressed: [],
    },
    assumed: new Set([`arn:aws:iam::${hub}:role/timelatch/people/timelatch-person-alice`]),
  };
  const others = new Map(
    otherAccounts(policy, hub).map((account) => [account, accountOf(policy, account, hub)]),
  );
  const network = { status: 403, date: NOW as string | undefined, slack: 200 };
  const patient: Patient = {
    policy,
    deployment,
    account: hub,
    region: "us-west-2",
    slackApi: "https://slack.com/api",
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
        state: "OK",
        actions: 1,
      },
    ],
    scheduleGroup: "ACTIVE",
    isProtected: true,
    forwards: "CREATE_COMPLETE",
    queues: new Map([[lostFusesName(deployment), QUEUE]]),
    policies: new Map(),
    stackTrust: new Map(),
    hasStack: true,
  };
}

const QUEUE: QueueSight = { visibilitySeconds: 48, hasDeadLetters: true, demandsTls: true };
