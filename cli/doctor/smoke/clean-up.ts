/** Removes what a smoke test made, whatever became of it. */
import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type { SmokeClients } from "../aws/smoke-clients.ts";
import type { Journal } from "./journal.ts";
import { unlessAbsent } from "./refusal.ts";
import { inOrder, type Thing } from "./thing.ts";

export interface Cleaning {
  readonly journal: Journal;
  /** Undefined for an account without credentials. */
  clients(account: string, region?: string): SmokeClients | undefined;
  /** Waits a moment between two looks. */
  pause(): Promise<void>;
  /** How long it looks whether a thing is gone, milliseconds. */
  readonly patienceMs: number;
  /** How long reads have to show that an entry is gone, milliseconds: one read may show an earlier state. */
  readonly lagMs: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Says that a thing was removed. */
  removed(thing: Thing): void;
}

/** A thing that could not be removed, and why. */
export interface Left {
  readonly thing: Thing;
  /** The error's name. Without an error: that the thing is still shown. */
  readonly why: string;
}

/** Tries each, one after the other. A failure holds up no other, except a role whose entry is left. */
export async function removeAll(
  cleaning: Cleaning,
  things: readonly Thing[],
): Promise<readonly Left[]> {
  const left: Left[] = [];
  for (const thing of inOrder(things)) {
    const isHeld = thing.kind === "role" && left.some((each) => isEntryOf(each.thing, thing.name));
    const why = isHeld ? ENTRY_LEFT : await removed(cleaning, thing);
    if (why !== undefined) left.push({ thing, why });
    else {
      cleaning.journal.gone(thing);
      cleaning.removed(thing);
    }
  }
  return left;
}

const NO_CREDENTIALS = "NoCredentials";
const STILL_THERE = "StillThere";
const ENTRY_LEFT = "ItsEntryIsLeft";

const isEntryOf = (thing: Thing, role: string): boolean =>
  thing.kind === "entry" && thing.principalArn.endsWith(`/${role}`);

