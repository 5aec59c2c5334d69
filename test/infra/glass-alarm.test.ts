/** Without Slack's alarm channel, the topics hear of break-glass. */
import { describe, expect, it } from "vitest";
import { broker, SAMPLE } from "./broker.ts";

const alarmsOf = ({ template }: ReturnType<typeof broker>) =>
  Object.entries(template.Resources).filter(
    ([id, { Type }]) => Type === "AWS::CloudWatch::Alarm" && id.startsWith("AlarmsBreakGlassUsed"),
  );

describe("The alarm on break-glass", () => {
  it("It is there without Slack, on what notify reports, and not with Slack", () => {
    const { slack: _slack, ...without } = SAMPLE;
    expect(alarmsOf(broker(without))).toMatchObject([
      [expect.anything(), { Properties: { MetricName: "BreakGlassUsed", Threshold: 1 } }],
    ]);
    expect(alarmsOf(broker())).toEqual([]);
  });
});
