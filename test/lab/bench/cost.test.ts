import {
  type DynamoDBDocumentClient,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { costPolicy } from "../../../lab/bench/cost/cost-policy.ts";
import { countedTables } from "../../../lab/bench/cost/counted-tables.ts";
import { measured } from "../../../lab/bench/cost/grant-cost.ts";
import { Meter } from "../../../lab/bench/cost/meter.ts";
import { stackFacts, stackMonth } from "../../../lab/bench/cost/stack-facts.ts";
import { billOf, costOf, plus, type Usage } from "../../../lab/bench/cost/usage.ts";
import { BOUNDS, brokerTemplate, outsideMonths } from "../../../lab/bench/cost.ts";
import { INDEX } from "../../../shared/aws/dynamodb/indexes.ts";
import { type LocalTables, sharedTables } from "../../shared/aws/dynamodb/local-tables.ts";

const MEMORY = {
  api: 512,
  converge: 512,
  sweep: 256,
  notify: 256,
  correlate: 256,
  archive: 1_024,
  standing: 256,
};

/**
 * The most units that a grant writes, however long it is. A change that stores more needs a reason.
 * Two units store the next time at which a pending request's messages are compared with the policy.
 * One unit lists the grant among those of its cluster. Two tell steps of one instant apart in the index of notices, and one
 * stores the marks by which Slack's messages are found. No write for a slot in Slack is refused: it knows the last slot.
 */
const MOST_WRITE_UNITS = 197;

let tables: LocalTables;

beforeAll(async () => {
  tables = await sharedTables();
});

afterAll(() => tables.stop());

describe("the units that DynamoDB says a call consumed", () => {
  let table = "";
  let client: DynamoDBDocumentClient;
  let meter: Meter;

  beforeAll(async () => {
    meter = new Meter(MEMORY);
    const counted = await countedTables(tables, meter);
    client = counted.client;
    table = counted.names.requests;
  });

  const unitsOf = async (work: () => Promise<unknown>) => {
    const before = meter.taken()["api"] ?? {};
    await meter.invoke("api", work).catch(() => undefined);
    const { readUnits = 0, writeUnits = 0 } = meter.taken()["api"] ?? {};
    return [readUnits - (before.readUnits ?? 0), writeUnits - (before.writeUnits ?? 0)];
  };
  const put = (sk: string, more: object = {}) => ({
    TableName: table,
    Item: { pk: "a", sk, ...more },
    ConditionExpression: "attribute_not_exists(pk)",
  });

  it("a small item is one unit, two in a transaction, and one more in an index", async () => {
    const indexed = { [INDEX.mine.pk]: "m", [INDEX.mine.sk]: "1" };
    expect(await unitsOf(() => client.send(new PutCommand(put("1"))))).toEqual([0, 1]);
    expect(await unitsOf(() => client.send(new PutCommand(put("2", indexed))))).toEqual([0, 2]);
    const both = [{ Put: put("3") }, { Put: put("4", indexed) }];
    const transaction = new TransactWriteCommand({ TransactItems: both });
    expect(await unitsOf(() => client.send(transaction))).toEqual([0, 5]);
    const alike = [{ Put: put("5") }, { Put: put("6") }, { Put: put("7") }];
    const three = new TransactWriteCommand({ TransactItems: alike });
    expect(await unitsOf(() => client.send(three))).toEqual([0, 6]);
  });

  it("a refused write and a query that finds nothing count too", async () => {
    expect(await unitsOf(() => client.send(new PutCommand(put("1"))))).toEqual([0, 1]);
    const again = new TransactWriteCommand({
      TransactItems: [{ Put: put("1") }, { Put: put("9") }],
    });
    expect(await unitsOf(() => client.send(again))).toEqual([0, 4]);
    for (const [ConsistentRead, units] of [[false, 0.5] as const, [true, 1] as const]) {
      const query = new QueryCommand({
        TableName: table,
        ConsistentRead,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": "nothing" },
      });
      expect(await unitsOf(() => client.send(query))).toEqual([units, 0]);
    }
  });
});

describe("the use of a grant and of a month", () => {
  it("a grant adds its own calls and none of those that the clock makes anyway", async () => {
    const { grant, writes, month } = await measured(
      tables,
      MEMORY,
      { lasts: 300, after: 480 },
      300,
    );
    expect(grant["api"]).toMatchObject({ apiRequests: 4, invocations: 4 });
    expect(grant["schedules"]).toMatchObject({ scheduleInvocations: 1 });
    expect(grant["correlate"]).toMatchObject({
      serviceEvents: 3,
      queueRequests: 9,
      invocations: 3,
    });
    expect(grant["notify"]?.customEvents).toBe(5);
    expect(costOf(plus(...Object.values(writes)))).toBeCloseTo(
      costOf({ writeUnits: plus(...Object.values(grant)).writeUnits ?? 0 }),
    );
    // One for each of the five steps, written twice in its transaction and once in the index.
    expect(writes["api: AUDIT"]).toEqual({ writeUnits: 6 });
    expect(writes["converge: AUDIT"]).toEqual({ writeUnits: 9 });
    expect(grant["converge"]?.invocations).toBeGreaterThanOrEqual(3);
    for (const part of ["search", "standing", "archive", "check"])
      expect(billOf(grant[part] ?? {}), part).toEqual([]);
    expect(month["sweep"]?.invocations).toBe(43_800);
    expect(month["archive"]?.signatures).toBeGreaterThan(0);
    expect(month["converge"] ?? {}).toEqual({});
    const facts = stackFacts(brokerTemplate(costPolicy()));
    const whole = costOf(plus(stackMonth(facts), ...Object.values(month)));
    expect(whole).toBeLessThanOrEqual(BOUNDS.month);
    expect(plus(...Object.values(grant)).writeUnits).toBeLessThanOrEqual(MOST_WRITE_UNITS);
  });
});

describe("a month in which access.yaml asks other services", () => {
  it("Schedules, tickets or both cost less than their bound more, most of it polls and alarms", async () => {
    const { onCall, tickets: ofTickets, both } = await outsideMonths(tables, 300);
    for (const each of [onCall, ofTickets, both])
      expect(costOf(each)).toBeLessThanOrEqual(BOUNDS.outside);
    // The queue of outside is polled once, whatever is asked.
    expect([onCall, ofTickets, both].map(({ fifoRequests }) => fifoRequests)).toEqual([
      657_000, 657_000, 657_000,
    ]);
    expect([onCall, ofTickets, both].map(({ alarms }) => alarms)).toEqual([1, 2, 3]);
    expect(onCall).toMatchObject({ invocations: 43_800, writeUnits: 3 * 43_800 });
    expect(ofTickets.writeUnits ?? 0).toBe(0);
  });
});

describe("a bill", () => {
  it("lists the dearest first, and not what was not used", () => {
    const usage: Usage = { keys: 1, writeUnits: 1_000_000, alarms: 0, metrics: 1e-18 };
    expect(billOf(usage).map(({ priced, usd }) => [priced, usd])).toEqual([
      ["keys", 1],
      ["writeUnits", 0.625],
    ]);
    expect(costOf(usage)).toBeCloseTo(1.625);
  });

  it("takes from the template what costs by the month", () => {
    const facts = stackFacts(TEMPLATE);
    expect(facts).toEqual({
      memory: { sweep: 256 },
      alarms: 3,
      keys: 1,
      dashboards: 0,
      metrics: 2,
      polled: { fifo: 1, standard: 1 },
    });
    const polls = { fifoRequests: 657_000, queueRequests: 657_000 };
    expect(stackMonth(facts)).toEqual({ alarms: 3, keys: 1, dashboards: 0, ...polls });
  });
});

const att = (resource: string) => ({ "Fn::GetAtt": [resource, "Arn"] });
const resource = (type: string, properties: object = {}) => ({
  Type: `AWS::${type}`,
  Properties: { ...properties },
});
const alarmOn = (service: string, MetricName: string) =>
  resource("CloudWatch::Alarm", {
    Namespace: "Timelatch",
    MetricName,
    Dimensions: [{ Name: "service", Value: service }],
  });
const TEMPLATE = {
  Resources: {
    Role: resource("IAM::Role", { RoleName: "timelatch-sweep" }),
    Sweep: resource("Lambda::Function", { Role: att("Role"), MemorySize: 256 }),
    Fifo: resource("SQS::Queue", { FifoQueue: true }),
    Standard: resource("SQS::Queue"),
    Polls: resource("Lambda::EventSourceMapping", { EventSourceArn: att("Fifo") }),
    PollsToo: resource("Lambda::EventSourceMapping", { EventSourceArn: att("Standard") }),
    Key: resource("KMS::Key"),
    Reviews: alarmOn("sweep", "OverdueReviews"),
    Overdue: alarmOn("converge", "OverdueGrants"),
    Errors: resource("CloudWatch::Alarm", { Namespace: "AWS/Lambda", MetricName: "Errors" }),
  },
};
