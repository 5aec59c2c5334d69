/** Adds every stack of a deployment to an app: what `npm run synth` and the construct library share. */
import type { App, Stack } from "aws-cdk-lib";
import type { AccessPolicy } from "../../shared/domain/policy/policy.ts";
import { deploymentOf } from "../../shared/domain/values/deployment.ts";
import {
  assemblyRecordFile,
  nextRecord,
  type StackRecord,
} from "../../shared/policy-file/assembly-record.ts";
import { accountFaults } from "../../shared/policy-file/faults/account-faults.ts";
import { departureFaults } from "../../shared/policy-file/faults/departure-faults.ts";
import { sharedPrincipalWarnings } from "../../shared/policy-file/faults/shared-principals.ts";
import { demandThatGrantorsFit } from "../permissions/grantor-policies.ts";
import { BrokerStack } from "../stacks/broker-stack.ts";
import { compileAccessFile, locateAccessFile } from "./access-file.ts";
import { demandTopicsFit } from "./alarm-topics.ts";
import { addClusterAccounts } from "./cluster-accounts.ts";
import { stackNameOf } from "./deployment-names.ts";
import { addForwardStacks } from "./forward-stacks.ts";
import { addFusesStack } from "./fuses.ts";
import { addPeopleStacks, peopleWithRoles, roleQuotaWarnings } from "./people.ts";
import { assignStacks, readAssemblyRecord, writeAssemblyRecord } from "./people-stacks.ts";
import { orderStacks } from "./stack-order.ts";
import { checkTemplates } from "./template-checks.ts";
import { placesOf, type Topology, topologyOf } from "./topology.ts";
import type { Variant } from "./variants.ts";

/** A policy that may be synthesized, compared with the last assembly. */
export interface CheckedPolicy {
  readonly access: AccessPolicy;
  readonly topology: Topology;
  /** The people of each stack, newcomers among them. */
  readonly record: StackRecord;
  /** Keeps the record beside the policy. @returns its file; undefined where nothing changed */
  keepRecord(): string | undefined;
}

/**
 * Reads a policy and refuses what could not be deployed.
 *
 * @param file `access.yaml`
 * @param warn hears a line each, also where the policy is refused afterwards
 * @throws Error with a line for each fault
 */
export function checkPolicy(
  file: string,
  { env }: Pick<Variant, "env">,
  warn: (warning: string) => void,
): CheckedPolicy {
  const { policy: access, refuse } = locateAccessFile(file);
  for (const warning of sharedPrincipalWarnings(access)) warn(warning);
  const place = assemblyRecordFile(file);
  const recorded = readAssemblyRecord(place);
  refuse(departureFaults(access, recorded));
  const topology = topologyOf(access, env, recorded);
  if (env) refuse(accountFaults(access, env.account));
  for (const warning of roleQuotaWarnings(access)) warn(warning);
  const record = assignStacks(recorded.people, peopleWithRoles(access));
  const next = nextRecord(access, placesOf(topology), recorded, record);
  demandThatGrantorsFit(access, topology);
  return {
    access,
    topology,
    record,
    keepRecord: () => (writeAssemblyRecord(place, recorded, next) ? place : undefined),
  };
}

/**
 * Adds the stacks. Unless they are for the sandbox, which refuses by itself what AWS would refuse, the app's
 * synthesis fails where a check finds something.
 *
 * @param folder where the compiled policy is written, `access.json`, from which each bundle gets a copy
 * @returns the broker's stack
 */
export function addTimelatch(
  app: App,
  checked: CheckedPolicy,
  variant: Variant,
  folder: string,
): Stack {
  const [broker, ...others] = addStacks(app, checked, variant, folder);
  if (variant.name !== "sandbox") checkTemplates(app, [broker, ...others]);
  return broker;
}

/** The same without the checks. @returns the broker's stack first */
export function addStacks(
  app: App,
  { access, topology, record }: Pick<CheckedPolicy, "access" | "topology" | "record">,
  { settings, env }: Pick<Variant, "settings" | "env">,
  folder: string,
): readonly [broker: Stack, ...others: Stack[]] {
  demandTopicsFit(settings.alarmTopics, topology);
  const name = stackNameOf(deploymentOf(access), "Timelatch");
  const broker = new BrokerStack(app, name, {
    description: "Timelatch: just-in-time access to Amazon EKS clusters",
    access,
    accessFile: compileAccessFile(access, folder),
    settings,
    topology,
    ...(env ? { env } : {}),
  });
  const stacks = {
    TimelatchAccount: addClusterAccounts(app, access, topology, settings.alarmTopics),
    TimelatchFuses: [addFusesStack(app, access, topology, env)],
    Timelatch: [broker],
    TimelatchPeople: addPeopleStacks(app, access, record, env),
    TimelatchForward: addForwardStacks(app, access, topology),
  };
  orderStacks(stacks);
  return [
    broker,
    ...stacks.TimelatchAccount,
    ...stacks.TimelatchFuses,
    ...stacks.TimelatchPeople,
    ...stacks.TimelatchForward,
  ];
}
