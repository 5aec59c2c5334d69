/** DynamoDB Local's stream of a table. Sequence numbers have 21 digits each, so they compare as text. */
import type { EngineCall } from "./engine-call.ts";

/** One change of an item. */
export interface TableChange {
  readonly keys: Readonly<Record<string, unknown>>;
  /** The item as it was; undefined where it was not there. */
  readonly before: Readonly<Record<string, unknown>> | undefined;
}

interface Shard {
  readonly ShardId: string;
}

/** The lowest sequence number that the table's next change can have. */
export async function nextChange(engine: EngineCall, table: string): Promise<string> {
  const { arn, shards } = await streamOf(engine, table);
  const { ShardIterator: iterator } = await engine("GetShardIterator", {
    StreamArn: arn,
    ShardId: shards.at(-1)?.ShardId,
    ShardIteratorType: "LATEST",
  });
  // The engine's iterators end with the shard, the number and the time, in base64.
  const [, number] = Buffer.from(String(iterator).split("|").at(-1) ?? "", "base64")
    .toString("utf8")
    .split("|");
  if (!number || !/^\d{21}$/.test(number))
    throw new Error(`DynamoDB Local's iterator has another form: ${iterator}`);
  return number;
}

/** The changes from that sequence number on, in their order. */
export async function changesFrom(
  engine: EngineCall,
  table: string,
  from: string,
): Promise<readonly TableChange[]> {
  const { arn, shards } = await streamOf(engine, table);
  const changes: TableChange[] = [];
  for (const { ShardId } of shards)
    for (const record of await recordsOf(engine, arn, ShardId)) {
      const { SequenceNumber: number, Keys: keys, OldImage: before } = record;
      if (number >= from) changes.push({ keys, before });
    }
  return changes;
}

async function streamOf(engine: EngineCall, table: string) {
  const { LatestStreamArn: arn } = (await engine("DescribeTable", { TableName: table }))[
    "Table"
  ] as { readonly LatestStreamArn: string };
  const { StreamDescription } = await engine("DescribeStream", { StreamArn: arn });
  const { Shards } = StreamDescription as { readonly Shards: readonly Shard[] };
  // The engine ends a shard after hours, and begins another. Its id begins with its time.
  return { arn, shards: Shards.toSorted((a, b) => a.ShardId.localeCompare(b.ShardId)) };
}

interface StreamRecord {
  readonly SequenceNumber: string;
  readonly Keys: TableChange["keys"];
  readonly OldImage?: Readonly<Record<string, unknown>>;
}

async function recordsOf(
  engine: EngineCall,
  StreamArn: string,
  ShardId: string,
): Promise<readonly StreamRecord[]> {
  const records: StreamRecord[] = [];
  const asked = { StreamArn, ShardId, ShardIteratorType: "TRIM_HORIZON" };
  let iterator = (await engine("GetShardIterator", asked))["ShardIterator"];
  for (let page = 1; page > 0 && iterator; ) {
    const answer = await engine("GetRecords", { ShardIterator: iterator });
    const found = answer["Records"] as readonly { readonly dynamodb: StreamRecord }[];
    records.push(...found.map(({ dynamodb }) => dynamodb));
    page = found.length;
    iterator = answer["NextShardIterator"];
  }
  return records;
}
