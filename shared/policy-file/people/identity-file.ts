/** The structure of `identity`: how people sign in to AWS, and where. */
import * as z from "zod/mini";
import { IDENTITY_CENTER_PINS } from "../../domain/people/sign-in.ts";
import { parsePrincipalArn } from "../../domain/values/arn.ts";
import { some } from "../file-values.ts";
import { key } from "../key-notes.ts";

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
