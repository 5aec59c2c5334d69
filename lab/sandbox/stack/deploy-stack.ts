/** Makes what the stack declares and what keeps state: tables, queues, buckets, keys, parameters, schedule groups. */
import { engineClient, type GlobalTableProperties } from "../aws/dynamodb/create-table.ts";
import { declareTable } from "../aws/dynamodb/declare-table.ts";
import { declareKeys } from "../aws/kms/declare-keys.ts";
import { declareBuckets } from "../aws/s3/make-bucket.ts";
import { groupArn } from "../aws/scheduler/state.ts";
import { declareQueue } from "../aws/sqs/declare-queue.ts";
import { type PlaceStores, placeOf } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import type { Stack } from "../template/stack.ts";
import { type AccountRegion, REGION } from "../world/account.ts";
import { endSessions } from "./function-sessions.ts";

/**
 * @param at where the stack is
 * @param engineUrl where DynamoDB Local listens
 */
export async function deployStack(
  stack: Stack,
  at: AccountRegion,
  state: SandboxState,
  engineUrl: string,
): Promise<void> {
  const now = new Date();
  const place = placeOf(state, at);
  await createTables(stack, state, engineUrl);
  endSessions(state.iam, stack.functions);
  for (const { name, arn, url, attributes, policies } of stack.queues)
    declareQueue(place.sqs, { name, arn, url, attributes, policies });
  state.eventBridge.change(({ buses }) => {
    for (const bus of stack.eventBuses)
      buses[bus.name] = { ...bus, events: buses[bus.name]?.events ?? [] };
  });
  declareBuckets(
    state.s3,
    stack.buckets.map((bucket) => ({ ...bucket, account: at.account, region: at.region })),
  );
  declareParameters(place, stack.parameters, now);
  declareKeys(state.kms, stack.kms.keys, stack.kms.aliases, now);
  declareScheduleGroups(place, stack.scheduleGroups, now);
}

async function createTables(
  { tables }: Stack,
  { dynamoDb }: SandboxState,
  engineUrl: string,
): Promise<void> {
  if (tables.length === 0) return;
  const client = engineClient(engineUrl, REGION);
  // The engine checks the members' types, and names the fault.
  for (const { name, properties } of tables)
    await declareTable(client, dynamoDb, name, properties as unknown as GlobalTableProperties);
  client.destroy();
}

/** One that has its value keeps its version. */
function declareParameters({ ssm }: PlaceStores, declared: Stack["parameters"], now: Date): void {
  ssm.change(({ parameters }) => {
    for (const { name, value } of declared) {
      const before = parameters[name];
      if (before?.value === value) continue;
      const version = (before?.version ?? 0) + 1;
      parameters[name] = { type: "String", value, version, modifiedAt: now.getTime() };
    }
  });
}

function declareScheduleGroups(
  { scheduler, account, region }: PlaceStores,
  names: readonly string[],
  now: Date,
): void {
  const at = now.toISOString();
  scheduler.change(({ groups }) => {
    for (const name of names)
      groups[name] ??= {
        name,
        arn: groupArn(region, account, name),
        creationDate: at,
        lastModificationDate: at,
        tags: {},
        requests: {},
      };
  });
}
