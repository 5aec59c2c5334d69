/** The structure of `access.yaml` as one schema, which validates it and produces a JSON Schema. */
import * as z from "zod/mini";
import { DelegationsFile } from "./delegations-file.ts";
import { ExpectedFile } from "./expected-file.ts";
import {
  ClusterArn,
  Email,
  IamIdentity,
  Name,
  PersonName,
  PrincipalArn,
  SlackApp,
  SlackChannel,
  SlackIdentity,
  SlackTeam,
  some,
} from "./file-values.ts";
import { key } from "./key-notes.ts";
import { RuleFile } from "./rule-file.ts";

const Activity = z.strictObject({
  maxScanGb: key(
    "clusters.*.activity.maxScanGb",
    z.number().check(z.gt(0), z.lte(10_000, "Write at most 10,000 GB.")),
  ),
});

export const AccessPolicyFile = z.strictObject({
  version: key("version", z.literal(1)),
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
  people: key(
    "people",
    z.record(
      PersonName,
      z.strictObject({
        email: key("people.*.email", Email),
        groups: key("people.*.groups", z.optional(z.array(Name))),
        identities: key(
          "people.*.identities",
          z.strictObject({
            iam: key("people.*.identities.iam", z.optional(z.array(IamIdentity))),
            slack: key("people.*.identities.slack", z.optional(z.array(SlackIdentity))),
          }),
        ),
        principals: key("people.*.principals", z.optional(z.array(PrincipalArn))),
      }),
    ),
  ),
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
  rules: key("rules", z.array(RuleFile)),
});
