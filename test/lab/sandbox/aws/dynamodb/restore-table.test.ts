/** Tables that are restored to an earlier second, behind the port, on DynamoDB Local and a clock of the test's own. */
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  GetItemCommand,
  ListTagsOfResourceCommand,
  PutItemCommand,
  RestoreTableToPointInTimeCommand,
  type RestoreTableToPointInTimeCommandInput,
  ScanCommand,
  TagResourceCommand,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TableWorld, tableWorld } from "./table-world.ts";

let world: TableWorld;
beforeAll(async () => {
  world = await tableWorld();
});
afterAll(() => world.stop());

let source = "";
beforeEach(async () => {
  source = await world.declare();
});

const key = (pk: string) => ({ pk: { S: pk }, sk: { S: "LEDGER" } });
const item = (pk: string, n: number) => ({ ...key(pk), n: { N: String(n) } });
const put = (pk: string, n: number) =>
  world.all.send(new PutItemCommand({ TableName: source, Item: item(pk, n) }));

/** The items of a table: the number of each item, by its partition key. */
async function held(TableName: string): Promise<Record<string, number>> {
  const { Items = [] } = await world.all.send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Object.fromEntries(Items.map(({ pk, n }) => [pk?.S, Number(n?.N)]));
}

const restore = (
  TargetTableName: string,
  input: Omit<RestoreTableToPointInTimeCommandInput, "TargetTableName">,
  as = world.all,
) =>
  as.send(
    new RestoreTableToPointInTimeCommand({ SourceTableName: source, TargetTableName, ...input }),
  );

/** Restores to a second, waits until it is there, and answers what it has. */
async function heldAt(second: number): Promise<Record<string, number>> {
  const target = `${source}-at-${second}`;
  await restore(target, { RestoreDateTime: new Date(second * 1000) });
  world.pass(5);
  return held(target);
}

describe("A restored table", () => {
  it("It has what its source held at that second, however it was written", async () => {
    const start = world.second();
    world.pass(10);
    await put("a", 1);
    await put("b", 1);
    world.pass(10);
    await world.all.send(
      new UpdateItemCommand({
        TableName: source,
        Key: key("a"),
        UpdateExpression: "SET n = :n",
        ExpressionAttributeValues: { ":n": { N: "2" } },
      }),
    );
    await world.all.send(new DeleteItemCommand({ TableName: source, Key: key("b") }));
    world.pass(10);
    const batch = { [source]: [{ PutRequest: { Item: item("c", 3) } }] };
    await world.all.send(new BatchWriteItemCommand({ RequestItems: batch }));
    const TransactItems = [{ Put: { TableName: source, Item: item("a", 3) } }];
    await world.all.send(new TransactWriteItemsCommand({ TransactItems }));
    world.pass(10);
    expect(await heldAt(start + 5)).toEqual({});
    expect(await heldAt(start + 15)).toEqual({ a: 1, b: 1 });
    expect(await heldAt(start + 25)).toEqual({ a: 2 });
    expect(await heldAt(start + 35)).toEqual({ a: 3, c: 3 });
    expect(await held(source)).toEqual({ a: 3, c: 3 });
  });

  it("A change in the second itself is not in it, and one of the second before is", async () => {
    await put("a", 1);
    world.pass(1);
    await put("a", 2);
    const second = world.second();
    world.pass(10);
    expect(await heldAt(second)).toEqual({ a: 1 });
    expect(await heldAt(second + 1)).toEqual({ a: 2 });
  });

  it("Items from before a restart of the sandbox are restored as well", async () => {
    await put("a", 1);
    world.pass(2);
    const second = world.second();
    await put("a", 2);
    await world.startAgain();
    world.pass(10);
    expect(await heldAt(second)).toEqual({ a: 1 });
  });

  it("A table of an earlier release's folder is restored as well, from then on", async () => {
    source = await world.find();
    await put("a", 1);
    world.pass(1);
    const second = world.second();
    await put("a", 2);
    world.pass(10);
    expect(await heldAt(second)).toEqual({ a: 1 });
  });

  it("It is not there for others while it is created, and then lacks all but keys, indexes and items", async () => {
    await put("a", 1);
    world.pass(10);
    const target = `${source}-restored`;
    const second = world.second() - 5;
    const { TableDescription } = await restore(target, {
      RestoreDateTime: new Date(second * 1000),
    });
    const summary = {
      SourceTableArn: world.arn(source),
      RestoreDateTime: new Date(second * 1000),
    };
    expect(TableDescription).toMatchObject({
      TableName: target,
      TableArn: world.arn(target),
      TableStatus: "CREATING",
      RestoreSummary: { ...summary, RestoreInProgress: true },
    });
    const named = { TableName: target };
    const TimeToLiveSpecification = { AttributeName: "ttl", Enabled: true };
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    const Tags = [{ Key: "team", Value: "platform" }];
    for (const [refused, name] of [
      [new GetItemCommand({ ...named, Key: key("a") }), "ResourceNotFoundException"],
      [new ScanCommand(named), "ResourceNotFoundException"],
      [
        new UpdateTimeToLiveCommand({ ...named, TimeToLiveSpecification }),
        "ResourceInUseException",
      ],
      [
        new UpdateTableCommand({ ...named, DeletionProtectionEnabled: true }),
        "ResourceInUseException",
      ],
      [new TagResourceCommand({ ResourceArn: world.arn(target), Tags }), "ResourceInUseException"],
      [
        new UpdateContinuousBackupsCommand({ ...named, PointInTimeRecoverySpecification }),
        "ContinuousBackupsUnavailableException",
      ],
    ] as const)
      await expect(world.all.send(refused as never)).rejects.toMatchObject({ name });
    world.pass(5);
    const { Table } = await world.all.send(new DescribeTableCommand(named));
    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      DeletionProtectionEnabled: false,
      RestoreSummary: { ...summary, RestoreInProgress: false },
      GlobalSecondaryIndexes: [{ IndexName: "due", Projection: { ProjectionType: "KEYS_ONLY" } }],
    });
    expect(Table).not.toHaveProperty("StreamSpecification");
    const ttl = await world.all.send(new DescribeTimeToLiveCommand(named));
    expect(ttl.TimeToLiveDescription?.TimeToLiveStatus).toBe("DISABLED");
    const backups = await world.all.send(new DescribeContinuousBackupsCommand(named));
    expect(backups.ContinuousBackupsDescription).toEqual({
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    });
    const tags = await world.all.send(
      new ListTagsOfResourceCommand({ ResourceArn: world.arn(target) }),
    );
    expect(tags.Tags).toEqual([]);
  });

  it("It is the latest state where nobody names a second, and a source may be named by its ARN", async () => {
    await put("a", 1);
    world.pass(10);
    const target = `${source}-latest`;
    await world.all.send(
      new RestoreTableToPointInTimeCommand({
        SourceTableArn: world.arn(source),
        TargetTableName: target,
        UseLatestRestorableTime: true,
      }),
    );
    world.pass(5);
    expect(await held(target)).toEqual({ a: 1 });
  });
});