/** @returns why not; undefined once a read shows that it is gone */
async function removed(cleaning: Cleaning, thing: Thing): Promise<string | undefined> {
  try {
    const remover = await removerOf(cleaning, thing);
    if (!remover) return NO_CREDENTIALS;
    await unlessAbsent(remover.remove);
    const until = cleaning.now() + cleaning.patienceMs;
    while (!(await remover.isGone())) {
      if (cleaning.now() >= until) return STILL_THERE;
      await cleaning.pause();
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.name : "unknown";
  }
}

interface Remover {
  readonly remove: () => Promise<unknown>;
  readonly isGone: () => Promise<boolean>;
}

const isAbsent = async (look: () => Promise<unknown>): Promise<boolean> =>
  (await unlessAbsent(look)) === undefined;

async function removerOf(cleaning: Cleaning, thing: Thing): Promise<Remover | undefined> {
  if (thing.kind === "entry") return entryRemover(cleaning, thing);
  const { account, name } = thing;
  const clients = cleaning.clients(account, "region" in thing ? thing.region : undefined);
  if (!clients) return undefined;
  if (thing.kind === "role") return roleRemover(clients, name);
  if (thing.kind === "schedule") {
    const [scheduler, input] = [await clients.scheduler(), { Name: name, GroupName: thing.group }];
    return {
      remove: () => scheduler.deleteSchedule(input),
      isGone: () => isAbsent(() => scheduler.getSchedule(input)),
    };
  }
  if (thing.kind === "alarm") return alarmRemover(clients, name);
  if (thing.kind === "log") return logRemover(clients, thing);
  if (thing.kind === "stack") return stackRemover(clients, name);
  return thing.kind === "queue" ? queueRemover(clients, name) : tableRemover(clients, name);
}

async function entryRemover(
  cleaning: Cleaning,
  { cluster, principalArn }: Extract<Thing, { kind: "entry" }>,
): Promise<Remover | undefined> {
  const { account, region, name: clusterName } = clusterOf(cluster);
  const eks = await cleaning.clients(account, region)?.eks();
  const address = { clusterName, principalArn };
  if (!eks) return undefined;
  // EKS judges a deletion by what it reads, too. So it is repeated while any read shows the entry.
  const remove = () => unlessAbsent(() => eks.deleteAccessEntry(address));
  let absentSince: number | undefined;
  return {
    remove,
    async isGone() {
      if (await isAbsent(() => eks.describeAccessEntry(address))) {
        absentSince ??= cleaning.now();
        return cleaning.now() - absentSince >= cleaning.lagMs;
      }
      absentSince = undefined;
      await remove();
      return false;
    },
  };
}

async function roleRemover(clients: SmokeClients, RoleName: string): Promise<Remover> {
  const iam = await clients.iam();
  return {
    async remove() {
      const { PolicyNames = [] } = await iam.listRolePolicies({ RoleName });
      for (const PolicyName of PolicyNames)
        await unlessAbsent(() => iam.deleteRolePolicy({ RoleName, PolicyName }));
      await iam.deleteRole({ RoleName });
    },
    isGone: () => isAbsent(() => iam.getRole({ RoleName })),
  };
}

async function alarmRemover(clients: SmokeClients, name: string): Promise<Remover> {
  const watch = await clients.cloudWatch();
  return {
    remove: () => watch.deleteAlarms({ AlarmNames: [name] }),
    async isGone() {
      const { MetricAlarms = [] } = await watch.describeAlarms({ AlarmNames: [name] });
      return MetricAlarms.length === 0;
    },
  };
}

async function queueRemover(clients: SmokeClients, QueueName: string): Promise<Remover> {
  const sqs = await clients.sqs();
  return {
    async remove() {
      const { QueueUrl } = await sqs.getQueueUrl({ QueueName });
      await sqs.deleteQueue({ QueueUrl });
    },
    isGone: () => isAbsent(() => sqs.getQueueUrl({ QueueName })),
  };
}

/** EKS makes one update after the other, so it is asked again until it begins. */
async function logRemover(
  clients: SmokeClients,
  { name, log }: Extract<Thing, { kind: "log" }>,
): Promise<Remover> {
  const eks = await clients.eks();
  const logging = { clusterLogging: [{ types: [log], enabled: false }] };
  const remove = () =>
    unlessAbsent(() => eks.updateClusterConfig({ name, logging }), BEING_UPDATED);
  return {
    remove,
    async isGone() {
      const { cluster } = await eks.describeCluster({ name });
      if (cluster?.status !== "ACTIVE") return false;
      const isOn = (cluster.logging?.clusterLogging ?? []).some(
        ({ types = [], enabled }) => enabled && types.includes(log),
      );
      if (isOn) await remove();
      return !isOn;
    },
  };
}

const BEING_UPDATED = [
  ...["ResourceInUseException", "InvalidParameterException", "InvalidRequestException"],
];

/** CloudFormation calls a stack that is not there a ValidationError. */
async function stackRemover(clients: SmokeClients, StackName: string): Promise<Remover> {
  const cloudFormation = await clients.cloudFormation();
  return {
    remove: () => cloudFormation.deleteStack({ StackName }),
    isGone: async () =>
      (await unlessAbsent(
        () => cloudFormation.describeStacks({ StackName }),
        ["ValidationError"],
      )) === undefined,
  };
}

/** A table that is still being restored cannot be deleted yet. */
async function tableRemover(clients: SmokeClients, TableName: string): Promise<Remover> {
  const dynamo = await clients.dynamoDb();
  const remove = () => unlessAbsent(() => dynamo.deleteTable({ TableName }), BEING_MADE);
  return {
    remove,
    async isGone() {
      if (await isAbsent(() => dynamo.describeTable({ TableName }))) return true;
      await remove();
      return false;
    },
  };
}

const BEING_MADE = ["ResourceInUseException", "ResourceNotFoundException"];
