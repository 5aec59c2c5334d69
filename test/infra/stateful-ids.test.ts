/**
 * CloudFormation knows a resource only by its logical id. Under another id, an upgrade makes a new
 * one beside the stored data, or beside the ARN that people noted. See UPGRADING.md.
 */
import { describe, expect, it } from "vitest";
import { variantOf } from "../../infra/synth/variants.ts";
import { broker } from "./broker.ts";

/** The loss for each id if it changed. */
const KEPT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "AWS::DynamoDB::GlobalTable": {
    TablesRequests3CA232D6: "requests and grants",
    TablesAuditCEFF9E0F: "the record",
    TablesLedgerF9806C8B: "what is lent on each entry",
  },
  "AWS::S3::Bucket": { ArchiveBucket49F1AC64: "the archive" },
  "AWS::KMS::Key": { ArchiveSealKey1AA19D4B: "the key that seals each day" },
  "AWS::SQS::Queue": {
    ConvergeQueue280A5588: "ends that are under way; schedules name the queue",
    ConvergeDeadLettersF30341F3: "bindings to check",
    SchedulesDeadLettersE738B711: "ends that Scheduler did not deliver; schedules name the queue",
    NotifyQueue6D88C138: "messages that are under way",
    NotifyDeadLettersC5139D50: "messages to look at",
    CorrelationEvidenceQueue8168FEDB: "CloudTrail's events that nobody compared yet",
    CorrelationEvidenceDeadLettersD18CF9CE: "CloudTrail's events to look at",
  },
  "AWS::Events::EventBus": { EventsD32975C2: "rules that receivers put on it" },
  "AWS::ApiGatewayV2::Api": { HttpApi4E1D4184: "the address that everybody has configured" },
};

/** The same in the stack of the broker's fuses. */
const KEPT_FUSES: Readonly<Record<string, string>> = {
  Group: "every armed end and fuse",
  FuseRole3804A66D: "the role that armed fuses name",
  LostFusesQueue6FF8CDC7: "fuses that did not fire; fuses name the queue",
};

/** Roles and a policy, by the names that other accounts, schedules and people's roles know them by. */
const NAMED: Readonly<Record<string, string>> = {
  SchedulesScheduleRoleABF07AFF: "timelatch-schedule",
  ApiFunctionRole927806B9: "timelatch-api",
  ConvergeFunctionRole034F4A9F: "timelatch-converge",
  SweepFunctionRoleE7A024A8: "timelatch-sweep",
  NotifyFunctionRoleF3D3D7B4: "timelatch-notify",
  SlackFunctionRole3FDC90DE: "timelatch-slack",
  CorrelateFunctionRole7A4B3D0A: "timelatch-correlate",
  ArchiveFunctionRoleDD5F080A: "timelatch-archive",
  ActivityFunctionRoleF5D54D3C: "timelatch-activity",
  StandingFunctionRole5E9E8F5A: "timelatch-standing",
  GrantorsPolicies01A81107: "timelatch-grantor",
  GrantorsGroupsC89654AF: "timelatch-grantor-groups",
  HttpCallPolicy2B273033: "timelatch-call",
};

/**
 * Types that CloudFormation may make again: they hold nothing, or their log is kept under the old
 * name. Roles without a name belong to them. A named role does not: CloudFormation makes the new
 * one first, and its name is still taken.
 */
const REPLACEABLE = [
  "AWS::ApiGatewayV2::Integration",
  "AWS::ApiGatewayV2::Route",
  "AWS::ApiGatewayV2::Stage",
  "AWS::CDK::Metadata",
  "AWS::CloudWatch::Alarm",
  "AWS::CloudWatch::Dashboard",
  "AWS::Events::Rule",
  "AWS::IAM::ManagedPolicy",
  "AWS::IAM::Policy",
  "AWS::IAM::Role",
  "AWS::Lambda::EventInvokeConfig",
  "AWS::Lambda::EventSourceMapping",
  "AWS::Lambda::Function",
  "AWS::Lambda::Permission",
  "AWS::Logs::LogGroup",
  "AWS::S3::BucketPolicy",
  "AWS::SQS::QueuePolicy",
];

const { template, fuses } = broker(undefined, variantOf({ TIMELATCH_DASHBOARD: "on" }));
const { Resources } = template;
const idsOf = (type: string) =>
  Object.entries(Resources).flatMap(([id, { Type }]) => (Type === type ? id : []));

describe("Logical ids of what is kept", () => {
  it.each(Object.entries(KEPT))("%s keeps its ids", (type, ids) => {
    expect(idsOf(type).toSorted()).toEqual(Object.keys(ids).toSorted());
  });

  it("The stack of the broker's fuses keeps its ids", () => {
    const replaceable = ["AWS::IAM::Policy", "AWS::CloudWatch::Alarm"];
    const kept = Object.entries(fuses.Resources).flatMap(([id, { Type, Properties = {} }]) =>
      !replaceable.includes(Type) && Object.keys(Properties).some((key) => key.endsWith("Name"))
        ? [id]
        : [],
    );
    expect(kept.toSorted()).toEqual(Object.keys(KEPT_FUSES).toSorted());
  });

  it("A resource with a name of its own keeps its id, or the deployment fails", () => {
    const named = Object.entries(Resources).flatMap(([id, { Properties: properties = {} }]) => {
      const { RoleName: role, ManagedPolicyName: policy } = properties;
      return typeof (role ?? policy) === "string" ? [[id, role ?? policy]] : [];
    });
    expect(Object.fromEntries(named)).toEqual(NAMED);
  });

  it("Every type of the stack is known as one that is kept, or one that may be made again", () => {
    const known = new Set([...Object.keys(KEPT), ...REPLACEABLE]);
    const types = new Set(Object.values(Resources).map(({ Type }) => Type));
    expect([...types].filter((type) => !known.has(type))).toEqual([]);
  });

  it.each([
    ["AWS::DynamoDB::GlobalTable", "Retain"],
    ["AWS::S3::Bucket", "RetainExceptOnCreate"],
    ["AWS::KMS::Key", "RetainExceptOnCreate"],
    ["AWS::Logs::LogGroup", "RetainExceptOnCreate"],
  ])("%s holds the record, and stays when the stack is deleted", (type, DeletionPolicy) => {
    for (const [id, resource] of Object.entries(Resources))
      if (resource.Type === type)
        expect({ id, ...resource }).toMatchObject({
          id,
          DeletionPolicy,
          UpdateReplacePolicy: "Retain",
        });
  });
});
