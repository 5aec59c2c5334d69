import { describe, expect, it } from "vitest";
import { loadStack } from "../../../../lab/sandbox/template/load-stack.ts";
import { assembly, FUNCTION_RESOURCES, PLACE } from "./assembly-fixture.ts";

const QUEUE_ARN = "arn:aws:sqs:us-west-2:111122223333:Timelatch-Queue";
const PATTERN = { source: ["aws.eks"], detail: { eventName: [{ prefix: "Create" }] } };
const TARGET = { Id: "1", Arn: { "Fn::GetAtt": ["Queue", "Arn"] } };

const load = (rule: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  loadStack(
    assembly(
      {
        ...FUNCTION_RESOURCES,
        Queue: { Type: "AWS::SQS::Queue", Properties: {} },
        Rule: { Type: "AWS::Events::Rule", Properties: rule },
        ...more,
      },
      { abc: "" },
    ),
    PLACE,
  );
const rule = (members: Record<string, unknown> = {}) => ({
  EventPattern: PATTERN,
  State: "ENABLED",
  Targets: [TARGET],
  ...members,
});

describe("a rule with an event pattern", () => {
  it("A rule with an event pattern is on the default bus, with its queues", () => {
    expect(load(rule())).toMatchObject({
      rules: [],
      eventRules: [
        {
          name: "Timelatch-Rule",
          arn: "arn:aws:events:us-west-2:111122223333:rule/Timelatch-Rule",
          busName: "default",
          pattern: PATTERN,
          targets: [{ arn: QUEUE_ARN }],
        },
      ],
    });
  });

  it("A rule may name a bus of the template, a dead-letter queue and a message group", () => {
    const [found] = load(
      rule({
        EventBusName: { "Fn::GetAtt": ["Bus", "Arn"] },
        Targets: [
          {
            ...TARGET,
            DeadLetterConfig: { Arn: { "Fn::GetAtt": ["Queue", "Arn"] } },
            RetryPolicy: { MaximumRetryAttempts: 3 },
            SqsParameters: { MessageGroupId: "g" },
          },
        ],
      }),
      { Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "own" } } },
    ).eventRules;
    expect(found).toMatchObject({
      busName: "own",
      targets: [{ arn: QUEUE_ARN, deadLetterArn: QUEUE_ARN, messageGroupId: "g" }],
    });
  });

  it("A rule may send to a bus of another account, under a role", () => {
    const bus = "arn:aws:events:us-west-2:444455556666:event-bus/hub";
    const roleArn = "arn:aws:iam::111122223333:role/forward";
    const sent = rule({ Targets: [{ Id: "1", Arn: bus, RoleArn: roleArn }] });
    expect(load(sent).eventRules[0]?.targets).toEqual([{ arn: bus, roleArn }]);
  });

  it("A disabled rule is left out", () => {
    expect(load(rule({ State: "DISABLED" })).eventRules).toEqual([]);
  });

  it.each([
    [
      "a pattern that is not emulated",
      { EventPattern: { source: [{ wildcard: "*" }] } },
      "wildcard",
    ],
    ["a schedule beside the pattern", { ScheduleExpression: "rate(1 minute)" }, "a schedule"],
    ["another bus", { EventBusName: "elsewhere" }, "the event bus elsewhere"],
    [
      "another target",
      { Targets: [{ Id: "1", Arn: "arn:aws:sns:x:1:t" }] },
      "the target arn:aws:sns",
    ],
    [
      "another bus as its target, without a role",
      { Targets: [{ Id: "1", Arn: "arn:aws:events:us-west-2:444455556666:event-bus/hub" }] },
      "a role for the target",
    ],
    ["an input", { Targets: [{ ...TARGET, Input: "{}" }] }, "a target's Input"],
    [
      "a dead-letter queue from elsewhere",
      { Targets: [{ ...TARGET, DeadLetterConfig: { Arn: "arn:aws:sqs:x:1:q" } }] },
      "the dead-letter queue",
    ],
  ])("A rule with %s is refused", (_what, members, text) => {
    expect(() => load(rule(members))).toThrow(text);
  });
});

it("A queue has the documents of its policies", () => {
  const document = { Version: "2012-10-17", Statement: [] };
  const policy = (queue: unknown) => ({
    Type: "AWS::SQS::QueuePolicy",
    Properties: { Queues: [queue], PolicyDocument: document },
  });
  const [queue] = load(rule(), { Policy: policy({ Ref: "Queue" }) }).queues;
  expect(queue?.policies).toEqual([document]);
  const [another] = load(rule(), { Policy: policy("http://elsewhere") }).queues;
  expect(another?.policies).toEqual([]);
});
