/** The values of policy files, each with a sentence for what is wrong. */
import * as z from "zod/mini";
import en from "zod/v4/locales/en.js";
import {
  isAccessPolicyName,
  isIdentityCenterRole,
  parseClusterArn,
  parsePrincipalArn,
  parseSessionArn,
} from "../domain/values/arn.ts";
import {
  DEPLOYMENT_FORM,
  isAmbiguousDeployment,
  LONGEST_DEPLOYMENT,
} from "../domain/values/deployment.ts";
import { parseDuration } from "../domain/values/duration.ts";
import { isNamespaceName, isNamespacePattern } from "../domain/values/namespace-pattern.ts";
import { isQuick } from "./rules/ticket-cost.ts";

// Without a locale, zod/mini only says "Invalid input".
z.config(en());

const text = (form: RegExp, error: string) => z.string().check(z.regex(form, error));
const rule = <Out>(schema: z.ZodMiniType<Out, string>, test: (v: Out) => boolean, error: string) =>
  schema.check(z.refine(test, { error, abort: true }));

export const Name = text(
  /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/,
  "Write a lower-case name: letters, digits, . _ -",
);
/** The broker's own steps have this name in the audit trail. */
const OWN_NAME = "timelatch";
/** The name becomes the source identity of a person's calls. STS requires two characters. */
export const PersonName = Name.check(
  z.minLength(2, "A person's name has at least two characters."),
  z.refine((name) => name !== OWN_NAME, {
    error: `Write another name: ${OWN_NAME} stands for the broker in every history.`,
  }),
);
/** The beginning of all names of a deployment. */
export const Deployment = text(
  DEPLOYMENT_FORM,
  "Write a lower-case name: letters and digits with hyphens between them, a letter first.",
).check(
  z.maxLength(LONGEST_DEPLOYMENT, {
    error: `Write at most ${LONGEST_DEPLOYMENT} characters, since names of roles begin with it.`,
    abort: true,
  }),
  z.refine((name) => !isAmbiguousDeployment(name), {
    error: "Write a name that does not end in -person: names of personal roles have it within.",
  }),
);
export const Email = text(/^[^\s@<>]+@[^\s@<>]+$/, "Write an e-mail address.");
export const ClusterArn = rule(
  z.string(),
  (arn) => parseClusterArn(arn) !== undefined,
  "Write an EKS cluster's ARN: arn:aws:eks:<region>:<account>:cluster/<name>",
);
export const PrincipalArn = rule(
  z.string(),
  (arn) => parsePrincipalArn(arn)?.kind === "role",
  "Write an IAM role's ARN with its path: arn:aws:iam::<account>:role/<path/name>. Only roles can be lent access.",
);
export const IamIdentity = rule(
  rule(
    z.string(),
    (arn) => parsePrincipalArn(arn) !== undefined || parseSessionArn(arn) !== undefined,
    "Write the ARN of an IAM role, user or Identity Center session.",
  ),
  (arn) => !isIdentityCenterRole(parsePrincipalArn(arn)),
  "Many people share an Identity Center role. Write one person's session: arn:aws:sts::<account>:assumed-role/AWSReservedSSO_…/<session name>",
);
export const SlackIdentity = text(
  /^[TE][A-Z0-9]+\/[UW][A-Z0-9]+$/,
  "Write team/user, such as T0001/U0001.",
);
export const SlackTeam = text(
  /^[TE][A-Z0-9]+$/,
  "Write a workspace or organisation, such as T0001.",
);
export const SlackApp = text(/^A[A-Z0-9]+$/, "Write the id of the Slack app, such as A0001.");
export const SlackChannel = text(
  /^[CG][A-Z0-9]+$/,
  "Write a channel's id, such as C0001: Slack shows it in the channel's details.",
);
export const PolicyName = rule(
  z.string(),
  isAccessPolicyName,
  "Write an EKS access policy's name, such as AmazonEKSViewPolicy.",
);
export const NamespacePattern = rule(
  z.string(),
  (pattern) => isNamespacePattern(pattern) && (pattern.includes("*") || isNamespaceName(pattern)),
  "Write a namespace in lower case; * matches any characters.",
);

/** https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html */
export const KubernetesGroup = text(
  /^(?!system:|eks:|aws:|amazon:|iam:)[\x21-\x7e]{1,128}$/,
  "Write a Kubernetes group; EKS reserves system:, eks:, aws:, amazon: and iam:.",
);
export const Duration = z.pipe(
  z
    .string()
    .check(
      z.refine((value) => durationOrNull(value) !== null, "Write a duration such as 90m or 1h30m."),
    ),
  z.transform((value: string) => durationOrNull(value) ?? 0),
);
/** How long after a request something happens: notices are looked at once a minute. */
export const LaterDuration = Duration.check(
  z.refine((seconds) => seconds >= 60, "Write at least one minute, such as 15m."),
);
const durationOrNull = (value: string): number | null => {
  try {
    return parseDuration(value, true);
  } catch {
    return null;
  }
};
export const Pattern = rule(
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
export const some = <T extends z.ZodMiniType>(item: T) =>
  z.array(item).check(z.minLength(1, "Name at least one."));
