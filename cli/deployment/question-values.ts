/**
 * The values that each question of `timelatch init` takes as its answer. Apart from them, since it
 * loads the reader of policies.
 */
import * as z from "zod/mini";
import { parsePrincipalArn } from "../../shared/domain/values/arn.ts";
import { ArchiveDays, ArchiveMode } from "../../shared/policy-file/archive-file.ts";
import { Concurrency, Region } from "../../shared/policy-file/deployment-file.ts";
import {
  Email,
  PersonName,
  PrincipalArn,
  SlackApp,
  SlackChannel,
  SlackTeam,
} from "../../shared/policy-file/file-values.ts";
import {
  Literal,
  OidcIssuer,
  PermissionSet,
  SamlProvider,
} from "../../shared/policy-file/people/identity-file.ts";
import { type Question, SIGN_INS } from "./questions.ts";

const Account = z.string().check(z.regex(/^\d{12}$/, "Write its twelve digits."));

const SignIn = z.enum(SIGN_INS, `Write ${SIGN_INS.join(", ")}.`);

const Principal = z
  .string()
  .check(
    z.refine(
      (arn) => parsePrincipalArn(arn) !== undefined,
      "Write the ARN of an IAM user, or of a role that nobody else uses.",
    ),
  );

const asNumber = z.pipe(z.string(), z.transform(Number));
const WholeNumber = z.pipe(asNumber, Concurrency);

/** The name of a cluster in EKS, its ARN, or `<name>=<ARN>`. */
const Cluster = z
  .string()
  .check(
    z.regex(
      /^(?:[a-z0-9][a-z0-9._-]{0,63}=)?(?:arn:[a-z-]+:eks:[a-z0-9-]+:\d{12}:cluster\/)?[0-9A-Za-z][\w-]{0,99}$/,
      "Write a cluster's name, its ARN, or <name>=<ARN> to call it otherwise.",
    ),
  );

/** By the question's flag. */
const SCHEMAS: Readonly<Record<string, z.ZodMiniType<unknown, string>>> = {
  "sign-in": SignIn,
  account: Account,
  region: Region,
  cluster: Cluster,
  "sign-in-account": Account,
  "permission-set": PermissionSet,
  "saml-provider": SamlProvider,
  "saml-issuer": Literal,
  "saml-role": PrincipalArn,
  "oidc-issuer": OidcIssuer,
  "oidc-audience": Literal,
  person: PersonName,
  email: Email,
  subject: Literal,
  principal: Principal,
  "slack-team": SlackTeam,
  "slack-app": SlackApp,
  "slack-channel": SlackChannel,
  "slack-alarms": SlackChannel,
  "archive-mode": ArchiveMode,
  "archive-days": z.pipe(asNumber, ArchiveDays),
  "lambda-concurrency": WholeNumber,
};

/** The fault of a value; undefined for a good one. */
export function faultOf({ flag }: Question, value: string): string | undefined {
  const read = SCHEMAS[flag]?.safeParse(value);
  return read?.success === false ? read.error.issues[0]?.message : undefined;
}
