/** Takes away what a stack made and no longer has. */
import { DeleteTableCommand } from "@aws-sdk/client-dynamodb";
import { type MadeResource, ResourceFailure } from "../aws/cloudformation/engine.ts";
import { engineClient } from "../aws/dynamodb/create-table.ts";
import type { PlaceStores } from "../process/place-stores.ts";
import type { SandboxState } from "../process/state.ts";
import { REGION } from "../world/account.ts";

interface Deletion {
  readonly state: SandboxState;
  /** The stack's. */
  readonly place: PlaceStores;
  /** The address of DynamoDB Local. */
  readonly engineUrl: string;
}

type Delete = (id: string, deletion: Deletion, logicalId: string) => void | Promise<void>;

/** By type. A type that is not here is nothing beside the stack's description, or goes with its roles. */
const DELETIONS: Readonly<Record<string, Delete>> = {
  "AWS::SQS::Queue": (url, { place: { sqs } }) =>
    sqs.change(({ queues }) => {
      delete queues[url.slice(url.lastIndexOf("/") + 1)];
    }),
  "AWS::Events::EventBus": (name, { state }) =>
    state.eventBridge.change(({ buses }) => {
      delete buses[name];
    }),
  "AWS::Scheduler::ScheduleGroup": (name, { place: { scheduler } }) =>
    scheduler.change((changing) => {
      delete changing.groups[name];
      changing.schedules = Object.fromEntries(
        Object.entries(changing.schedules).filter(([, { groupName }]) => groupName !== name),
      );
    }),
  "AWS::KMS::Key": (id, { state }) =>
    state.kms.change(({ keys }) => {
      delete keys[id];
    }),
  "AWS::KMS::Alias": (name, { state }) =>
    state.kms.change(({ aliases }) => {
      delete aliases[name];
    }),
  "AWS::S3::Bucket": (name, { state }, logicalId) => {
    if (Object.keys(state.s3.state.buckets[name]?.objects ?? {}).length > 0)
      throw new ResourceFailure(logicalId, "The bucket you tried to delete is not empty");
    state.s3.change(({ buckets }) => {
      delete buckets[name];
    });
  },
  "AWS::SSM::Parameter": (name, { place: { ssm } }) =>
    ssm.change(({ parameters }) => {
      delete parameters[name];
    }),
  async "AWS::DynamoDB::GlobalTable"(name, { engineUrl, state }) {
    const client = engineClient(engineUrl, REGION);
    await client.send(new DeleteTableCommand({ TableName: name }));
    client.destroy();
    state.dynamoDb.change(({ tables }) => {
      delete tables[name];
    });
  },
};

/** @throws ResourceFailure for the first that cannot be deleted */
export async function deleteResources(
  deletion: Deletion,
  resources: readonly MadeResource[],
): Promise<void> {
  for (const { type, physicalId, logicalId, isRetained } of resources)
    if (!isRetained) await DELETIONS[type]?.(physicalId, deletion, logicalId);
}
