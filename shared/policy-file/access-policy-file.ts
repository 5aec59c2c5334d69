/** The structure of `access.yaml` as one schema, which validates it and produces a JSON Schema. */
import * as z from "zod/mini";
import { ExpectedFile } from "./expected-file.ts";
import {
  ClusterArn,
  Duration,
  Email,
  IamIdentity,
  KubernetesGroup,
  Name,
  NamespacePattern,
  Pattern,
  PersonName,
  PolicyName,
  PrincipalArn,
  SlackApp,
  SlackChannel,
  SlackIdentity,
  SlackTeam,
  some,
} from "./file-values.ts";
import { key } from "./key-notes.ts";

const Who = z
  .strictObject({
    people: key("rules.*.who.people", z.optional(some(Name))),
    groups: key("rules.*.who.groups", z.optional(some(Name))),
  })
  .check(z.refine((who) => who.people || who.groups, "Name people or groups."));

const Policies = key("rules.*.access.policies", some(PolicyName));
const Access = z.union(
  [
    z.strictObject({
      policies: Policies,
      scope: key("rules.*.access.scope", z.literal("cluster")),
    }),
    z.strictObject({
      policies: Policies,
      namespaces: key("rules.*.access.namespaces", some(NamespacePattern)),
      wildcards: key("rules.*.access.wildcards", z.optional(z.boolean())),
    }),
    z.strictObject({ groups: key("rules.*.access.groups", some(KubernetesGroup)) }),
  ],
  "Write policies with scope: cluster, policies with namespaces, or groups.",
);

const RequirementFile = z.strictObject({
  groups: key("rules.*.approval.*.groups", some(Name)),
  count: key("rules.*.approval.*.count", z.optional(z.int().check(z.gte(1), z.lte(10)))),
});

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
  expected: key("expected", z.optional(ExpectedFile)),
  rules: key(
    "rules",
    z.array(
      z.strictObject({
        name: key("rules.*.name", Name),
        who: key("rules.*.who", Who),
        clusters: key("rules.*.clusters", some(Name)),
        access: key("rules.*.access", Access),
        duration: key(
          "rules.*.duration",
          z.strictObject({
            max: key("rules.*.duration.max", Duration),
            default: key("rules.*.duration.default", z.optional(Duration)),
          }),
        ),
        approval: key(
          "rules.*.approval",
          z.union(
            [z.literal("none"), some(RequirementFile)],
            "Write none, or a list of requirements with groups and count.",
          ),
        ),
        reason: key(
          "rules.*.reason",
          z.optional(
            z.strictObject({
              minLength: key(
                "rules.*.reason.minLength",
                z.optional(z.int().check(z.gte(0), z.lte(500))),
              ),
              ticket: key("rules.*.reason.ticket", z.optional(Pattern)),
            }),
          ),
        ),
        breakGlass: key("rules.*.breakGlass", z.optional(z.boolean())),
        newerPolicies: key("rules.*.newerPolicies", z.optional(z.boolean())),
        sharedPrincipals: key("rules.*.sharedPrincipals", z.optional(z.boolean())),
        approverMayHoldPrincipal: key("rules.*.approverMayHoldPrincipal", z.optional(z.boolean())),
        foreignPrincipals: key("rules.*.foreignPrincipals", z.optional(z.boolean())),
        decideIn: key("rules.*.decideIn", z.optional(some(z.enum(["api", "slack"])))),
        notify: key(
          "rules.*.notify",
          z.optional(
            z.strictObject({
              channel: key("rules.*.notify.channel", z.optional(SlackChannel)),
              direct: key("rules.*.notify.direct", z.optional(z.boolean())),
            }),
          ),
        ),
      }),
    ),
  ),
});
