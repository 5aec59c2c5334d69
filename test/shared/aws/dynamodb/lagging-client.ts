import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  type QueryCommandInput,
  type TransactWriteCommandInput,
} from "@aws-sdk/lib-dynamodb";

interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** What is looked at in the input of any command. */
type Input = Pick<QueryCommandInput, "ConsistentRead" | "KeyConditionExpression"> &
  Pick<TransactWriteCommandInput, "TransactItems"> & {
    readonly TableName?: string;
    readonly Key?: Key;
    readonly Item?: Key;
    readonly UpdateExpression?: string;
  };

interface Place {
  readonly table: string;
  readonly key: Key;
}

/**
 * A client whose reads are as DynamoDB's may be at worst. One that asks for `ConsistentRead` sees the last write. Any
 * other one, and all of an index, are answered as before the last write that was done. DynamoDB Local never lags.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.ReadConsistency.html
 *
 * @param behind by table: an empty table with the same indexes, which gets each write once the next one is done
 */
export function laggingClient(
  client: DynamoDBDocumentClient,
  behind: Readonly<Record<string, string>>,
): DynamoDBDocumentClient {
  let last: readonly Place[] = [];
  const behindOf = (table = "") => {
    const found = behind[table];
    if (found === undefined) throw new Error(`No table is behind ${table}.`);
    return found;
  };
  const read = ({ table, key: Key }: Place) =>
    client.send(new GetCommand({ TableName: table, Key, ConsistentRead: true }));
  const catchUp = async (places: readonly Place[], items: readonly (object | undefined)[]) => {
    for (const [at, { table, key: Key }] of places.entries()) {
      const [TableName, Item] = [behindOf(table), items[at]];
      if (Item) await client.send(new PutCommand({ TableName, Item: Item as typeof Key & object }));
      else await client.send(new DeleteCommand({ TableName, Key }));
    }
  };
  const write = async (command: GetCommand, written: readonly Place[]) => {
    const [places, found] = [last, await Promise.all(last.map(read))];
    const answer = await client.send(command);
    const items = found.map(({ Item }) => Item);
    await catchUp(places, items);
    last = written;
    return answer;
  };
  const lagging: DynamoDBDocumentClient = Object.create(client);
  // Commands differ in their types only.
  lagging.send = (async (command: GetCommand) => {
    const input = command.input as unknown as Input;
    const written = writtenBy(input);
    if (written.length > 0) return await write(command, written);
    const isRead = input.Key !== undefined || input.KeyConditionExpression !== undefined;
    if (!isRead || input.ConsistentRead === true) return await client.send(command);
    return await client.send(onTable(command, behindOf(input.TableName)));
  }) as typeof client.send;
  return lagging;
}

/** The items that a command writes; none of a read. */
function writtenBy({ TableName, Key, Item, UpdateExpression, ...rest }: Input): readonly Place[] {
  const { TransactItems = [] } = rest;
  const inTransaction = TransactItems.flatMap(({ Put, Update, Delete }) => {
    const { TableName: table = "" } = Put ?? Update ?? Delete ?? {};
    const key = Put?.Item ?? Update?.Key ?? Delete?.Key;
    return key ? [placeOf(table, key as unknown as Key)] : [];
  });
  const key = Item ?? (UpdateExpression === undefined ? undefined : Key);
  return key && TableName !== undefined ? [placeOf(TableName, key)] : inTransaction;
}

const placeOf = (table: string, { pk, sk }: Key): Place => ({ table, key: { pk, sk } });

/** The same read of another table. */
function onTable(command: GetCommand, TableName: string): GetCommand {
  const Kind = command.constructor as new (input: object) => GetCommand;
  return new Kind({ ...command.input, TableName });
}
