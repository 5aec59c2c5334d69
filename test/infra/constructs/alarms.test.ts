/** The alarm that each failure raises. */
import { describe, expect, it } from "vitest";
import { broker } from "../broker.ts";

/** Each failure that somebody must hear of, and its alarm. Several may share one. */
const RINGS: readonly (readonly [failure: string, alarm: string])[] = [
  ["a grant is over, and its access not seen gone", "OverdueGrants"],
  ["Scheduler refuses fuses", "FuseRefused"],
  ["an entry of ours stays without a grant", "BareEntry"],
  ["records are left out, or a ledger has no room", "TableFaults"],
  ["the sweep is not started", "SweepSilent"],
  ["Lambda throttles the sweep", "SweepSilent"],
  ["a sweep fails", "SweepErrors"],
  ["converge fails", "ConvergeErrors"],
  ["Lambda throttles converge", "ConvergeThrottles"],
  ["messages wait for converge", "ConvergeBacklog"],
  ["converge fails on a binding five times", "ConvergeDeadLetters"],
  ["Scheduler gives up on an end or a fuse", "SchedulesDropped"],
  ["Scheduler cannot deliver an end", "ScheduleDeadLetters"],
  ["the API answers server errors", "ApiServerErrors"],
  ["Lambda throttles api", "ApiThrottles"],
  ["slack fails", "SlackErrors"],
  ["Lambda throttles slack", "SlackThrottles"],
  ["Lambda throttles notify", "NotifyDeadLetters"],
  ["notify fails", "NotifyDeadLetters"],
  ["notify fails on a subject five times", "NotifyDeadLetters"],
  ["Slack refuses a message", "UndeliverableNotices"],
  ["the bus lacks an event for five minutes", "UndeliverableNotices"],
  ["nobody closes a review", "OverdueReviews"],
  ["nothing explains a change", "EvidenceFindings"],
  ["CloudTrail lacks a call of ours", "EvidenceFindings"],
  ["an event cannot be read", "EvidenceFindings"],
  ["correlate fails", "CorrelateErrors"],
  ["Lambda throttles correlate", "CorrelateThrottles"],
  ["correlate fails on an event ten times", "EvidenceDeadLetters"],
  ["archive fails", "ArchiveFailing"],
  ["archive is not started", "ArchiveSilent"],
  ["the audit table contradicts the archive", "ChainWentBack"],
  ["the archive has an object that archive did not write", "ChainWentBack"],
  ["an audit log cannot be asked", "ActivityUnread"],
  ["activity fails", "ActivityErrors"],
  ["AWS refuses to list entries", "StandingLate"],
  ["standing fails", "StandingLate"],
  ["standing is not started", "StandingLate"],
];

const { template } = broker();
const resources = Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => ({
  id,
  Type,
  properties: Properties as Readonly<Record<string, unknown>>,
}));
const named = (type: string, start: string) => {
  const found = resources.filter(({ id, Type }) => Type === type && id.startsWith(start));
  if (found.length !== 1) throw new Error(`There are ${found.length} of ${start}, and not one.`);
  return found[0] as (typeof resources)[number];
};
const alarm = (name: string) => named("AWS::CloudWatch::Alarm", `Alarms${name}`).properties;
const alarms = resources
  .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
  .map(({ id }) => id.replace(/^Alarms/, "").replace(/[0-9A-F]{8}$/, ""));

describe("the alarms", () => {
  it("each failure has an alarm that exists, and each alarm a failure", () => {
    expect(alarms.toSorted()).toEqual([...new Set(RINGS.map(([, name]) => name))].sort());
  });

  it.each([
    ["UndeliverableNotices", "notify"],
    ["EvidenceFindings", "correlate"],
    // Not standing, which says nothing when it does not run.
    ["StandingLate", "sweep"],
  ])("%s is what %s reports", (name, service) => {
    expect(alarm(name)).toMatchObject({
      Namespace: "Timelatch",
      MetricName: name,
      Dimensions: [{ Name: "service", Value: service }],
    });
  });

  it("notify that fails or is not started five times leaves a message where an alarm counts", () => {
    const queue = named("AWS::SQS::Queue", "NotifyQueue");
    const dead = named("AWS::SQS::Queue", "NotifyDeadLetters");
    expect(queue.properties["RedrivePolicy"]).toEqual({
      deadLetterTargetArn: { "Fn::GetAtt": [dead.id, "Arn"] },
      maxReceiveCount: 5,
    });
    expect(alarm("NotifyDeadLetters")).toMatchObject({
      MetricName: "ApproximateNumberOfMessagesVisible",
      Dimensions: [{ Name: "QueueName", Value: { "Fn::GetAtt": [dead.id, "QueueName"] } }],
      Threshold: 1,
    });
  });

  it("a sweep that Lambda throttles is not an invocation, and three minutes without one ring", () => {
    const sweep = named("AWS::Lambda::Function", "SweepFunction");
    expect(alarm("SweepSilent")).toMatchObject({
      MetricName: "Invocations",
      EvaluationPeriods: 3,
      Period: 60,
      Dimensions: [{ Name: "FunctionName", Value: { Ref: sweep.id } }],
    });
  });

  it("the sweep reports old lists several times in the period of their alarm", () => {
    expect(alarm("StandingLate")).toMatchObject({ Period: 900, EvaluationPeriods: 2 });
  });
});
