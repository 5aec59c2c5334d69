/** The structure of `access.yaml` as one schema, which validates it and produces a JSON Schema. */
import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import {
  isAccessPolicyName,
  isIdentityCenterRole,
  parseClusterArn,
  parsePrincipalArn,
  parseSessionArn,
} from "../domain/values/arn.ts";
import { parseDuration } from "../domain/values/duration.ts";
import { isNamespaceName, isNamespacePattern } from "../domain/values/namespace-pattern.ts";
import { ExpectedFile } from "./expected-file.ts";
import { key } from "./key-notes.ts";
import { isQuick } from "./ticket-cost.ts";

// Without a locale, zod/mini only says "Invalid input".
z.config(en());

const text = (form: RegExp, error: string) => z.string().check(z.regex(form, error));
const rule = <Out>(schema: z.ZodMiniType<Out, string>, test: (v: Out) => boolean, error: string) =>
  schema.check(z.refine(test, { error, abort: true }));

const Name = text(
  /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/,
  "Write a lower-case name: letters, digits, . _ -",
);
/** The name becomes the source identity of a person's calls. STS requires two characters. */
const PersonName = Name.check(z.minLength(2, "A person's name has at least two characters."));
const Email = text(/^[^\s@<>]+@[^\s@<>]+$/, "Write an e-mail address.");
const ClusterArn = rule(
  z.string(),
  (arn) => parseClusterArn(arn) !== undefined,
  "Write an EKS cluster's ARN: arn:aws:eks:<region>:<account>:cluster/<name>",
);
const PrincipalArn = rule(
  z.string(),
  (arn) => parsePrincipalArn(arn)?.kind === "role",
  "Write an IAM role's ARN with its path: arn:aws:iam::<account>:role/<path/name>. Only roles can be lent access.",
);
const IamIdentity = rule(
  rule(
    z.string(),
    (arn) => parsePrincipalArn(arn) !== undefined || parseSessionArn(arn) !== undefined,
    "Write the ARN of an IAM role, user or Identity Center session.",
  ),
  (arn) => !isIdentityCenterRole(parsePrincipalArn(arn)),
  "Many people share an Identity Center role. Write one person's session: arn:aws:sts::<account>:assumed-role/AWSReservedSSO_…/<session name>",
);
const SlackIdentity = text(
  /^[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/,
  "Write team/user, such as T0001/U0001.",
);
const SlackTeam = text(/^[TE][A-Z0-9]+$/, "Write a workspace or organisation, such as T0001.");
const SlackApp = text(/^A[A-Z0-9]+$/, "Write the id of the Slack app, such as A0001.");
const SlackChannel = text(
  /^[CG][A-Z0-9]+$/,
  "Write a channel's id, such as C0001: Slack shows it in the channel's details.",
);
const PolicyName = rule(
  z.string(),
  isAccessPolicyName,
  "Write an EKS access policy's name, such as AmazonEKSViewPolicy.",
);
const NamespacePattern = rule(
  z.string(),
  (pattern) => isNamespacePattern(pattern) && (pattern.includes("*") || isNamespaceName(pattern)),
  "Write a namespace in lower case; * matches any characters.",
);

/** https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html */
const KubernetesGroup = text(
  /^(?!system:|eks:|aws:|amazon:|iam:)[\x21-\x7e]{1,128}$/,
  "Write a Kubernetes group; EKS reserves system:, eks:, aws:, amazon: and iam:.",
);
const Duration = z.pipe(
  z
    .string()
    .check(
      z.refine((value) => durationOrNull(value) !== null, "Write a duration such as 90m or 1h30m."),
    ),
  z.transform((value: string) => durationOrNull(value) ?? 0),
);
const durationOrNull = (value: string): number | null => {
  try {
    return parseDuration(value, true);
  } catch {
    return null;
  }
};
const Pattern = rule(
  rule(z.string(), isRegularExpression, "Write a regular expression."),
  isQuick,
  "The pattern can take too long: it repeats a group that can match in several ways, or has too many repetitions. Limit them, as in {1,10}, or begin with ^.",
);
function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
const some = <T extends z.ZodMiniType>(item: T) =>
  z.array(item).check(z.minLength(1, "Name at least one."));

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

export const AccessPolicyFile = z.strictObject({
  version: key("version", z.literal(1)),
  clusters: key(
    "clusters",
    z.record(
      Name,
      z.strictObject({
        arn: key("clusters.*.arn", ClusterArn),
        retired: key("clusters.*.retired", z.optional(z.boolean())),
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
