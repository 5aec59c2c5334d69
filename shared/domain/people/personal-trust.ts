/**
 * Who may assume a personal role: sessions of that one person, pinned by what the source of the
 * session proves. Session names that callers choose prove nothing. Pure.
 */
import { createHash } from "node:crypto";
import { isIdentityCenterRole, parsePrincipalArn, parseSessionArn } from "../values/arn.ts";
import type { RolePlace } from "./personal-role.ts";
import type { IdentityCenterUser, PersonIdentities, PolicyIdentity } from "./sign-in.ts";

/** IAM's limit for a trust policy, without white space, unless a quota is raised. */
export const LONGEST_TRUST = 2_048;

interface TrustStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: string | readonly string[];
  readonly Principal: Readonly<Record<string, string | readonly string[]>>;
  readonly Condition: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface TrustPolicy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly TrustStatement[];
}

/** The source of one way to sign in: whose sessions, where the role is, and what holds for all. */
interface Source {
  readonly place: RolePlace;
  readonly identity: PolicyIdentity;
  readonly identities: PersonIdentities;
}

/**
 * Where somebody has so many ways in that IAM's limit leaves no room, sessions hand nothing on.
 *
 * @param place where the personal role is
 * @returns undefined where nothing says how the person signs in
 */
export function personalTrust(source: Source): TrustPolicy | undefined {
  const statements = SOURCES.flatMap((statementsOf) => statementsOf(source));
  if (statements.length === 0) return undefined;
  const whole = policyOf(withHandingOn(statements));
  return JSON.stringify(whole).length <= LONGEST_TRUST ? whole : policyOf(statements);
}

const policyOf = (Statement: readonly TrustStatement[]): TrustPolicy => ({
  Version: "2012-10-17",
  Statement,
});

const SOURCES: readonly ((source: Source) => readonly TrustStatement[])[] = [
  identityCenterStatements,
  accountAccessStatements,
  samlStatements,
  oidcStatements,
  sourceIdentityStatements,
  iamStatements,
];

/** The accounts delegate: a session also needs `sts:AssumeRole` in its own policies. */
const rootOf = (partition: string, accounts: readonly string[]) => ({
  AWS: accounts.map((account) => `arn:${partition}:iam::${account}:root`),
});

/**
 * What a session with a source identity or transitive tags hands on to the next one. AWS refuses that one unless its role
 * allows both, and names the action that is missing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
const HAND_ON = ["sts:SetSourceIdentity", "sts:TagSession"] as const;

/** IAM's variable for the source identity that the caller's session has. */
const OF_THE_SESSION = `$\{aws:SourceIdentity}`;

/** AWS's services and providers hand on under the pin that they have, and sessions by a statement of their own. */
const withHandingOn = (statements: readonly TrustStatement[]): readonly TrustStatement[] => [
  ...statements.map((statement) =>
    "AWS" in statement.Principal || statement.Action === "sts:SetContext"
      ? statement
      : { ...statement, Action: [statement.Action, ...HAND_ON].flat() },
  ),
  ...handingOn(statements),
];

/**
 * One statement for all accounts that others trust. It opens no session: each needs `sts:AssumeRole` too, under a pin.
 * The keys of pins are not listed for these two actions, so it has none of them. A session sets the source identity that
 * it has, and no other one: without one, the variable has no value and matches nothing.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html
 */
function handingOn(statements: readonly TrustStatement[]): readonly TrustStatement[] {
  const principals = statements
    .filter(({ Action }) => Action === "sts:AssumeRole")
    .flatMap(({ Principal }) => Principal["AWS"] ?? [])
    .filter((arn) => arn.endsWith(":root"));
  const ofSession = { StringEqualsIfExists: { "sts:SourceIdentity": OF_THE_SESSION } };
  return principals.length === 0
    ? []
    : [
        {
          ...assumeRole("HandOn", { AWS: [...new Set(principals)] }, ofSession),
          Action: HAND_ON,
        },
      ];
}

const assumeRole = (
  Sid: string,
  Principal: TrustStatement["Principal"],
  Condition: TrustStatement["Condition"],
): TrustStatement => ({ Sid, Effect: "Allow", Action: "sts:AssumeRole", Principal, Condition });

/** Sixteen characters that Identity Center adds to the name of a permission set. */
const SUFFIX = "_????????????????";

/**
 * The ARNs of Identity Center's roles. Where it is at home in us-east-1, a role's path has no region.
 * A slash before the name, so that a set called `xAWSReservedSSO_Dev` does not pass for `Dev`.
 */
const identityCenterRoles = (partition: string, account: string, names: readonly string[]) =>
  names.flatMap((name) =>
    ["", "*/"].map(
      (region) =>
        `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_${name}`,
    ),
  );

function identityCenterStatements({ place, identity, identities }: Source) {
  const pin = identities.identityCenter && pinOf(identities.identityCenter, identity);
  if (!pin) return [];
  const sets = identity.identityCenter?.permissionSets ?? [];
  const names = (sets.length > 0 ? sets : ["*"]).map((name) => `${name}${SUFFIX}`);
  const roles = identity.signIn.flatMap((account) =>
    identityCenterRoles(place.partition, account, names),
  );
  return [
    assumeRole("IdentityCenter", rootOf(place.partition, identity.signIn), {
      ...pin,
      ArnLike: { "aws:PrincipalArn": roles },
    }),
  ];
}

