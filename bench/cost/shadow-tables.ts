/**
 * A second copy of the tables, on which each item of a transaction is written by itself. DynamoDB Local answers what a
 * single write consumed as DynamoDB does. For transactions it answers too much, or too little where two items
 * consume the same.
 */
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  type PutCommandInput,
  type TransactWriteCommandInput,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
/** What single writes have in common. */
type SingleInput = Pick<PutCommandInput, "TableName">;

/** By name of a command, the item of a transaction that does the same. */
const SINGLE: Readonly<Record<string, (input: object) => Write>> = {
  PutItemCommand: (input) => ({ Put: input as Write["Put"] }),
  UpdateItemCommand: (input) => ({ Update: input as Write["Update"] }),
  DeleteItemCommand: (input) => ({ Delete: input as Write["Delete"] }),
};

/** DynamoDB writes each item of a transaction twice: to prepare and to commit. */
const TRANSACTION = 2;

/** The copy, and which of its tables stands for which. */
export interface Shadow {
  /** A client on which nothing is counted. */
  readonly client: DynamoDBDocumentClient;
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Repeats a write that was done, or a transaction, on the copy.
 *
 * Of a transaction, writes to indexes count twice as well, as DynamoDB Local has it. AWS does not say.
 *
 * @returns the write units that it consumed
 */
export async function repeated(shadow: Shadow, command: string, input: object): Promise<number> {
  const single = SINGLE[command];
  if (single) return await write(shadow, single(input));
  const { TransactItems = [] } = input as TransactWriteCommandInput;
  let units = 0;
  for (const item of TransactItems) units += await write(shadow, item);
  return units * TRANSACTION;
}

async function write(shadow: Shadow, { Put, Update, Delete }: Write): Promise<number> {
  const { client } = shadow;
  if (Put) return unitsOf(await client.send(new PutCommand(moved(shadow, Put))));
  if (Update) return unitsOf(await client.send(new UpdateCommand(moved(shadow, Update))));
  if (Delete) return unitsOf(await client.send(new DeleteCommand(moved(shadow, Delete))));
  // A check of a condition consumes as much as a write of the item; those that are checked are small.
  return 1;
}

function moved<Input extends SingleInput>({ names }: Shadow, input: Input) {
  const TableName = names.get(String(input.TableName));
  if (TableName === undefined) throw new Error(`There is no copy of ${input.TableName}.`);
  return { ...input, TableName, ReturnConsumedCapacity: "TOTAL" as const };
}

function unitsOf(answer: {
  readonly ConsumedCapacity?: { readonly CapacityUnits?: number | undefined } | undefined;
}): number {
  const units = answer.ConsumedCapacity?.CapacityUnits;
  if (units === undefined) throw new Error("DynamoDB did not answer what a write consumed.");
  return units;
}
