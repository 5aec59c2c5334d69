/** Settings of tables behind the port: recovery, tags, protection, and the stream that is not theirs. */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type TableWorld, tableWorld } from "./table-world.ts";

let world: TableWorld;
beforeAll(async () => {
  world = await tableWorld();
});
afterAll(() => world.stop());

let name = "";
beforeEach(async () => {
  name = await world.declare();
});

async function recoveryOf(TableName = name) {
  const { ContinuousBackupsDescription: backups } = await world.all.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  return backups?.PointInTimeRecoveryDescription;
}

const recover = (PointInTimeRecoveryEnabled: boolean, RecoveryPeriodInDays?: number) =>
  world.all.send(
    new UpdateContinuousBackupsCommand({
      TableName: name,
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled,
        ...(RecoveryPeriodInDays === undefined ? {} : { RecoveryPeriodInDays }),
      },
    }),
  );

const instant = (seconds: number) => new Date((world.second() + seconds) * 1000);

describe("Point-in-time recovery", () => {
  it("It reaches from when it was switched on to a few seconds ago, and an hour back at most", async () => {
    world.pass(60);
    expect(await recoveryOf()).toEqual({
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: 35,
      EarliestRestorableDateTime: instant(-60),
      LatestRestorableDateTime: instant(-3),
    });
    world.pass(7_200);
    expect(await recoveryOf()).toMatchObject({ EarliestRestorableDateTime: instant(-3_600) });
  });

  it("Switched off and on again, it has forgotten what was before", async () => {
    world.pass(60);
    await recover(false);
    expect(await recoveryOf()).toEqual({ PointInTimeRecoveryStatus: "DISABLED" });
    await recover(true, 7);
    world.pass(10);
    expect(await recoveryOf()).toMatchObject({
      RecoveryPeriodInDays: 7,
      EarliestRestorableDateTime: instant(-10),
    });
  });

  it.each([0, 36, 1.5])("A period of %d days is refused", async (days) => {
    await expect(recover(true, days)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("A table that is not there has none", async () => {
    await expect(recoveryOf("nobody-made-it")).rejects.toMatchObject({
      name: "TableNotFoundException",
    });
  });

  it("The stream by which the sandbox knows the past is nobody's", async () => {
    const { Table } = await world.all.send(new DescribeTableCommand({ TableName: name }));
    expect(Table).not.toHaveProperty("StreamSpecification");
    expect(Table).not.toHaveProperty("LatestStreamArn");
    const streams = await world.streams("ListStreams", {});
    expect(streams).toEqual({ Streams: [] });
    const StreamArn = await world.hiddenStream(name);
    expect(await world.streams("DescribeStream", { StreamArn })).toMatchObject({
      __type: expect.stringContaining("ResourceNotFoundException"),
    });
  });
});

describe("Tags", () => {
  const tagged = async () =>
    (await world.all.send(new ListTagsOfResourceCommand({ ResourceArn: world.arn(name) }))).Tags;
  const tag = (...keys: readonly string[]) =>
    world.all.send(
      new TagResourceCommand({
        ResourceArn: world.arn(name),
        Tags: keys.map((Key) => ({ Key, Value: "x" })),
      }),
    );

  it("A table has the template's, and others are added and taken away", async () => {
    expect(await tagged()).toEqual([{ Key: "team", Value: "platform" }]);
    await tag("cost", "team");
    expect(await tagged()).toEqual([
      { Key: "team", Value: "x" },
      { Key: "cost", Value: "x" },
    ]);
    const TagKeys = ["team", "none"];
    await world.all.send(new UntagResourceCommand({ ResourceArn: world.arn(name), TagKeys }));
    expect(await tagged()).toEqual([{ Key: "cost", Value: "x" }]);
  });

  it("AWS's own tags, more than fifty, and those of a table that is not there are refused", async () => {
    await expect(tag("aws:cloudformation:stack-name")).rejects.toMatchObject({
      name: "ValidationException",
    });
    const fifty = Array.from({ length: 50 }, (_, number) => `tag-${number}`);
    await expect(tag(...fifty)).rejects.toMatchObject({ name: "LimitExceededException" });
    const ResourceArn = world.arn("nobody-made-it");
    await expect(
      world.all.send(new ListTagsOfResourceCommand({ ResourceArn })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});

describe("UpdateTable", () => {
  const protect = (DeletionProtectionEnabled: boolean) =>
    world.all.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled }));

  it("It switches deletion protection", async () => {
    for (const isOn of [false, true]) {
      const { TableDescription } = await protect(isOn);
      expect(TableDescription).toMatchObject({
        DeletionProtectionEnabled: isOn,
        TableArn: world.arn(name),
      });
      expect(TableDescription).not.toHaveProperty("LatestStreamArn");
    }
  });

  it("Everything else of it is refused by name", async () => {
    const asked = { TableName: name, BillingMode: "PROVISIONED" } as const;
    await expect(world.all.send(new UpdateTableCommand(asked))).rejects.toMatchObject({
      name: "ValidationException",
      message: "dynamodb:UpdateTable's BillingMode is not emulated by the sandbox.",
    });
  });
});

it("A table is named by its ARN as well, and nobody reaches another account by one", async () => {
  const described = (TableName: string) =>
    world.all.send(new DescribeTimeToLiveCommand({ TableName }));
  const { TimeToLiveDescription } = await described(world.arn(name));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "ttl" });
  expect(await recoveryOf(world.arn(name))).toMatchObject({ PointInTimeRecoveryStatus: "ENABLED" });
  const other = world.arn(name).replace("111122223333", "444455556666");
  await expect(described(other)).rejects.toMatchObject({ name: "AccessDeniedException" });
});
