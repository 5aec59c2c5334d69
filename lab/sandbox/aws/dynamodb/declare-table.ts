import { type DynamoDBClient, UpdateTableCommand } from "@aws-sdk/client-dynamodb";
import type { Store } from "../store.ts";
import { createTable, type GlobalTableProperties, isRecoverable } from "./create-table.ts";
import type { DynamoDbState, TableState } from "./state.ts";
import { WRITES_AS_STREAM } from "./write-log.ts";

/**
 * Makes the table that the template declares, with its tags and its point-in-time recovery. A table that is known stays as
 * it is, also where somebody changed it by hand.
 *
 * @param client of the engine
 * @param now milliseconds since 1970
 * @throws Error as {@link createTable} does
 */
export async function declareTable(
  client: DynamoDBClient,
  tables: Store<DynamoDbState>,
  name: string,
  properties: GlobalTableProperties,
  now = Date.now(),
): Promise<void> {
  const { isNew } = await createTable(client, name, properties);
  if (Object.hasOwn(tables.state.tables, name)) return;
  // A folder of an earlier release has tables without it.
  if (!isNew && isRecoverable(properties)) await record(client, name);
  tables.change((state) => {
    state.tables[name] = stateOf(properties, now);
  });
}

const record = (client: DynamoDBClient, TableName: string) =>
  client.send(new UpdateTableCommand({ TableName, StreamSpecification: WRITES_AS_STREAM }));

function stateOf(properties: GlobalTableProperties, now: number): TableState {
  const [{ Tags = [], PointInTimeRecoverySpecification: recovery } = {}] = properties.Replicas;
  return {
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
    ...(isRecoverable(properties)
      ? { recovery: { since: now, days: recovery?.RecoveryPeriodInDays ?? 35, marks: [] } }
      : {}),
  };
}