/**
 * Account access manager assumes the role for a user of Identity Center who is entitled to it. Whoever makes
 * entitlements could entitle somebody else. So the context that it sets must be the person's own: without
 * the key, or without an id, nobody gets in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/aam-prepare-roles.html
 */
function accountAccessStatements({ identity, identities }: Source): readonly TrustStatement[] {
  const application = identity.accountAccess?.application;
  const userId = identities.identityCenter?.userId;
  if (application === undefined || userId === undefined) return [];
  const Principal = { Service: "account-access.amazonaws.com" };
  const from = {
    "aws:SourceAccount": application.split(":")[4] ?? "",
    "aws:SourceArn": application,
  };
  const context = { ...from, "sts:RequestContext/identitystore:UserId": userId };
  return [
    assumeRole("AccountAccess", Principal, { StringEquals: from }),
    {
      ...assumeRole("AccountAccessUser", Principal, { StringEquals: context }),
      Action: "sts:SetContext",
    },
  ];
}

/** A session's name is the user's name. Whoever gets a freed name later also gets the role. */
function pinOf(
  { userId, userName }: IdentityCenterUser,
  { identityCenter }: PolicyIdentity,
): TrustStatement["Condition"] | undefined {
  if (userId !== undefined && identityCenter?.pin !== "userName")
    return { StringEquals: { "identitystore:UserId": userId } };
  return userName === undefined ? undefined : sessionNamed(userName);
}

const sessionNamed = (name: string) => ({ StringLike: { "aws:userid": `*:${name}` } });

function samlStatements({ place, identity: { saml }, identities }: Source) {
  if (!saml || identities.saml === undefined) return [];
  const accounts = accountsOf(saml.roles);
  return [
    assumeRole("Saml", rootOf(place.partition, accounts), {
      StringEquals: {
        "saml:sub": identities.saml,
        "saml:namequalifier": nameQualifier(saml.issuer, saml.provider),
      },
      ArnEquals: { "aws:PrincipalArn": saml.roles },
    }),
  ];
}

/**
 * By whom a subject is issued.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html
 */
function nameQualifier(issuer: string, provider: string): string {
  const account = provider.split(":")[4] ?? "";
  const name = provider.slice(provider.indexOf("/"));
  return createHash("sha1").update(`${issuer}${account}${name}`).digest("base64");
}

/** Callers choose the names of their sessions, so the role itself trusts the provider. */
function oidcStatements({ place, identity: { oidc }, identities }: Source) {
  if (!oidc || identities.oidc === undefined) return [];
  const provider = `arn:${place.partition}:iam::${place.account}:oidc-provider/${oidc.issuer}`;
  const statement: TrustStatement = {
    ...assumeRole(
      "Oidc",
      { Federated: provider },
      {
        StringEquals: {
          [`${oidc.issuer}:sub`]: identities.oidc,
          [`${oidc.issuer}:aud`]: oidc.audience,
        },
      },
    ),
    Action: "sts:AssumeRoleWithWebIdentity",
  };
  return [statement];
}

function sourceIdentityStatements({ place, identity: { sourceIdentity }, identities }: Source) {
  if (!sourceIdentity || identities.sourceIdentity === undefined) return [];
  return [
    assumeRole("SourceIdentity", rootOf(place.partition, accountsOf(sourceIdentity.roles)), {
      StringEquals: { "aws:SourceIdentity": identities.sourceIdentity },
      ArnEquals: { "aws:PrincipalArn": sourceIdentity.roles },
    }),
  ];
}

/** Roles that nobody else uses, users, and one person's sessions of an Identity Center role. */
function iamStatements({ place, identities }: Source): readonly TrustStatement[] {
  return identities.iam.flatMap((arn, at) => {
    const sid = `Iam${at === 0 ? "" : at + 1}`;
    const principal = parsePrincipalArn(arn);
    if (principal?.kind === "user")
      return [assumeRole(sid, { AWS: arn }, { Bool: { "aws:MultiFactorAuthPresent": "true" } })];
    if (principal)
      return [
        assumeRole(sid, rootOf(place.partition, [principal.account]), {
          ArnEquals: { "aws:PrincipalArn": arn },
        }),
      ];
    const session = identityCenterSession(arn);
    if (!session) return [];
    const { account, roleName, sessionName } = session;
    const roles = identityCenterRoles(place.partition, account, [
      roleName.slice("AWSReservedSSO_".length),
    ]);
    return [
      assumeRole(sid, rootOf(place.partition, [account]), {
        ...sessionNamed(sessionName),
        ArnLike: { "aws:PrincipalArn": roles },
      }),
    ];
  });
}

/** The session, if callers cannot choose its name. */
function identityCenterSession(arn: string) {
  const session = parseSessionArn(arn);
  const role = session && { kind: "role" as const, name: session.roleName };
  return role && isIdentityCenterRole({ partition: "", account: "", path: "/", ...role })
    ? session
    : undefined;
}

const accountsOf = (roles: readonly string[]): readonly string[] => [
  ...new Set(roles.flatMap((arn) => parsePrincipalArn(arn)?.account ?? [])),
];
