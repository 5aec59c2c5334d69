/** UpdateTable: only deletion protection. */
import { beingCreated, invalid, notFound, refuseOthers } from "./errors.ts";
import { shownTable } from "./table-description.ts";
import { tableNameOf } from "./table-names.ts";
import { type EngineTable, engineTable, isCreating, type TableWorld } from "./table-world.ts";

export async function updateTable(
  world: TableWorld,
  input: Record<string, unknown>,
): Promise<object> {
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
