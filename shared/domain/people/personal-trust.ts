/**
 * Statements that let one person assume a personal role: only their own sessions, pinned by what
 * the source of the session proves. Session names that callers choose prove nothing. Pure.
 */
import { createHash } from "node:crypto";
import { isIdentityCenterRole, parsePrincipalArn, parseSessionArn } from "../values/arn.ts";
import { withHandingOn } from "./hand-on.ts";
import type { RolePlace } from "./personal-role.ts";
import type { IdentityCenterUser, PersonIdentities, PolicyIdentity } from "./sign-in.ts";
import {
  assumeRole,
  LONGEST_TRUST,
  type TrustPolicy,
  type TrustStatement,
} from "./trust-policy.ts";

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
 * Account access manager assumes the role for a user of Identity Center who is entitled to it. An
 * administrator of entitlements could entitle somebody else. So the context that it sets must be
 * the person's own: without the key, or without an id, nobody gets in.
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

/** A session's name is the user's name. A user who gets a freed name later also gets the role. */
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
 * The qualifier of the subjects that an issuer names.
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
