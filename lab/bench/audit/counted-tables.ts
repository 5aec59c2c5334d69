import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

export type Item = Readonly<Record<string, unknown>>;
type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];

/** The items of one partition, in the order of their sort keys. They may be made as they are read. */
export interface Items {
  readonly length: number;
  item(at: number): Item;
}

/** Partitions of one kind, which have numbers. */
export interface PartitionKind {
  readonly table: string;
  /** The items of one of them. */
  items(index: number): Items;
}

/** How many items were read and written so far. A write whose condition fails writes nothing. */
export interface ItemCounts {
  readonly read: number;
  readonly written: number;
}

/** By condition of a query, whether it matches a sort key. */
const CONDITIONS: Readonly<Record<string, (sk: string, values: Item) => boolean>> = {
  "pk = :pk": () => true,
  "pk = :pk AND sk = :sk": (sk, values) => sk === values[":sk"],
  "pk = :pk AND sk < :before": (sk, values) => sk < String(values[":before"]),
};

/**
 * Tables in memory with DynamoDB's keys, which count the items that they read and write. They answer
 * what correlating asks for, and refuse everything else.
 */
export function countedTables() {
  const partitions = heldPartitions();
  let read = 0;
  let written = 0;
  const answer = (items: readonly Item[]): readonly Item[] => {
    read += items.length;
    return items;
  };
  const client = {
    async send(command: unknown): Promise<object> {
      if (command instanceof GetCommand) {
        const { TableName, Key } = command.input;
        return { Item: answer(partitions.get(TableName, Key))[0] };
      }
      if (command instanceof QueryCommand)
        return { Items: answer(partitions.query(command.input)) };
      if (command instanceof TransactWriteCommand) {
        const writes = command.input.TransactItems ?? [];
        partitions.write(writes);
        written += writes.length;
        return {};
      }
      if (!(command instanceof UpdateCommand)) throw new Error("These tables cannot do that.");
      written += 1;
      return {};
    },
  };
  const counts = (): ItemCounts => ({ read, written });
  return { client: client as unknown as DynamoDBDocumentClient, seed: partitions.seed, counts };
}

/** Partitions by table and key: what was there from the start, and what was put behind it. */
function heldPartitions() {
  // Millions of them: no closure for each.
  const seeded = new Map<string, { readonly kind: PartitionKind; readonly index: number }>();
  const added = new Map<string, Item[]>();
  const keyOf = (table: unknown, pk: unknown) => `${table} ${pk}`;
  function* backwards(key: string): Generator<Item> {
    yield* (added.get(key) ?? []).toReversed();
    const first = seeded.get(key);
    const items = first?.kind.items(first.index);
    for (let at = (items?.length ?? 0) - 1; items && at >= 0; at -= 1) yield items.item(at);
  }
  const get = (table: unknown, key: Item = {}): readonly Item[] =>
    [...backwards(keyOf(table, key["pk"]))].filter((item) => item["sk"] === key["sk"]);
  return {
    get,
    seed: (pk: string, kind: PartitionKind, index: number): void => {
      seeded.set(keyOf(kind.table, pk), { kind, index });
    },
    query(input: QueryCommandInput): readonly Item[] {
      const { TableName, KeyConditionExpression = "", Limit = Number.POSITIVE_INFINITY } = input;
      const matches = CONDITIONS[KeyConditionExpression];
      if (!matches) throw new Error(`These tables do not know '${KeyConditionExpression}'.`);
      const values = input.ExpressionAttributeValues ?? {};
      const key = keyOf(TableName, values[":pk"]);
      const isForward = input.ScanIndexForward !== false;
      const those: Item[] = [];
      for (const item of backwards(key)) {
        if (!isForward && those.length === Limit) break;
        if (matches(String(item["sk"]), values)) those.push(item);
      }
      return isForward ? those.toReversed().slice(0, Limit) : those;
    },
    write(writes: readonly Write[]): void {
      refuseTaken(writes.map(({ Put }) => isConditional(Put) && get(Put.TableName, Put.Item)[0]));
      for (const { Put, Update } of writes) {
        if (!Put && !Update) throw new Error("These tables take puts and updates only.");
        if (!Put) continue;
        const key = keyOf(Put.TableName, Put.Item?.["pk"]);
        added.set(key, [...(added.get(key) ?? []), Put.Item ?? {}]);
      }
    },
  };
}

const isConditional = (put: Write["Put"]): put is NonNullable<Write["Put"]> =>
  put?.ConditionExpression !== undefined;

/** @param taken for each write, the item whose place it may not take */
function refuseTaken(taken: readonly unknown[]): void {
  if (!taken.some(Boolean)) return;
  throw new TransactionCanceledException({
    message: "An item is there already.",
    CancellationReasons: taken.map((item) => ({
      Code: item ? "ConditionalCheckFailed" : "None",
    })),
    $metadata: {},
  });
}
