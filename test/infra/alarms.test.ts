/** Which alarm each failure raises: before some alarms were merged, and now. */
import { describe, expect, it } from "vitest";
import { broker } from "./broker.ts";

/** A failure, the alarm that it raised once, and the one that it raises now. */
const RINGS: readonly (readonly [failure: string, before: string, now: string])[] = [
  ["a grant is over, and its access not seen gone", "OverdueGrants", "OverdueGrants"],
  ["Scheduler refuses fuses", "FuseRefused", "FuseRefused"],
  ["an entry of ours stays without a grant", "BareEntry", "BareEntry"],
  ["records are left out, or a ledger has no room", "TableFaults", "TableFaults"],
  ["the sweep is not started", "SweepSilent", "SweepSilent"],
  ["Lambda throttles the sweep", "SweepThrottles", "SweepSilent"],
  ["a sweep fails", "SweepErrors", "SweepErrors"],
  ["converge fails", "ConvergeErrors", "ConvergeErrors"],
  ["Lambda throttles converge", "ConvergeThrottles", "ConvergeThrottles"],
  ["messages wait for converge", "ConvergeBacklog", "ConvergeBacklog"],
  ["converge fails on a binding five times", "ConvergeDeadLetters", "ConvergeDeadLetters"],
  ["Scheduler gives up on an end or a fuse", "SchedulesDropped", "SchedulesDropped"],
  ["Scheduler cannot deliver an end", "ScheduleDeadLetters", "ScheduleDeadLetters"],
  ["the API answers server errors", "ApiServerErrors", "ApiServerErrors"],
  ["Lambda throttles api", "ApiThrottles", "ApiThrottles"],
  ["slack fails", "SlackErrors", "SlackErrors"],
  ["Lambda throttles slack", "SlackThrottles", "SlackThrottles"],
  ["Lambda throttles notify", "NotifyThrottles", "NotifyDeadLetters"],
  ["notify fails", "NotifyErrors", "NotifyDeadLetters"],
  ["notify fails on a subject five times", "NotifyDeadLetters", "NotifyDeadLetters"],
  ["Slack refuses a message", "UndeliverableNotices", "UndeliverableNotices"],
  ["the bus lacks an event for five minutes", "UnpublishedEvents", "UndeliverableNotices"],
  ["nobody closes a review", "OverdueReviews", "OverdueReviews"],
  ["nothing explains a change", "EvidenceFindings", "EvidenceFindings"],
  ["CloudTrail lacks a call of ours", "MissingCalls", "EvidenceFindings"],
  ["an event cannot be read", "UnreadableEvents", "EvidenceFindings"],
  ["correlate fails", "CorrelateErrors", "CorrelateErrors"],
  ["Lambda throttles correlate", "CorrelateThrottles", "CorrelateThrottles"],
  ["correlate fails on an event ten times", "EvidenceDeadLetters", "EvidenceDeadLetters"],
  ["archive fails", "ArchiveFailing", "ArchiveFailing"],
  ["archive is not started", "ArchiveSilent", "ArchiveSilent"],
  ["the audit table contradicts the archive", "ChainWentBack", "ChainWentBack"],
  ["an audit log cannot be asked", "ActivityUnread", "ActivityUnread"],
  ["activity fails", "ActivityErrors", "ActivityErrors"],
  ["AWS refuses to list entries", "StandingLate", "StandingLate"],
  ["standing fails", "StandingErrors", "StandingLate"],
  ["standing is not started", "StandingSilent", "StandingLate"],
];

const { template } = broker();
const resources = Object.entries(template.Resources).map(([id, { Type, Properties = {} }]) => ({
  ...{ id, Type },
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
  it("each failure that raised an alarm once raises one that exists", () => {
    const now = new Set(RINGS.map(([, , name]) => name));
    expect(alarms.toSorted()).toEqual([...now].sort());
    expect(new Set(RINGS.map(([, before]) => before)).size).toBe(37);
    expect(alarms).toHaveLength(29);
  });

  it("an alarm keeps its name for as long as what it said before", () => {
    for (const name of alarms)
      expect(
        RINGS.some(([, before, now]) => before === name && now === name),
        name,
      ).toBe(true);
  });

  it.each([
    ["UndeliverableNotices", "notify"],
    ["EvidenceFindings", "correlate"],
    // Not standing, which says nothing when it does not run.
    ["StandingLate", "sweep"],
  ])("%s is what %s reports", (name, service) => {
    expect(alarm(name)).toMatchObject({
      ...{ Namespace: "Timelatch", MetricName: name },
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
      ...{ MetricName: "Invocations", EvaluationPeriods: 3, Period: 60 },
      Dimensions: [{ Name: "FunctionName", Value: { Ref: sweep.id } }],
    });
  });

  it("the sweep reports old lists several times in the period of their alarm", () => {
    expect(alarm("StandingLate")).toMatchObject({ Period: 900, EvaluationPeriods: 2 });
  });
});
