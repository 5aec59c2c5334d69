/** The structure of `identity`: how people sign in to AWS, and where. */
import * as z from "zod/mini";
import { IDENTITY_CENTER_PINS } from "../../domain/people/sign-in.ts";
import { parsePrincipalArn } from "../../domain/values/arn.ts";
import { some } from "../file-values.ts";
import { type KeyNotes, keyWith } from "../noted.ts";

const SAML_ROLE = "arn:aws:iam::111122223333:role/okta-developers";

export const IDENTITY_NOTES = {
  identity: {
    description: "How people sign in to AWS. It pins each personal role to its one person.",
    default: {},
    examples: [{ account: "111122223333", signIn: ["444455556666"] }],
  },
  "identity.account": {
    description:
      "The account that Timelatch is deployed to. Its API accepts callers of no other account.",
    default: "the account of the clusters, where they are all in one",
    examples: ["111122223333"],
  },
  "identity.signIn": {
    description: "The accounts in which people have sessions of Identity Center.",
    default: "identity.account",
    examples: [["444455556666"]],
  },
  "identity.identityCenter": {
    description: "What counts as a session of Identity Center.",
    default: {},
    examples: [{ permissionSets: ["Dev"] }],
  },
  "identity.identityCenter.permissionSets": {
    description: "The permission sets whose sessions count; all of them, where none is named.",
    default: [],
    examples: [["Dev"]],
  },
  "identity.identityCenter.pin": {
    description:
      "What a session is compared with: userId, where a person has one, or userName for everyone. A user's name is weaker: whoever gets it later also gets the role.",
    default: "userId",
    examples: ["userName"],
  },
  "identity.saml": {
    description: "The SAML provider of people with a subject in `saml`.",
    default: null,
    examples: [
      {
        provider: "arn:aws:iam::111122223333:saml-provider/Okta",
        issuer: "http://www.okta.com/exk1",
        roles: [SAML_ROLE],
      },
    ],
  },
  "identity.saml.provider": {
    description: "The provider's ARN in IAM.",
    examples: ["arn:aws:iam::111122223333:saml-provider/Okta"],
  },
  "identity.saml.issuer": {
    description: "What the provider's metadata calls itself: its entity id.",
    examples: ["http://www.okta.com/exk1"],
  },
  "identity.saml.roles": {
    description: "The roles that people take with it.",
    examples: [[SAML_ROLE]],
  },
  "identity.oidc": {
    description:
      "The OpenID Connect provider of people with a subject in `oidc`. Each account with personal roles needs it in its IAM.",
    default: null,
    examples: [{ issuer: "login.example.com", audience: "timelatch" }],
  },
  "identity.oidc.issuer": {
    description: "The provider's URL without https://, as IAM names it.",
    examples: ["login.example.com"],
  },
  "identity.oidc.audience": {
    description: "The audience of its tokens.",
    examples: ["timelatch"],
  },
  "identity.accountAccess": {
    description:
      "IAM account access manager, for people with a userId: it hands out sessions of their personal roles itself, beside those who assume them.",
    default: null,
    examples: [{ application: "arn:aws:account-access:eu-west-1:111122223333:application/app-1" }],
  },
  "identity.accountAccess.application": {
    description: "The ARN of its application, as its settings show it.",
    examples: ["arn:aws:account-access:eu-west-1:111122223333:application/app-1"],
  },
  "identity.sourceIdentity": {
    description: "Where people with a `sourceIdentity` have it from.",
    default: null,
    examples: [{ roles: ["arn:aws:iam::111122223333:role/developers"] }],
  },
  "identity.sourceIdentity.roles": {
    description:
      "Roles of which every session has a source identity that its person cannot choose.",
    examples: [["arn:aws:iam::111122223333:role/developers"]],
  },
} as const satisfies KeyNotes;

const key = keyWith(IDENTITY_NOTES);

/** `${` and wildcards mean something else to IAM than themselves. */
const LITERAL = /^(?!.*\$\{)[^*?\p{C}\s](?:[^*?\p{C}]*[^*?\p{C}\s])?$/u;

/** Text that IAM compares as it stands: no wildcard, no policy variable, nothing invisible. */
export const Literal = z
  .string()
  .check(
    z.maxLength(256, "Write at most 256 characters."),
    z.regex(LITERAL, "Write it as it is: no *, no ?, no ${, and nothing invisible."),
  );

const Account = z
  .string("Write the account's twelve digits in quotes.")
  .check(z.regex(/^\d{12}$/, "Write the account's twelve digits in quotes."));

/** https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PermissionSet.html */
export const PermissionSet = z
  .string()
  .check(
    z.regex(/^[\w+=,.@-]{1,32}$/, "Write the name of a permission set, of 32 characters at most."),
  );

const RoleArn = z
  .string()
  .check(
    z.refine(
      (arn) => parsePrincipalArn(arn)?.kind === "role",
      "Write an IAM role's ARN with its path: arn:aws:iam::<account>:role/<path/name>.",
    ),
  );

export const SamlProvider = z
  .string()
  .check(
    z.regex(
      /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:saml-provider\/[\w.-]{1,128}$/,
      "Write the provider's ARN: arn:aws:iam::<account>:saml-provider/<name>.",
    ),
  );

/** IAM names a provider by its URL without the scheme. */
export const OidcIssuer = z
  .string()
  .check(
    z.regex(
      /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:\/[\w.~/-]*[\w~-])?$/,
      "Write the provider's URL without https:// and without a slash at its end.",
    ),
  );

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/aam-prepare-roles.html */
const AccountAccessApplication = z
  .string()
  .check(
    z.regex(
      /^arn:(?:aws|aws-cn|aws-us-gov):account-access:[a-z0-9-]{1,32}:\d{12}:application\/[\w-]{1,128}$/,
      "Write the application's ARN: arn:aws:account-access:<region>:<account>:application/<id>.",
    ),
  );

export const IdentityFile = z.strictObject({
  account: key("identity.account", z.exactOptional(Account)),
  signIn: key("identity.signIn", z.exactOptional(some(Account))),
  identityCenter: key(
    "identity.identityCenter",
    z.exactOptional(
      z.strictObject({
        permissionSets: key(
          "identity.identityCenter.permissionSets",
          z.exactOptional(z.array(PermissionSet)),
        ),
        pin: key(
          "identity.identityCenter.pin",
          z.exactOptional(z.enum(IDENTITY_CENTER_PINS, "Write userId or userName.")),
        ),
      }),
    ),
  ),
  saml: key(
    "identity.saml",
    z.exactOptional(
      z.strictObject({
        provider: key("identity.saml.provider", SamlProvider),
        issuer: key("identity.saml.issuer", Literal),
        roles: key("identity.saml.roles", some(RoleArn)),
      }),
    ),
  ),
  oidc: key(
    "identity.oidc",
    z.exactOptional(
      z.strictObject({
        issuer: key("identity.oidc.issuer", OidcIssuer),
        audience: key("identity.oidc.audience", Literal),
      }),
    ),
  ),
  accountAccess: key(
    "identity.accountAccess",
    z.exactOptional(
      z.strictObject({
        application: key("identity.accountAccess.application", AccountAccessApplication),
      }),
    ),
  ),
  sourceIdentity: key(
    "identity.sourceIdentity",
    z.exactOptional(z.strictObject({ roles: key("identity.sourceIdentity.roles", some(RoleArn)) })),
  ),
});
