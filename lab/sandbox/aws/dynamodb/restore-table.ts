/** RestoreTableToPointInTime: a new table with the items that another one had. */
import { windowOf } from "./continuous-backups.ts";
import type { EngineCall } from "./engine-call.ts";
import { dynamoDbError, invalid, refuseOthers, tableNotFound } from "./errors.ts";
import type { Recovery } from "./state.ts";
import { describedTable } from "./table-description.ts";
import { tableArn, tableNameOf } from "./table-names.ts";
import {
  changeState,
  type EngineTable,
  engineTable,
  isCreating,
  stateOf,
  type TableWorld,
} from "./table-world.ts";
import type { Item } from "./write-log.ts";

type Input = Record<string, unknown>;

/** AWS takes minutes, or hours. Here just long enough to observe. */
const CREATING_MS = 5_000;
/** The largest batch of BatchWriteItem. */
const BATCH = 25;

const MEMBERS = [
  ...["SourceTableArn", "SourceTableName", "TargetTableName"],
  ...["RestoreDateTime", "UseLatestRestorableTime"],
];

/**
 * The new table has keys, indexes and items of the source, and none of its tags, time to live, point-in-time recovery,
 * stream and deletion protection.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html
 */
export async function restoreTableToPointInTime(world: TableWorld, input: Input): Promise<object> {
  refuseOthers("RestoreTableToPointInTime", input, MEMBERS);
  const source = sourceOf(world, input);
  const target = targetOf(input);
  const described = await engineTable(world, source);
  if (!described) throw tableNotFound(source);
  if (isCreating(world, target)) throw inUse(target);
  if (await engineTable(world, target))
    throw dynamoDbError("TableAlreadyExistsException", `Table already exists: ${target}`);
  const { recovery } = stateOf(world, source);
  if (!recovery)
    throw dynamoDbError(
      "PointInTimeRecoveryUnavailableException",
      `Point in time recovery has not yet been enabled for this source table: ${source}`,
    );
  const at = instantOf(input, recovery, world.now());
  await made(world, { source, target, at, described });
  return { TableDescription: await describedTable(world, target) };
}

interface Making {
  readonly source: string;
  readonly target: string;
  readonly at: number;
  readonly described: EngineTable;
}

/** Copies everything before it answers: the tables of a sandbox are small. */
async function made(world: TableWorld, { source, target, at, described }: Making): Promise<void> {
  const sourceArn = tableArn(world.place, source);
  const restored = () => ({ sourceArn, at, readyAt: world.now() + CREATING_MS });
  const note = () =>
    changeState(world, target, (state) => {
      state.restored = restored();
    });
  note();
  try {
    const items = await world.log.itemsAt(source, at);
    await world.engine("CreateTable", newTable(target, described));
    await write(world.engine, target, items);
    note();
  } catch (error) {
    world.tables.change(({ tables }) => {
      delete tables[target];
    });
    throw error;
  }
}

function sourceOf({ place }: TableWorld, input: Input): string {
  const { SourceTableName: name, SourceTableArn: arn } = input;
  if ((name === undefined) === (arn === undefined))
    throw invalid("Either SourceTableName or SourceTableArn names the source.");
  return tableNameOf(place, name ?? arn);
}

function targetOf({ TargetTableName: name }: Input): string {
  if (typeof name === "string" && /^[\w.-]{3,255}$/.test(name)) return name;
  throw invalid("TargetTableName has 3 to 255 letters, digits, _, - and dots.");
}

const inUse = (target: string) =>
  dynamoDbError("TableInUseException", `The table ${target} is being created.`);

/** Seconds since 1970. @throws AwsError InvalidRestoreTimeException for one at which nothing can be restored */
function instantOf(
  { RestoreDateTime: at, UseLatestRestorableTime: isLatest }: Input,
  recovery: Recovery,
  now: number,
): number {
  if ((at !== undefined) === (isLatest === true))
    throw invalid("Either RestoreDateTime or UseLatestRestorableTime says when.");
  if (at !== undefined && typeof at !== "number")
    throw invalid("RestoreDateTime is a number of seconds since 1970.");
  const { earliest, latest } = windowOf(recovery, now);
  const second = at === undefined ? latest : Math.floor(at);
  if (second >= earliest && second <= latest) return second;
  const words = [earliest, latest].map((one) => new Date(one * 1000).toISOString());
  throw dynamoDbError(
    "InvalidRestoreTimeException",
    `An invalid restore time was specified. RestoreDateTime must be between EarliestRestorableDateTime and LatestRestorableDateTime: ${words.join(" and ")}.`,
  );
}

const newTable = (
  TableName: string,
  { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }: EngineTable,
) => ({
  TableName,
  AttributeDefinitions,
  KeySchema,
  BillingMode: "PAY_PER_REQUEST",
  ...(GlobalSecondaryIndexes && {
    GlobalSecondaryIndexes: GlobalSecondaryIndexes.map(
      ({ IndexName, KeySchema: keys, Projection }) => ({ IndexName, KeySchema: keys, Projection }),
    ),
  }),
});

async function write(engine: EngineCall, table: string, items: readonly Item[]): Promise<void> {
  for (let at = 0; at < items.length; at += BATCH) {
    const requests = items.slice(at, at + BATCH).map((Item) => ({ PutRequest: { Item } }));
    await engine("BatchWriteItem", { RequestItems: { [table]: requests } });
  }
}
