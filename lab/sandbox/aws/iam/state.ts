/** The account's principals, as IAM keeps them. Keys are ARNs with their paths. */
export interface IamRole {
  readonly kind: "role";
  readonly arn: string;
  /** Without the path; unique in an account whatever the path. */
  readonly roleName: string;
  readonly path: string;
  /** `AROA…`, new each time the role is created. */
  readonly roleId: string;
  /** ISO 8601 UTC. */
  readonly createDate: string;
  readonly assumeRolePolicyDocument: PolicyDocument;
  /** The trust policy in a stack's template. Absent for a role of no stack. */
  readonly declaredTrust?: PolicyDocument;
  /** Inline policies by name, attached managed policies by ARN. */
  readonly policies: Readonly<Record<string, PolicyDocument>>;
  /** The managed policy that bounds them. */
  readonly boundary?: { readonly arn: string; readonly document: PolicyDocument };
  readonly maxSessionDuration: number;
  readonly description?: string;
}

/** An IAM policy as JSON: `{ Version, Statement }`. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

/** A signing key: long-lived of the sandbox's people and functions, or handed out by STS. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly roleArn: string;
  readonly roleId: string;
  readonly sessionName: string;
  readonly sourceIdentity?: string;
  /** Condition keys of every call with this key: what Identity Center or a SAML provider says. */
  readonly sessionContext?: Readonly<Record<string, string>>;
  /** Tags that the session was given or has inherited, and hands on to the next one. */
  readonly transitiveTags?: Readonly<Record<string, string>>;
  /** ISO 8601 UTC; absent for keys that are as old as their role. */
  readonly issuedAt?: string;
  /** ISO 8601 UTC; absent for those that do not expire. */
  readonly expiration?: string;
}

/** An issuer of OpenID Connect tokens that an account trusts. */
export interface OidcProvider {
  readonly arn: string;
  /** With its scheme: the `iss` of its tokens. */
  readonly url: string;
  /** The audiences that its tokens may have. */
  readonly clientIds: readonly string[];
  readonly thumbprints: readonly string[];
  /** ISO 8601 UTC. */
  readonly createDate: string;
}

export interface IamState {
  readonly accountId: string;
  roles: Record<string, IamRole>;
  credentials: Record<string, Credential>;
  /** By ARN; absent where nobody made one. */
  oidcProviders?: Record<string, OidcProvider>;
}
