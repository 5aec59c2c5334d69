/** Alarms on AWS's own metrics: each has a name and dimensions that AWS documents, of something in its stack. */
import { describe, expect, it } from "vitest";
import { broker, SAMPLE } from "./broker.ts";
import { resolvedElsewhere } from "./spoke-world.ts";

/** Dimensions that a metric has as a set, by namespace and name, with the type of what they name. */
const DOCUMENTED: Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
> = {
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": Object.fromEntries(
    ["Invocations", "Errors", "Throttles"].map((name) => [
      name,
      { FunctionName: "AWS::Lambda::Function" },
    ]),
  ),
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS": Object.fromEntries(
    ["ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"].map((name) => [
      name,
      { QueueName: "AWS::SQS::Queue" },
    ]),
  ),
  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
  "AWS/Scheduler": { InvocationDroppedCount: { ScheduleGroup: "AWS::Scheduler::ScheduleGroup" } },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  "AWS/ApiGateway": { "5xx": { ApiId: "AWS::ApiGatewayV2::Api" } },
};

const hub = broker(SAMPLE);
const STACKS = [
  { name: "the broker's stack and its fuses", ofType: hub.ofBoth },
  ...resolvedElsewhere,
];

const ALARMS = STACKS.flatMap(({ name: stack, ofType }) =>
  ofType("AWS::CloudWatch::Alarm")
    .filter(({ properties }) => properties.text("Namespace").startsWith("AWS/"))
    .map(({ logicalId, properties }) => ({ stack, alarm: logicalId, properties, ofType })),
);

describe("Alarms on metrics of AWS", () => {
  it("Each stack has some", () => {
    expect(new Set(ALARMS.map(({ stack }) => stack)).size).toBe(STACKS.length);
    expect(ALARMS.length).toBeGreaterThan(15);
  });

  it.each(ALARMS)(
    "$alarm of $stack reads a metric that AWS documents, of what is there",
    ({ properties, ofType }) => {
      const dimensions = properties.raw("Dimensions") as readonly { Name: string; Value: string }[];
      const types = DOCUMENTED[properties.text("Namespace")]?.[properties.text("MetricName")];
      expect(dimensions.map(({ Name }) => Name)).toEqual(Object.keys(types ?? {}));
      for (const { Name, Value } of dimensions) {
        const named = ofType(types?.[Name] ?? "").map(({ ref, attributes }) => [
          ref,
          attributes["QueueName"],
        ]);
        expect(named.flat(), Name).toContain(Value);
      }
    },
  );
});
