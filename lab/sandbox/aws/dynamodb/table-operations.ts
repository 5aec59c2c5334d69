/** Operations on tables that the sandbox carries out itself. DynamoDB Local has some of them, and none of backups. */
import { describeContinuousBackups, updateContinuousBackups } from "./continuous-backups.ts";
import { beingCreated, dynamoDbError, invalid, notFound, refuseOthers } from "./errors.ts";
import { restoreTableToPointInTime } from "./restore-table.ts";
import { describedTable, shownTable } from "./table-description.ts";
import { tableNameOf } from "./table-names.ts";
import {
  changeState,
  type EngineTable,
  engineTable,
  isCreating,
  type TableWorld,
} from "./table-world.ts";
import { listTagsOfResource, tagResource, untagResource } from "./tags.ts";

type TableOperation = (world: TableWorld, input: Record<string, unknown>) => Promise<object>;

export const TABLE_OPERATIONS: ReadonlyMap<string, TableOperation> = new Map(
  Object.entries({
    CreateTable: createEmptyTable,
    DeleteTable: deleteTable,
    DescribeContinuousBackups: describeContinuousBackups,
    ListTagsOfResource: listTagsOfResource,
    RestoreTableToPointInTime: restoreTableToPointInTime,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateContinuousBackups: updateContinuousBackups,
    UpdateTable: updateTable,
  }),
);

/**
 * DeleteTable: the engine's, and the sandbox's own state. Only a table that was restored, or that a call made: those of a stack go with it, and have deletion protection in AWS.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
 */
async function deleteTable(world: TableWorld, input: Record<string, unknown>): Promise<object> {
  refuseOthers("DeleteTable", input, ["TableName"]);
  const name = tableNameOf(world.place, input["TableName"]);
  if (!(await engineTable(world, name))) throw notFound();
  if (isCreating(world, name))
    throw dynamoDbError(
      "ResourceInUseException",
      `Attempt to change a resource which is still in use: Table is being created: ${name}`,
    );
  const state = world.tables.state.tables[name];
  if (!state?.restored && !state?.made)
    throw dynamoDbError(
      "ValidationException",
      `The sandbox does not emulate the deletion of ${name}, which a stack made.`,
    );
  const description = await describedTable(world, name);
  await world.engine("DeleteTable", { TableName: name });
  world.tables.change(({ tables }) => {
    delete tables[name];
  });
  return { TableDescription: { ...description, TableStatus: "DELETING" } };
}

/** UpdateTable: only deletion protection. */
async function updateTable(world: TableWorld, input: Record<string, unknown>): Promise<object> {
  refuseOthers("UpdateTable", input, ["TableName", "DeletionProtectionEnabled"]);
  const { DeletionProtectionEnabled } = input;
  if (typeof DeletionProtectionEnabled !== "boolean")
    throw invalid("DeletionProtectionEnabled is true or false.");
  const TableName = tableNameOf(world.place, input["TableName"]);
  if (!(await engineTable(world, TableName))) throw notFound();
  if (isCreating(world, TableName)) throw beingCreated(TableName);
  const answer = await world.engine("UpdateTable", { TableName, DeletionProtectionEnabled });
  return {
    TableDescription: shownTable(world, TableName, answer["TableDescription"] as EngineTable),
  };
}

/** AWS takes some seconds. Here just long enough to observe. */
const CREATING_MS = 200;

const MEMBERS = ["TableName", "AttributeDefinitions", "KeySchema", "BillingMode"];

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
async function createEmptyTable(
  world: TableWorld,
  input: Record<string, unknown>,
): Promise<object> {
  refuseOthers("CreateTable", input, MEMBERS);
  if (input["BillingMode"] !== "PAY_PER_REQUEST")
    throw invalid("The sandbox does not emulate a BillingMode other than PAY_PER_REQUEST.");
  const TableName = tableNameOf(world.place, input["TableName"]);
  if (await engineTable(world, TableName))
    throw dynamoDbError("ResourceInUseException", `Table already exists: ${TableName}`);
  const answer = await world.engine("CreateTable", { ...input, TableName });
  changeState(world, TableName, (state) => {
    state.made = { readyAt: world.now() + CREATING_MS };
  });
  return {
    TableDescription: shownTable(world, TableName, answer["TableDescription"] as EngineTable),
  };
}
