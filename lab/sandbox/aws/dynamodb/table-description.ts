/** How DescribeTable shows a table: as the engine does, in the account's names, with what the engine does not know. */

import { tableArn } from "./table-names.ts";
import {
  type EngineTable,
  engineTable,
  isCreating,
  stateOf,
  type TableWorld,
} from "./table-world.ts";

/** @returns undefined where there is no such table */
export async function describedTable(world: TableWorld, name: string): Promise<object | undefined> {
  const table = await engineTable(world, name);
  return table && shownTable(world, name, table);
}

/** The description that the engine gave, as AWS would. Times are seconds since 1970. */
export function shownTable(world: TableWorld, name: string, table: EngineTable): object {
  const { recovery, restored } = stateOf(world, name);
  const creating = isCreating(world, name);
  const { LatestStreamArn, LatestStreamLabel, StreamSpecification, ...others } = table;
  return {
    ...others,
    TableArn: tableArn(world.place, name),
    TableStatus: creating ? "CREATING" : table.TableStatus,
    // The stream by which the sandbox knows the past is not the table's.
    ...(recovery || StreamSpecification === undefined
      ? {}
      : { LatestStreamArn, LatestStreamLabel, StreamSpecification }),
    ...(restored && {
      RestoreSummary: {
        SourceTableArn: restored.sourceArn,
        RestoreDateTime: restored.at,
        RestoreInProgress: creating,
      },
    }),
  };
}
