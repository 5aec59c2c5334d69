/** Operations on tables that the sandbox carries out itself. DynamoDB Local has some of them, and none of backups. */
import { describeContinuousBackups, updateContinuousBackups } from "./continuous-backups.ts";
import { deleteTable } from "./delete-table.ts";
import { restoreTableToPointInTime } from "./restore-table.ts";
import type { TableWorld } from "./table-world.ts";
import { listTagsOfResource, tagResource, untagResource } from "./tags.ts";
import { updateTable } from "./update-table.ts";

type TableOperation = (world: TableWorld, input: Record<string, unknown>) => Promise<object>;

export const TABLE_OPERATIONS: ReadonlyMap<string, TableOperation> = new Map(
  Object.entries({
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
