/** How people sign in to AWS, and where. */

/** Settings of identity for everyone in the file. */
export interface PolicyIdentity {
  /** The broker's own account, twelve digits. Its HTTP API accepts callers of no other. */
  readonly account: string;
  /** Accounts in which people have sessions of Identity Center. At least one. */
  readonly signIn: readonly string[];
  readonly identityCenter?: IdentityCenterSignIn;
  readonly saml?: SamlSignIn;
  readonly oidc?: OidcSignIn;
  /** IAM's account access manager, which hands out sessions of personal roles itself. */
  readonly accountAccess?: { readonly application: string };
  /** The roles whose sessions all have a source identity. */
  readonly sourceIdentity?: { readonly roles: readonly string[] };
}

interface IdentityCenterSignIn {
  /** The permission sets whose sessions count. Empty for all. */
  readonly permissionSets: readonly string[];
  readonly pin: IdentityCenterPin;
}

/**
 * - `userId`: of a person who has one. It survives a rename, and nobody gets it again.
 * - `userName`: of everyone, where AWS does not put the user's id into the request.
 */
export const IDENTITY_CENTER_PINS = ["userId", "userName"] as const;

type IdentityCenterPin = (typeof IDENTITY_CENTER_PINS)[number];

/** A role that many people take with SAML, such as Okta's or Entra's. */
interface SamlSignIn {
  /** The ARN of the provider in IAM. */
  readonly provider: string;
  /** The provider's own name in its assertions, often a URL. */
  readonly issuer: string;
  /** The ARNs of the roles that people take with it. */
  readonly roles: readonly string[];
}

/** A provider of OpenID Connect that every account with personal roles trusts. */
interface OidcSignIn {
  /** Without `https://`, as IAM names it. */
  readonly issuer: string;
  readonly audience: string;
}

/** A person's identities, besides Slack, by the source of their sessions. */
export interface PersonIdentities {
  /** ARNs of IAM roles or users, or of one person's sessions. */
  readonly iam: readonly string[];
  /** `team/user` */
  readonly slack: readonly string[];
  readonly identityCenter?: IdentityCenterUser;
  /** The subject in the provider's assertions. */
  readonly saml?: string;
  /** The subject in the provider's tokens. */
  readonly oidc?: string;
  readonly sourceIdentity?: string;
}

export interface IdentityCenterUser {
  readonly userId?: string;
  readonly userName?: string;
}
