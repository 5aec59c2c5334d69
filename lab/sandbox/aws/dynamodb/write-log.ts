/**
 * The items of tables at an earlier second. The engine's stream of a table has each change with the
 * item before it, in order, and its time to the minute. So the sandbox notes the stream's position
 * before the first write of each second.
 */
import type { Store } from "../store.ts";
import type { EngineCall } from "./engine-call.ts";
import type { DynamoDbState, Recovery } from "./state.ts";
import { changesFrom, nextChange } from "./table-stream.ts";

/** How far back it reaches. AWS: 35 days. The engine keeps a stream for 24 hours. */
export const KEPT_MS = 3_600_000;

/** The setting of a table that makes the engine keep what was written. */
export const WRITES_AS_STREAM = {
  StreamEnabled: true,
  StreamViewType: "NEW_AND_OLD_IMAGES",
} as const;

/** By attribute, as DynamoDB writes values: `{ S: "…" }`. */
export type Item = Readonly<Record<string, unknown>>;

export interface WriteLog {
  /** Awaited before each call to the engine. @param tables by name */
  beforeWrite(operation: string, tables: readonly string[]): Promise<void>;
  /**
   * The table's items at the beginning of a second since 1970, of the last hour. Changes that were
   * answered before it count, and changes that were asked for later do not.
   */
  itemsAt(table: string, second: number): Promise<readonly Item[]>;
}

const WRITES = new Set([
  ...["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"],
]);

export function writeLog(
  engine: EngineCall,
  tables: Store<DynamoDbState>,
  now: () => number = Date.now,
): WriteLog {
  const recoveryOf = (name: string) => tables.state.tables[name]?.recovery;
  const latest = new Map<string, { readonly second: number; readonly noted: Promise<void> }>();
  const note = async (recovery: Recovery, table: string, second: number) => {
    const next = await nextChange(engine, table);
    const oldest = second - KEPT_MS / 1000;
    tables.change(() => {
      recovery.marks = [...recovery.marks.filter((one) => one.second >= oldest), { second, next }];
    });
  };
  return {
    async beforeWrite(operation, names) {
      if (!WRITES.has(operation)) return;
      const second = Math.floor(now() / 1000);
      for (const name of names) {
        const recovery = recoveryOf(name);
        if (!recovery) continue;
        if ((latest.get(name)?.second ?? 0) < second)
          latest.set(name, { second, noted: note(recovery, name, second) });
        await latest.get(name)?.noted;
      }
    },
    async itemsAt(table, second) {
      const mark = recoveryOf(table)?.marks.find((one) => one.second >= second);
      const from = mark?.next ?? (await nextChange(engine, table));
      return itemsBefore(engine, table, from);
    },
  };
}

/** The items of a table before the change of that number. */
async function itemsBefore(
  engine: EngineCall,
  table: string,
  from: string,
): Promise<readonly Item[]> {
  const { KeySchema } = (await engine("DescribeTable", { TableName: table }))["Table"] as {
    readonly KeySchema: readonly { readonly AttributeName: string }[];
  };
  const keyOf = (item: Item) =>
    JSON.stringify(KeySchema.map(({ AttributeName: name }) => item[name]));
  const items = new Map<string, Item>();
  for (const item of await scanned(engine, table)) items.set(keyOf(item), item);
  // Read after the items: so a change while they were read is among these.
  const undone = new Set<string>();
  for (const { keys, before } of await changesFrom(engine, table, from)) {
    const key = keyOf(keys);
    if (undone.has(key)) continue;
    undone.add(key);
    if (before) items.set(key, before);
    else items.delete(key);
  }
  return [...items.values()];
}

async function scanned(engine: EngineCall, TableName: string): Promise<readonly Item[]> {
  const items: Item[] = [];
  let start: unknown;
  do {
    const page = await engine("Scan", {
      TableName,
      ConsistentRead: true,
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    items.push(...(page["Items"] as readonly Item[]));
    start = page["LastEvaluatedKey"];
  } while (start !== undefined);
  return items;
}
