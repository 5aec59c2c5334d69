/** The structure of `access.yaml` as one schema, which validates it and produces a JSON Schema. */
import * as z from "zod/mini";
import { ARCHIVE_NOTES, ArchiveFile } from "./archive-file.ts";
import { EXPECTED_NOTES, ExpectedFile } from "./expected-file.ts";
import {
  ClusterArn,
  Deployment,
  Name,
  PersonName,
  SlackApp,
  SlackChannel,
  SlackTeam,
  some,
} from "./file-values.ts";
import { type KeyNotes, keyWith } from "./noted.ts";
import { NOTICES_NOTES, NoticesFile } from "./notices-file.ts";
import { DELEGATION_NOTES, DelegationsFile } from "./people/delegations-file.ts";
import { IDENTITY_NOTES, IdentityFile } from "./people/identity-file.ts";
import { PEOPLE_NOTES, PersonFile } from "./people/person-file.ts";
import { ALL_RULE_NOTES, RuleFile } from "./rules/rule-file.ts";
import { SCHEDULES_NOTES, SchedulesFile } from "./schedules-file.ts";
import { TICKETS_NOTES, TicketsFile } from "./tickets-file.ts";

/** The note on each key of `access.yaml`, by its path. */
export const KEY_NOTES = {
  version: { description: "The format of this file.", examples: [1] },
  deployment: {
    description:
      "The name of this deployment, 9 characters at most. Its roles, queues and stacks begin with it, so that several can share an account. It cannot change later: another name is another deployment.",
    default: "timelatch",
    examples: ["staging"],
  },
  clusters: {
    description: "The clusters, by the name that rules and people use.",
    examples: [{ prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } }],
  },
  "clusters.*.arn": {
    description: "The cluster's ARN.",
    examples: ["arn:aws:eks:us-west-2:111122223333:cluster/prod"],
  },
  "clusters.*.retired": {
    description:
      "Lends nothing new on the cluster. What is lent there still ends. Only a cluster that was deployed so may leave the file.",
    default: false,
    examples: [true],
  },
  "clusters.*.activity": {
    description:
      "Asks the cluster's audit log at the end of each grant what was done with it. CloudWatch charges for each GB that is scanned.",
    default: null,
    examples: [{ maxScanGb: 10 }],
  },
  "clusters.*.activity.maxScanGb": {
    description:
      "The most that may be scanned for one grant, in GB. Above it nothing is read, and the evidence says so.",
    examples: [10],
  },
  slack: {
    description: "Where the broker speaks in Slack. Without it, it sends nothing there.",
    default: null,
    examples: [{ teams: ["T0001"], channel: "C0001", alarms: "C0002" }],
  },
  "slack.teams": {
    description: "Workspaces (T…) and organisations (E…) whose people may use it.",
    examples: [["T0001"]],
  },
  "slack.app": {
    description:
      "The Slack app's id. Calls of other apps are refused; without it, the app is not checked.",
    default: null,
    examples: ["A0001"],
  },
  "slack.channel": {
    description: "The approvers' channel of every rule that names none.",
    examples: ["C0001"],
  },
  "slack.alarms": {
    description: "The channel for alarms: break-glass and findings.",
    examples: ["C0002"],
  },
  ...ALL_RULE_NOTES,
  ...ARCHIVE_NOTES,
  ...DELEGATION_NOTES,
  ...EXPECTED_NOTES,
  ...IDENTITY_NOTES,
  ...NOTICES_NOTES,
  ...PEOPLE_NOTES,
  ...SCHEDULES_NOTES,
  ...TICKETS_NOTES,
} as const satisfies KeyNotes;

const key = keyWith(KEY_NOTES);

const Activity = z.strictObject({
  maxScanGb: key(
    "clusters.*.activity.maxScanGb",
    z.number().check(z.gt(0), z.lte(10_000, "Write at most 10,000 GB.")),
  ),
});

export const AccessPolicyFile = z.strictObject({
  version: key("version", z.literal(1)),
  deployment: key("deployment", z.exactOptional(Deployment)),
  clusters: key(
    "clusters",
    z.record(
      Name,
      z.strictObject({
        arn: key("clusters.*.arn", ClusterArn),
        retired: key("clusters.*.retired", z.optional(z.boolean())),
        activity: key("clusters.*.activity", z.optional(Activity)),
      }),
    ),
  ),
  identity: key("identity", z.exactOptional(IdentityFile)),
  people: key("people", z.record(PersonName, PersonFile)),
  roles: key(
    "roles",
    z.optional(
      z.strictObject({
        admins: key("roles.admins", z.optional(z.array(Name))),
        auditors: key("roles.auditors", z.optional(z.array(Name))),
      }),
    ),
  ),
  slack: key(
    "slack",
    z.optional(
      z.strictObject({
        teams: key("slack.teams", some(SlackTeam)),
        app: key("slack.app", z.exactOptional(SlackApp)),
        channel: key("slack.channel", SlackChannel),
        alarms: key("slack.alarms", SlackChannel),
      }),
    ),
  ),
  notices: key("notices", z.optional(NoticesFile)),
  delegations: key("delegations", z.optional(DelegationsFile)),
  expected: key("expected", z.optional(ExpectedFile)),
  schedules: key("schedules", z.optional(SchedulesFile)),
  tickets: key("tickets", z.optional(TicketsFile)),
  archive: key("archive", z.optional(ArchiveFile)),
  rules: key("rules", z.array(RuleFile)),
});
