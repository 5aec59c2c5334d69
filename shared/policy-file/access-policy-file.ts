/** The structure of `access.yaml` as one schema, which validates it and produces a JSON Schema. */
import * as z from "zod/mini";
import { ArchiveFile } from "./archive-file.ts";
import { ExpectedFile } from "./expected-file.ts";
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
import { key } from "./key-notes.ts";
import { DelegationsFile } from "./people/delegations-file.ts";
import { IdentityFile } from "./people/identity-file.ts";
import { PersonFile } from "./people/person-file.ts";
import { RuleFile } from "./rules/rule-file.ts";

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
  delegations: key("delegations", z.optional(DelegationsFile)),
  expected: key("expected", z.optional(ExpectedFile)),
  archive: key("archive", z.optional(ArchiveFile)),
  rules: key("rules", z.array(RuleFile)),
});
