/** DeleteTable: the engine's, and what the sandbox keeps besides. */
import { dynamoDbError, notFound, refuseOthers } from "./errors.ts";
import { describedTable } from "./table-description.ts";
import { tableNameOf } from "./table-names.ts";
import { engineTable, isCreating, type TableWorld } from "./table-world.ts";

/**
 * Only a table that was restored: those of a stack go with it, and have deletion protection in AWS.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DeleteTable.html
 */
export async function deleteTable(
  world: TableWorld,
  input: Record<string, unknown>,
): Promise<object> {
  refuseOthers("DeleteTable", input, ["TableName"]);
  const name = tableNameOf(world.place, input["TableName"]);
  if (!(await engineTable(world, name))) throw notFound();
  if (isCreating(world, name))
    throw dynamoDbError(
      "ResourceInUseException",
      `Attempt to change a resource which is still in use: Table is being created: ${name}`,
    );
  const state = world.tables.state.tables[name];
  if (!state?.restored)
    throw dynamoDbError(
      "ValidationException",
      `The sandbox does not emulate the deletion of ${name}, which was not restored.`,
    );
  const description = await describedTable(world, name);
  await world.engine("DeleteTable", { TableName: name });
  world.tables.change(({ tables }) => {
    delete tables[name];
  });
  return { TableDescription: { ...description, TableStatus: "DELETING" } };
}
