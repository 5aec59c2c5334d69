import { describe, expect, it } from "vitest";
import { SANDBOX } from "../../../infra/synth/settings.ts";
import { broker } from "../broker.ts";

const stack = broker();
const only = (type: string, start: string) => {
  const [found, second] = stack.ofType(type).filter(({ logicalId }) => logicalId.startsWith(start));
  if (!found || second) throw new Error(`${type} ${start}: one was expected.`);
  return found;
};
const properties = (type: string, start: string) => only(type, start).properties.all;

describe("the queue of CloudTrail's events", () => {
  it("CloudTrail's changes of access entries go from the default bus to correlate's queue, and only that rule may send", () => {
    const rule = only("AWS::Events::Rule", "CorrelationEvidenceChanges");
    expect(properties("AWS::Events::Rule", "CorrelationEvidenceChanges")).toEqual({
      State: "ENABLED",
      EventPattern: {
        source: ["aws.eks"],
        "detail-type": ["AWS API Call via CloudTrail"],
        detail: {
          eventSource: ["eks.amazonaws.com"],
          eventName: [
            "CreateAccessEntry",
            "UpdateAccessEntry",
            "DeleteAccessEntry",
            "AssociateAccessPolicy",
            "DisassociateAccessPolicy",
          ],
        },
      },
      Targets: [expect.objectContaining({ Id: "Target0" })],
    });
    const [policy] = Object.entries(stack.template.Resources)
      .filter(([name]) => name.startsWith("CorrelationEvidenceQueuePolicy"))
      .map(([, { Properties }]) => Properties?.["PolicyDocument"]);
    const { Statement } = policy as { Statement: readonly Record<string, unknown>[] };
    expect(Statement.filter(({ Effect }) => Effect === "Allow")).toEqual([
      expect.objectContaining({
        Action: "sqs:SendMessage",
        Principal: { Service: "events.amazonaws.com" },
        Condition: {
          ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": [rule.logicalId, "Arn"] } },
        },
      }),
    ]);
  });

  it("an event that correlate cannot take is kept in a dead-letter queue", () => {
    expect(properties("AWS::SQS::Queue", "CorrelationEvidenceQueue")).toMatchObject({
      VisibilityTimeout: SANDBOX.correlateVisibilitySeconds,
      RedrivePolicy: { maxReceiveCount: 10 },
    });
  });
});
