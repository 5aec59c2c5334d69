import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Meter } from "./meter.ts";
import { repeated, type Shadow } from "./shadow-tables.ts";

/** The reads that answer what they consumed. */
const READS: ReadonlySet<string> = new Set([
  ...["GetItemCommand", "BatchGetItemCommand"],
  "QueryCommand",
]);
const WRITES: ReadonlySet<string> = new Set([
  ...["PutItemCommand", "UpdateItemCommand", "DeleteItemCommand"],
  "TransactWriteItemsCommand",
]);
/** Commands that are free. */
const FREE: ReadonlySet<string> = new Set(["DescribeTableCommand"]);

/**
 * By error, what a refused write consumes at least for each of its items. DynamoDB does not answer how much it was.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const REFUSED: Readonly<Record<string, number>> = {
  ConditionalCheckFailedException: 1,
  TransactionCanceledException: 2,
};

/** The kind that a refused write counts as, whatever its items. */
const REFUSED_KIND = "refused";

/**
 * Counts what each call consumes: for reads as DynamoDB answers it, for writes as it answers on a copy of the tables.
 *
 * @throws Error, in each call, for a command whose units it does not know
 */
export function countUnits(client: DynamoDBDocumentClient, meter: Meter, shadow: Shadow): void {
  client.middlewareStack.add(
    (next, { commandName = "" }) =>
      (args) =>
        meter.call("table", async () => {
          if (READS.has(commandName)) {
            const input = { ...args.input, ReturnConsumedCapacity: "TOTAL" };
            const result = await next({ ...args, input });
            meter.add(
              "readUnits",
              Math.max(leastOf(input as Input), consumed(result.output as Answer)),
            );
            return result;
          }
          if (WRITES.has(commandName)) {
            const result = await next(args).catch((error: unknown) => {
              meter.wrote(REFUSED_KIND, refused(error, args.input as Input));
              throw error;
            });
            for (const { kind, units } of await repeated(shadow, commandName, args.input))
              meter.wrote(kind, units);
            return result;
          }
          if (FREE.has(commandName)) return await next(args);
          throw new Error(`${commandName} has units that nobody counts.`);
        }),
    { name: "countUnits", step: "initialize", priority: "high" },
  );
}

/** Fields of some commands' inputs. */
interface Input {
  readonly ConsistentRead?: boolean;
  readonly TransactItems?: readonly unknown[];
  /** The keys that a batch reads, by table. */
  readonly RequestItems?: Readonly<
    Record<string, { readonly Keys: readonly unknown[]; readonly ConsistentRead?: boolean }>
  >;
}

/**
 * The units of a read that finds nothing. DynamoDB Local answers 0 for a query that finds nothing.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
const leastOf = ({ ConsistentRead, RequestItems }: Input): number =>
  RequestItems
    ? Object.values(RequestItems).reduce(
        (sum, { Keys, ...how }) => sum + Keys.length * leastOf(how),
        0,
      )
    : ConsistentRead
      ? 1
      : 0.5;

interface Answer {
  /** A batch answers one for each table. */
  readonly ConsumedCapacity?: ConsumedCapacity | readonly ConsumedCapacity[];
}

function consumed({ ConsumedCapacity = [] }: Answer): number {
  const all = [ConsumedCapacity].flat().map(({ CapacityUnits }) => CapacityUnits);
  if (all.length === 0 || all.includes(undefined))
    throw new Error("DynamoDB did not answer what a read consumed.");
  return all.reduce((sum: number, units) => sum + (units ?? 0), 0);
}

function refused(error: unknown, { TransactItems }: Input): number {
  const each = REFUSED[(error as Error).name] ?? 0;
  return each * (TransactItems?.length ?? 1);
}
