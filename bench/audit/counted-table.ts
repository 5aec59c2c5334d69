import {
  type DynamoDBDocumentClient,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";

type Item = Readonly<Record<string, unknown>>;

/**
 * An audit table in memory that counts the items which it reads. It answers what appending to a chain
 * asks for, and refuses everything else.
 */
export function countedTable() {
  const partitions = new Map<string, Item[]>();
  let read = 0;
  const client = {
    async send(command: unknown): Promise<object> {
      if (command instanceof TransactWriteCommand) {
        for (const { Put } of command.input.TransactItems ?? []) {
          if (!Put?.Item) throw new Error("This table only takes puts.");
          const pk = String(Put.Item["pk"]);
          const items = partitions.get(pk);
          if (items) items.push(Put.Item);
          else partitions.set(pk, [Put.Item]);
        }
        return {};
      }
      if (!(command instanceof QueryCommand)) throw new Error("This table only answers queries.");
      const { ExpressionAttributeValues, Limit, ScanIndexForward } = command.input;
      const all = partitions.get(String(ExpressionAttributeValues?.[":pk"])) ?? [];
      const ordered =
        ScanIndexForward === false ? all.slice(-(Limit ?? all.length)).reverse() : all;
      const Items = ordered.slice(0, Limit ?? ordered.length);
      read += Items.length;
      return { Items };
    },
  };
  return { client: client as unknown as DynamoDBDocumentClient, read: () => read };
}
