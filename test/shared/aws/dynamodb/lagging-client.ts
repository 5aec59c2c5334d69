import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";

/** The key of an item, and its table. */
interface Place {
  readonly table: string;
  readonly key: { readonly pk: string; readonly sk: string };
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
  const write = async (command: PutCommand, written: readonly Place[]) => {
    const [places, found] = [last, await Promise.all(last.map(read))];
    const answer = await client.send(command);
    for (const [at, { table, key: Key }] of places.entries()) {
      const [TableName, Item] = [behindOf(table), found[at]?.Item];
      if (Item) await client.send(new PutCommand({ TableName, Item }));
      else await client.send(new DeleteCommand({ TableName, Key }));
    }
    last = written;
    return answer;
  };
  const lagging: DynamoDBDocumentClient = Object.create(client);
  lagging.send = (async (command: GetCommand) => {
    const written = writtenBy(command);
    if (written.length > 0) return await write(command as object as PutCommand, written);
    const isRead = command instanceof GetCommand || (command as object) instanceof QueryCommand;
    const { ConsistentRead, TableName } = command.input;
    const mayLag = isRead && ConsistentRead !== true;
    return await client.send(mayLag ? onTable(command, behindOf(TableName)) : command);
  }) as typeof client.send;
  return lagging;
}

/** The items that a command writes; none of a read. */
function writtenBy(command: object): readonly Place[] {
  if (command instanceof PutCommand) return [placeOf(command.input.TableName, command.input.Item)];
  if (command instanceof UpdateCommand || command instanceof DeleteCommand)
    return [placeOf(command.input.TableName, command.input.Key)];
  if (!(command instanceof TransactWriteCommand)) return [];
  return (command.input.TransactItems ?? []).flatMap(({ Put, Update, Delete }) => {
    const { TableName } = Put ?? Update ?? Delete ?? {};
    const key = Put?.Item ?? Update?.Key ?? Delete?.Key;
    return key ? [placeOf(TableName, key)] : [];
  });
}

const placeOf = (table = "", { pk, sk }: Readonly<Record<string, unknown>> = {}): Place => ({
  table,
  key: { pk: String(pk), sk: String(sk) },
});

/** The same read of another table. */
function onTable(command: GetCommand, TableName: string): GetCommand {
  const Kind = command.constructor as new (input: object) => GetCommand;
  return new Kind({ ...command.input, TableName });
}
