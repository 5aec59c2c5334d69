import { describe, expect, it } from "vitest";
import { variantOf } from "../../infra/synth/variants.ts";
import { broker } from "./broker.ts";

const REGION = "us-west-2";
const env = { CDK_DEFAULT_ACCOUNT: "111122223333", CDK_DEFAULT_REGION: REGION };
const topic = (name: string, region = REGION) => `arn:aws:sns:${region}:111122223333:${name}`;
const variantWith = (topics: string, more: object = env) =>
  variantOf({ ...more, TIMELATCH_ALARM_TOPICS: topics });

const alarmsOf = (topics: string) =>
  Object.values(broker(undefined, variantWith(topics)).template.Resources)
    .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
    .map(({ Properties }) => Properties);

describe("the topics of alarms", () => {
  it("every alarm tells every topic when it fires, and when it is over", () => {
    const alarms = alarmsOf(`${topic("pager")}, ${topic("chat")}`);
    expect(alarms.length).toBeGreaterThan(20);
    const actions = [topic("pager"), topic("chat")];
    for (const alarm of alarms)
      expect(alarm).toMatchObject({ AlarmActions: actions, OKActions: actions });
  });

  it("without topics, alarms have no actions", () => {
    const alarms = alarmsOf("");
    expect(alarms[0]).toHaveProperty("AlarmDescription");
    for (const alarm of alarms) expect(alarm).not.toHaveProperty("AlarmActions");
  });

  it.each([
    ["a name", "pager", env],
    ["a queue", `arn:aws:sqs:${REGION}:111122223333:pager`, env],
    ["a FIFO topic", topic("pager.fifo"), env],
    ["a topic of another region", topic("pager", "eu-west-1"), env],
    ["one wrong among several", `${topic("pager")},chat`, env],
    ["a name, for a template that fits any region", "pager", {}],
  ])("%s is refused", (_what, topics, variables) => {
    expect(() => variantWith(topics, variables)).toThrow(
      /^TIMELATCH_ALARM_TOPICS has .+ Nothing was synthesized\. Write ARNs of standard topics/,
    );
  });

  it("a topic of any region fits a template for any region", () => {
    expect(variantWith(topic("pager", "eu-west-1"), {}).settings.alarmTopics).toHaveLength(1);
  });
});
