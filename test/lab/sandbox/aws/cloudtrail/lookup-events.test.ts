import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { LookupEventsCommand, type LookupEventsCommandInput } from "@aws-sdk/client-cloudtrail";
import {
  CreateAccessEntryCommand,
  DescribeClusterCommand,
  ListClustersCommand,
} from "@aws-sdk/client-eks";
import { AttachRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { awsFile } from "../../../../aws-cli/shared.ts";
import { credential, document, REGION, statement } from "../iam-world.ts";
import {
  admin,
  CLUSTER,
  DELAY_SECONDS,
  dev,
  grantor,
  START_MS,
  type TrailWorld,
  trailWorld,
} from "./trail-world.ts";

const run = promisify(execFile);

let world: TrailWorld;
beforeAll(async () => {
  world = await trailWorld();
  await world.sts.send(new AssumeRoleCommand({ RoleArn: grantor.arn, RoleSessionName: "jit-1" }));
  world.clock.ms += 10_000;
  await world.eks.send(
    new CreateAccessEntryCommand({ clusterName: CLUSTER, principalArn: dev.arn }),
  );
  world.clock.ms += 10_000;
  await world.eks.send(new DescribeClusterCommand({ name: CLUSTER }));
  world.clock.ms += 10_000;
  await world.eks.send(new ListClustersCommand({}));
  world.pass(DELAY_SECONDS);
});
// Two calls a second are taken.
beforeEach(() => {
  world.clock.ms += 1000;
});
afterAll(() => world.close());

/** The whole second that comes this number of seconds after the first event. */
const secondsAfter = (seconds: number) => new Date(Math.floor(START_MS / 1000 + seconds) * 1000);
const lookup = (input: LookupEventsCommandInput = {}) =>
  world.cloudTrail.send(new LookupEventsCommand(input));
const by = (AttributeKey: string, AttributeValue: string) =>
  ({ LookupAttributes: [{ AttributeKey, AttributeValue }] }) as LookupEventsCommandInput;
const names = async (input: LookupEventsCommandInput = {}) =>
  (await lookup(input)).Events?.map(({ EventName }) => EventName);

describe("LookupEvents", () => {
  it("LookupEvents answers every event, reads and changes, newest first", async () => {
    expect(await names()).toEqual([
      "ListClusters",
      "DescribeCluster",
      "CreateAccessEntry",
      "AssumeRole",
    ]);
  });

  it("LookupEvents answers an event with its record as a text", async () => {
    const { Events: [event] = [] } = await lookup(by("EventName", "CreateAccessEntry"));
    const record = world.history.records[1];
    expect(event).toEqual({
      EventId: record?.eventID,
      EventName: "CreateAccessEntry",
      ReadOnly: "false",
      AccessKeyId: credential(admin).accessKeyId,
      EventTime: secondsAfter(10),
      EventSource: "eks.amazonaws.com",
      Username: "session",
      Resources: [],
      CloudTrailEvent: JSON.stringify(record),
    });
  });

  it.each([
    ["Username", "session", 4],
    ["Username", "admin", 0],
    ["EventSource", "sts.amazonaws.com", 1],
    ["ReadOnly", "false", 1],
    ["ReadOnly", "true", 3],
    ["AccessKeyId", credential(admin).accessKeyId, 4],
    ["ResourceName", grantor.arn, 1],
    ["ResourceType", "AWS::IAM::Role", 1],
    ["EventName", "createaccessentry", 0],
  ])("LookupEvents by %s %s finds %i", async (key, value, count) => {
    expect(await names(by(key, value))).toHaveLength(count);
  });

  it("LookupEvents finds an event by its id", async () => {
    expect(await names(by("EventId", world.history.records[0]?.eventID ?? ""))).toEqual([
      "AssumeRole",
    ]);
  });

  it("LookupEvents includes both ends of its time range", async () => {
    expect(
      await names({
        StartTime: secondsAfter(10),
        EndTime: secondsAfter(20),
      }),
    ).toEqual(["DescribeCluster", "CreateAccessEntry"]);
  });

  it("LookupEvents answers in pages, and a later event moves none of them", async () => {
    const first = await lookup({ MaxResults: 3 });
    expect(first.Events).toHaveLength(3);
    const rest = await lookup({ MaxResults: 3, NextToken: first.NextToken });
    expect(rest.Events?.map(({ EventName }) => EventName)).toEqual(["AssumeRole"]);
    expect(rest.NextToken).toBeUndefined();
  });

  it("LookupEvents refuses a token of another query, and one that it never gave out", async () => {
    const { NextToken } = await lookup({ MaxResults: 1 });
    const refusal = { name: "InvalidNextTokenException" };
    await expect(lookup({ MaxResults: 2, NextToken })).rejects.toMatchObject(refusal);
    world.clock.ms += 1000;
    await expect(lookup({ NextToken: "bm9uZQ==" })).rejects.toMatchObject(refusal);
  });

  it("LookupEvents shows nothing that is older than 90 days", async () => {
    const [record] = world.history.records;
    if (record === undefined) throw new Error("There is no event.");
    const old = { ...record, eventID: "old", eventTime: "2020-01-15T00:00:00Z" };
    world.history.records.unshift(old);
    const StartTime = new Date("2020-01-01T00:00:00Z");
    expect(await names({ StartTime, ...by("EventId", "old") })).toEqual([]);
    await expect(
      lookup({ StartTime, EndTime: new Date("2020-02-01T00:00:00Z") }),
    ).rejects.toMatchObject({ name: "InvalidTimeRangeException" });
    world.history.records.shift();
  });

  it("LookupEvents takes two calls a second, and refuses the third", async () => {
    await lookup();
    await lookup();
    await expect(lookup()).rejects.toMatchObject({
      name: "ThrottlingException",
      message: "Rate exceeded",
    });
    world.clock.ms += 1000;
    await expect(lookup()).resolves.toBeDefined();
  });

  it.each([
    ["InvalidLookupAttributesException", { LookupAttributes: [{}, {}] }],
    ["InvalidLookupAttributesException", by("RequestId", "x")],
    ["InvalidLookupAttributesException", by("ReadOnly", "yes")],
    ["InvalidMaxResultsException", { MaxResults: 51 }],
    ["InvalidMaxResultsException", { MaxResults: 0 }],
    ["InvalidTimeRangeException", { StartTime: new Date(2000), EndTime: new Date(1000) }],
    ["InvalidEventCategoryException", { EventCategory: "insight" }],
  ])("LookupEvents answers %s to %j", async (name, input) => {
    await expect(lookup(input as LookupEventsCommandInput)).rejects.toMatchObject({ name });
  });

  it("LookupEvents refuses callers without cloudtrail:LookupEvents", async () => {
    await expect(world.deniedTrail.send(new LookupEventsCommand({}))).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
  });

  it("LookupEvents answers the AWS CLI", async () => {
    const { accessKeyId, secretAccessKey, sessionToken = "" } = credential(admin);
    const { stdout } = await run(
      await awsFile(),
      [
        ...["cloudtrail", "lookup-events", "--region", REGION, "--endpoint-url", world.url],
        ...["--lookup-attributes", "AttributeKey=EventName,AttributeValue=AssumeRole"],
      ],
      {
        env: {
          PATH: process.env["PATH"],
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
          AWS_SESSION_TOKEN: sessionToken,
        },
      },
    );
    expect(JSON.parse(stdout).Events).toMatchObject([{ EventName: "AssumeRole" }]);
  });
});

describe("LookupEvents of a change by IAM", () => {
  it("LookupEvents finds a change of a role by the names of the role and of the policy", async () => {
    const PolicyDocument = JSON.stringify(document(statement("s3:GetObject")));
    await world.iam.send(
      new PutRolePolicyCommand({ RoleName: "dev", PolicyName: "more", PolicyDocument }),
    );
    const PolicyArn = "arn:aws:iam::aws:policy/NoSuchPolicy";
    const attach = new AttachRolePolicyCommand({ RoleName: "dev", PolicyArn });
    await expect(world.iam.send(attach)).rejects.toThrow();
    world.pass(DELAY_SECONDS);
    const { Events = [] } = await lookup(by("ResourceName", "dev"));
    const role = { ResourceType: "AWS::IAM::Role", ResourceName: "dev" };
    const policy = (ResourceName: string) => ({ ResourceType: "AWS::IAM::Policy", ResourceName });
    expect(Events.map(({ EventName, Resources }) => [EventName, Resources])).toEqual([
      ["AttachRolePolicy", expect.arrayContaining([role, policy(PolicyArn)])],
      ["PutRolePolicy", expect.arrayContaining([role, policy("more")])],
    ]);
    expect(await names(by("ResourceName", "more"))).toEqual(["PutRolePolicy"]);
  });
});
