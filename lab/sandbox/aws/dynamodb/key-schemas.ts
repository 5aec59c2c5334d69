import {
  DescribeTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
} from "@aws-sdk/client-dynamodb";

/** The partition key's attribute of a table and of each of its indexes. */
interface PartitionKeys {
  readonly table: string;
  readonly indexes: ReadonlyMap<string, string>;
}

/** Undefined for a table that does not exist: the engine will say so. */
export type PartitionKeysOf = (tableName: string) => Promise<PartitionKeys | undefined>;

const ABSENT = ["ResourceNotFoundException", "ValidationException"];

/** Reads them from the engine, once a table: a table's keys never change. */
export function partitionKeysFrom(client: DynamoDBClient): PartitionKeysOf {
  const known = new Map<string, PartitionKeys>();
  return async (tableName) => {
    const kept = known.get(tableName);
    if (kept) return kept;
    try {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }));
      const keys: PartitionKeys = {
        table: partitionKey(Table?.KeySchema),
        indexes: new Map(
          (Table?.GlobalSecondaryIndexes ?? []).map((index) => [
            index.IndexName ?? "",
            partitionKey(index.KeySchema),
          ]),
        ),
      };
      known.set(tableName, keys);
      return keys;
    } catch (error) {
      // The engine has no ARNs of others, and calls them invalid.
      if (error instanceof Error && ABSENT.includes(error.name)) return undefined;
      throw error;
    }
  };
}

function partitionKey(schema: readonly KeySchemaElement[] = []): string {
  return schema.find((key) => key.KeyType === "HASH")?.AttributeName ?? "";
}
