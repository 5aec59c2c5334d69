import { describe, expect, it } from "vitest";
import { brokerTopics, demandTopicsFit, topicsAt } from "../../../infra/synth/alarm-topics.ts";
import { variantOf } from "../../../infra/synth/variants.ts";
import { broker } from "../broker.ts";

const REGION = "us-west-2";
const env = { CDK_DEFAULT_ACCOUNT: "111122223333", CDK_DEFAULT_REGION: REGION };
const topic = (name: string, region = REGION) => `arn:aws:sns:${region}:111122223333:${name}`;
const variantWith = (topics: string, more: object = env) =>
  variantOf({ ...more, TIMELATCH_ALARM_TOPICS: topics });

const alarmsOf = (topics: string) =>
  Object.values(broker(undefined, variantWith(topics)).template.Resources)
    .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
    .map(({ Properties }) => Properties);

const TOPOLOGY = {
  hub: "111122223333",
  own: "111122223333",
  region: REGION,
  partition: "aws",
  remoteRegions: ["eu-central-1"],
  spokes: [{ partition: "aws", account: "444455556666", regions: ["us-west-2", "eu-west-1"] }],
  groups: [],
};

describe("the place of a topic", () => {
  it.each([
    ["of the broker's region", topic("pager")],
    ["of the broker's region in an account for alarms", "arn:aws:sns:us-west-2:999999999999:pager"],
    ["of a further region of the broker's account", topic("pager", "eu-central-1")],
    ["of an account and region with clusters", "arn:aws:sns:eu-west-1:444455556666:pager"],
  ])("a topic %s fits", (_where, arn) => {
    expect(() => demandTopicsFit([arn], TOPOLOGY)).not.toThrow();
  });

  it.each([
    ["of a region without clusters", topic("pager", "eu-west-1")],
    ["of another account in a region of a spoke", "arn:aws:sns:eu-west-1:999999999999:pager"],
  ])("a topic %s is refused", (_where, arn) => {
    expect(() => demandTopicsFit([topic("chat"), arn], TOPOLOGY)).toThrow(
      /^The alarm topic ".+" is no SNS topic of us-west-2, .+444455556666\/eu-west-1.+ Nothing was synthesized\./,
    );
  });

  it("the alarm of an account takes topics only of its own account and region", () => {
    const own = "arn:aws:sns:eu-west-1:444455556666:pager";
    const place = { account: "444455556666", region: "eu-west-1" };
    expect(topicsAt([topic("pager", "eu-west-1"), own, topic("chat")], place)).toEqual([own]);
    expect(brokerTopics([own, topic("chat")], TOPOLOGY)).toEqual([topic("chat")]);
  });
});

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