describe("A restore that AWS refuses", () => {
  const at = (seconds: number) => ({
    RestoreDateTime: new Date((world.second() + seconds) * 1000),
  });

  it.each<[string, string, () => Promise<unknown>]>([
    ["into a table that is there", "TableAlreadyExistsException", () => restore(source, at(-5))],
    [
      "of a table that is not there",
      "TableNotFoundException",
      () => restore(`${source}-b`, { SourceTableName: "nobody-made-it", ...at(-5) }),
    ],
    [
      "to a second before recovery was on",
      "InvalidRestoreTimeException",
      () => restore(`${source}-b`, at(-11)),
    ],
    [
      "to a second that is too close",
      "InvalidRestoreTimeException",
      () => restore(`${source}-b`, at(-2)),
    ],
    ["to no second", "ValidationException", () => restore(`${source}-b`, {})],
    [
      "to a second and the latest one",
      "ValidationException",
      () => restore(`${source}-b`, { ...at(-5), UseLatestRestorableTime: true }),
    ],
    [
      "of two sources",
      "ValidationException",
      () => restore(`${source}-b`, { ...at(-5), SourceTableArn: world.arn(source) }),
    ],
    ["into a name that no table can have", "ValidationException", () => restore("a b c", at(-5))],
  ])("A restore %s is %s", async (_what, name, refused) => {
    world.pass(10);
    await expect(refused()).rejects.toMatchObject({
      name,
      $metadata: expect.objectContaining({ httpStatusCode: 400 }),
    });
  });

  it("A restore into a table that is being created says so", async () => {
    world.pass(10);
    await restore(`${source}-c`, at(-5));
    await expect(restore(`${source}-c`, at(-5))).rejects.toMatchObject({
      name: "TableInUseException",
    });
  });

  it("A table without point-in-time recovery is not restored", async () => {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: false };
    await world.all.send(
      new UpdateContinuousBackupsCommand({ TableName: source, PointInTimeRecoverySpecification }),
    );
    world.pass(10);
    await expect(restore(`${source}-d`, at(-5))).rejects.toMatchObject({
      name: "PointInTimeRecoveryUnavailableException",
    });
  });

  it("A part of a restore that the sandbox does not emulate is refused by name", async () => {
    world.pass(10);
    const overridden = { ...at(-5), BillingModeOverride: "PROVISIONED" } as const;
    await expect(restore(`${source}-e`, overridden)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining("BillingModeOverride is not emulated by the sandbox"),
    });
  });

  it("A caller who may restore the source but not write the new table is refused", async () => {
    world.pass(10);
    await expect(restore(`${source}-f`, at(-5), world.restorer)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringMatching(
        new RegExp(`dynamodb:BatchWriteItem on resource: ${world.arn(`${source}-f`)} `),
      ),
    });
    await expect(held(`${source}-f`)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("A table that is deleted", () => {
  const remove = (TableName: string) => world.all.send(new DeleteTableCommand({ TableName }));

  it("A restored one can be, once it is there, and its name is then free", async () => {
    world.pass(10);
    const target = `${source}-g`;
    const at = { RestoreDateTime: new Date((world.second() - 5) * 1000) };
    await restore(target, at);
    await expect(remove(target)).rejects.toMatchObject({ name: "ResourceInUseException" });
    world.pass(5);
    await remove(target);
    await expect(held(target)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await expect(remove(target)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
    await restore(target, at);
  });

  it("One of a stack is refused", async () => {
    await expect(remove(source)).rejects.toThrow("does not emulate the deletion of");
  });
});
