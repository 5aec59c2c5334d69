/** The questions of `timelatch init`, each by its flag, with its words at a terminal. */

/** How people sign in to AWS. */
export const SIGN_INS = ["identity-center", "saml", "oidc", "iam"] as const;
type SignIn = (typeof SIGN_INS)[number];

/**
 * Values by the flag of their question. A list has one member for each value; a flag that is left
 * out has an empty list.
 */
export type Answers = Readonly<Record<string, readonly string[]>>;

export interface Question {
  /** The option, without its hyphens: `saml-provider`. */
  readonly flag: string;
  readonly value: string;
  /** The words of the help, and of the question at a terminal. */
  readonly about: string;
  /** Several values are possible: the option is repeated. At a terminal they are apart by commas. */
  readonly several?: true;
  /** Without a terminal it may be left out; at one, Enter leaves it out. */
  readonly optional?: true;
  /** Whether it matters, as far as others were answered. */
  readonly when?: (answers: Answers) => boolean;
}

const signingIn =
  (...by: readonly SignIn[]) =>
  (answers: Answers): boolean =>
    by.some((one) => answers["sign-in"]?.[0] === one);

const inSlack = (answers: Answers): boolean => (answers["slack-team"] ?? []).length > 0;

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [
  {
    flag: "account",
    value: "<id>",
    about: "the account that the broker is to be in, twelve digits",
  },
  {
    flag: "region",
    value: "<region>",
    about: "its region",
  },
  {
    flag: "cluster",
    value: "<cluster>",
    several: true,
    about: "a cluster: its name in that account and region, its ARN, or <name>=<ARN>",
  },
  {
    flag: "sign-in",
    value: "<way>",
    about: `how people sign in to AWS: ${SIGN_INS.join(", ")}`,
  },
  {
    flag: "sign-in-account",
    value: "<id>",
    several: true,
    optional: true,
    about: "an account that people sign in to (default: the broker's)",
    when: signingIn("identity-center"),
  },
  {
    flag: "permission-set",
    value: "<name>",
    several: true,
    optional: true,
    about: "a permission set that people sign in with (default: any)",
    when: signingIn("identity-center"),
  },
  {
    flag: "saml-provider",
    value: "<arn>",
    about: "the ARN of the SAML provider",
    when: signingIn("saml"),
  },
  {
    flag: "saml-issuer",
    value: "<issuer>",
    about: "the issuer that it names itself",
    when: signingIn("saml"),
  },
  {
    flag: "saml-role",
    value: "<arn>",
    several: true,
    about: "the ARN of a role that people sign in to with SAML",
    when: signingIn("saml"),
  },
  {
    flag: "oidc-issuer",
    value: "<host>",
    about: "the URL of the OpenID Connect provider, without https://",
    when: signingIn("oidc"),
  },
  {
    flag: "oidc-audience",
    value: "<audience>",
    about: "the audience of its tokens",
    when: signingIn("oidc"),
  },
  {
    flag: "person",
    value: "<name>",
    about: "the first person, such as yourself: a short name in lower case",
  },
  {
    flag: "email",
    value: "<address>",
    about: "their e-mail address",
  },
  {
    flag: "subject",
    value: "<id>",
    about: "their user id or user name in Identity Center, or their SAML or OIDC subject",
    when: signingIn("identity-center", "saml", "oidc"),
  },
  {
    flag: "principal",
    value: "<arn>",
    about: "the ARN of their IAM user, or of the role that they alone use",
    when: signingIn("iam"),
  },
  {
    flag: "slack-team",
    value: "<id>",
    several: true,
    optional: true,
    about: "the Slack workspace, such as T0001 (default: without Slack)",
  },
  {
    flag: "slack-app",
    value: "<id>",
    optional: true,
    about: "the Slack app, such as A0001 (default: it is not checked)",
    when: inSlack,
  },
  {
    flag: "slack-channel",
    value: "<id>",
    about: "the channel of approvers, such as C0001",
    when: inSlack,
  },
  {
    flag: "slack-alarms",
    value: "<id>",
    about: "the channel for break-glass and findings, such as C0002",
    when: inSlack,
  },
  {
    flag: "archive-mode",
    value: "<mode>",
    optional: true,
    about: "the archive's mode: GOVERNANCE or COMPLIANCE (default: the first)",
  },
  {
    flag: "archive-days",
    value: "<n>",
    optional: true,
    about: "for how many days S3 keeps each object of the archive (default: 30)",
  },
  {
    flag: "lambda-concurrency",
    value: "<n>",
    optional: true,
    about: "unreserved concurrent executions of Lambda in that account and region",
  },
];

/** `signInAccount` for `sign-in-account`, as commander names an option. */
export const optionName = (flag: string): string =>
  flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
