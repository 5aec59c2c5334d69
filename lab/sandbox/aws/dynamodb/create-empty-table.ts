/** CreateTable: a table without indexes, streams and tags, which the engine makes. */
import { dynamoDbError, invalid, refuseOthers } from "./errors.ts";
import { shownTable } from "./table-description.ts";
import { tableNameOf } from "./table-names.ts";
import { changeState, type EngineTable, engineTable, type TableWorld } from "./table-world.ts";

/** AWS takes some seconds. Here just long enough to observe. */
const CREATING_MS = 200;

const MEMBERS = ["TableName", "AttributeDefinitions", "KeySchema", "BillingMode"];

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html */
export async function createEmptyTable(
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
