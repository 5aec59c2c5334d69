import { BatchWriteCommand, type DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

/** The deletions that one call of BatchWriteItem takes. */
const BATCH = 25;

/** Tables of one kind that tests use in turns. */
export interface TablePool {
  /** The name of an empty table. */
  readonly take: () => Promise<string>;
  /** From now on, `take` may give every table again that it gave so far. */
  readonly takeBack: () => void;
}

/**
 * DynamoDB Local makes each new table more slowly than the one before. Hundreds of them take most of
 * a test file's time, and a table that is emptied takes none.
 */
export function tablePool(
  client: DynamoDBDocumentClient,
  create: () => Promise<string>,
): TablePool {
  const free: string[] = [];
  const given: string[] = [];
  return {
    async take() {
      const name = free.pop();
      if (name !== undefined) await empty(client, name);
      const table = name ?? (await create());
      given.push(table);
      return table;
    },
    takeBack() {
      free.push(...given.splice(0));
    },
  };
}

async function empty(client: DynamoDBDocumentClient, table: string): Promise<void> {
  const what = { TableName: table, ProjectionExpression: "pk, sk", ConsistentRead: true };
  for (;;) {
    const { Items: keys = [] } = await client.send(new ScanCommand({ ...what, Limit: BATCH }));
    if (keys.length === 0) return;
    const deletions = keys.map((Key) => ({ DeleteRequest: { Key } }));
    await client.send(new BatchWriteCommand({ RequestItems: { [table]: deletions } }));
  }
}
