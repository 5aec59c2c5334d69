/**
 * A second copy of the tables, on which each item of a transaction is written by itself. DynamoDB Local answers what a
 * single write consumed as DynamoDB does. For transactions it answers too much, or too little where two items
 * consume the same.
 */
import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  type TransactWriteCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
/** The fields that all single writes share. */
type SingleInput = Pick<PutCommandInput, "TableName">;

/** By name of a command, the item of a transaction that does the same. */
const SINGLE: Readonly<Record<string, (input: object) => Write>> = {
  PutItemCommand: (input) => ({ Put: input as Write["Put"] }),
  UpdateItemCommand: (input) => ({ Update: input as Write["Update"] }),
  DeleteItemCommand: (input) => ({ Delete: input as Write["Delete"] }),
};

/**
 * DynamoDB writes each item of a transaction twice: to prepare and to commit.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-capacity-handling
 *
 * Indexes follow once the transaction is over. AWS does not say what that consumes. A measurement
 * in eu-west-2 in August 2026 found the same as outside a transaction.
 * https://github.com/nubo-db/dynoxide/pull/188
 */
const TRANSACTION = 2;

/** The copy, and which of its tables stands for which. */
export interface Shadow {
  /** A client on which nothing is counted. */
  readonly client: DynamoDBDocumentClient;
  readonly names: ReadonlyMap<string, string>;
}

/** One item that was written. */
interface Written {
  /** As in `itemKind`. */
  readonly kind: string;
  readonly units: number;
}

/** Repeats a write that was done, or a transaction, on the copy. @returns what each item consumed */
export async function repeated(
  shadow: Shadow,
  command: string,
  input: object,
): Promise<readonly Written[]> {
  const single = SINGLE[command];
  if (single) return [await write(shadow, single(input), 1)];
  const { TransactItems = [] } = input as TransactWriteCommandInput;
  const written: Written[] = [];
  for (const item of TransactItems) written.push(await write(shadow, item, TRANSACTION));
  return written;
}

/** @param times how often the item itself is written */
async function write(shadow: Shadow, item: Write, times: number): Promise<Written> {
  const kind = itemKind(item.Put?.Item ?? (item.Update ?? item.Delete ?? item.ConditionCheck)?.Key);
  const { table, indexes } = await capacityOf(shadow, item);
  return { kind, units: table * times + indexes };
}

/** The units of a write, in the table and in all of its indexes. */
interface Capacity {
  readonly table: number;
  readonly indexes: number;
}

async function capacityOf(shadow: Shadow, { Put, Update, Delete }: Write): Promise<Capacity> {
  const { client } = shadow;
  if (Put) return answered(await client.send(new PutCommand(moved(shadow, Put))));
  if (Update) return answered(await client.send(new UpdateCommand(moved(shadow, Update))));
  if (Delete) return answered(await client.send(new DeleteCommand(moved(shadow, Delete))));
  // A check of a condition consumes the same as a write of the item. The items that are checked are
  // small.
  return { table: 1, indexes: 0 };
}

function moved<Input extends SingleInput>({ names }: Shadow, input: Input) {
  const TableName = names.get(String(input.TableName));
  if (TableName === undefined) throw new Error(`There is no copy of ${input.TableName}.`);
  return { ...input, TableName, ReturnConsumedCapacity: "INDEXES" as const };
}

interface Answer {
  readonly ConsumedCapacity?: ConsumedCapacity | undefined;
}

function answered({ ConsumedCapacity }: Answer): Capacity {
  const [all, table] = [ConsumedCapacity?.CapacityUnits, ConsumedCapacity?.Table?.CapacityUnits];
  if (all === undefined || table === undefined)
    throw new Error("DynamoDB did not answer what a write consumed.");
  return { table, indexes: all - table };
}

/** Names of tables' items by what their keys have in common: `BIND HEAD`, `AUDIT` … */

/** A sort key that says what the item is. Others are ids, numbers and instants. */
const WORD = /^[A-Z]+/;

/** @param key an item, or its key */
function itemKind(key: Readonly<Record<string, unknown>> = {}): string {
  const [first = ""] = String(key["pk"]).split("#");
  const word = WORD.exec(String(key["sk"]))?.[0];
  return word === undefined || word === first ? first : `${first} ${word}`;
}
