import { describe, expect, it } from "vitest";
import { demandAssumeRole, serviceMayAssume } from "../../../sandbox/aws/assume-role-decision.ts";
import type { IamRole, PolicyDocument } from "../../../sandbox/aws/iam/state.ts";
import { personalRoleArn } from "../../../shared/domain/people/personal-role.ts";
import { LONGEST_TRUST, personalTrust } from "../../../shared/domain/people/personal-trust.ts";
import type { PersonIdentities, PolicyIdentity } from "../../../shared/domain/people/sign-in.ts";
import { ACCOUNT } from "../broker.ts";

const PLACE = { partition: "aws", account: ACCOUNT };
const ALICE_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455556666";
const BOB_ID = "906701d9d2-0a1b2c3d-1111-2222-3333-444455557777";
const HEX = "0123456789abcdef";
const sso = (set: string, region = "eu-central-1/") =>
  `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${region}AWSReservedSSO_${set}_${HEX}`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
/** What Okta's provider of the test makes of a subject: BASE64(SHA1(issuer + account + "/Okta")). */
const QUALIFIER = "J3SVfLNuhkX6NOASNittjBlfAw8=";

const MAY_ASSUME_PEOPLE: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      Resource: "arn:aws:iam::*:role/timelatch/people/*",
    },
  ],
};

interface Session {
  readonly of: string;
  readonly name: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly sourceIdentity?: string;
  /** What the call itself sets, where the session has no source identity. */
  readonly sets?: string;
  readonly transitiveTags?: Readonly<Record<string, string>>;
  readonly policies?: Readonly<Record<string, PolicyDocument>>;
}

/** Whether a session may assume alice's role. */
async function mayAssume(
  identities: Partial<PersonIdentities>,
  session: Session,
  identity: Partial<PolicyIdentity> = {},
): Promise<boolean> {
  const trust = personalTrust({
    place: PLACE,
    identity: { account: ACCOUNT, signIn: [ACCOUNT], ...identity },
    identities: { iam: [], slack: [], ...identities },
  });
  const roleOf = (arn: string, more: Pick<IamRole, "policies" | "assumeRolePolicyDocument">) => ({
    kind: "role" as const,
    arn,
    roleName: arn.split("/").at(-1) ?? "",
    path: "/",
    roleId: "AROAEXAMPLE",
    createDate: "2026-11-01T00:00:00.000Z",
    maxSessionDuration: 3600,
    ...more,
  });
  const from = roleOf(session.of, {
    policies: session.policies ?? { Assume: MAY_ASSUME_PEOPLE },
    assumeRolePolicyDocument: {},
  });
  const personal = roleOf(personalRoleArn(PLACE, "timelatch-person-alice"), {
    policies: {},
    assumeRolePolicyDocument: trust as unknown as PolicyDocument,
  });
  const { sourceIdentity, transitiveTags } = session;
  const known = {
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(transitiveTags === undefined ? {} : { transitiveTags }),
  };
  const newOne = sourceIdentity ?? session.sets;
  const asked = demandAssumeRole(
    { accountId: ACCOUNT, roles: { [from.arn]: from }, credentials: {} },
    {
      ...{ role: personal, sessionName: "alice" },
      ...(newOne === undefined ? {} : { sourceIdentity: newOne }),
    },
    {
      caller: {
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${from.roleName}/${session.name}`,
        principalArn: from.arn,
        accountId: ACCOUNT,
        userId: `AROAEXAMPLE:${session.name}`,
        accessKeyId: "ASIAEXAMPLE",
        ...(session.context ? { sessionContext: session.context } : {}),
        ...known,
      },
      now: new Date("2026-11-24T10:00:00Z"),
    },
  );
  return asked.then(
    () => true,
    (error: Error) => {
      if (error.name !== "AwsError") throw error;
      return false;
    },
  );
}

const ALICE = { userId: ALICE_ID, userName: "alice@example.com" };
const byId = { "identitystore:UserId": ALICE_ID };
const mail = "alice@example.com";

describe("a personal role that is pinned to a user's id in Identity Center", () => {
  it.each<[string, Session, boolean]>([
    ["the person", { of: sso("Dev"), name: mail, context: byId }, true],
    [
      "the person, where Identity Center is at home in us-east-1",
      { of: sso("Dev", ""), name: mail, context: byId },
      true,
    ],
    [
      "the person after a rename",
      { of: sso("Dev"), name: "alice.b@example.com", context: byId },
      true,
    ],
    [
      "the person under another permission set",
      { of: sso("Ops"), name: mail, context: byId },
      true,
    ],
    [
      "somebody else of the same set",
      { of: sso("Dev"), name: "bob@example.com", context: { "identitystore:UserId": BOB_ID } },
      false,
    ],
    [
      "somebody who got the person's name",
      { of: sso("Dev"), name: mail, context: { "identitystore:UserId": BOB_ID } },
      false,
    ],
    ["a session without the user's id", { of: sso("Dev"), name: mail }, false],
    ["another role with a session named so", { of: role("ci"), name: mail, context: byId }, false],
    [
      "another role with the id as a tag",
      {
        of: role("ci"),
        name: mail,
        context: { "aws:PrincipalTag/identitystore:UserId": ALICE_ID },
      },
      false,
    ],
    [
      "somebody else of the same set, whom an attribute of Identity Center tags with the id",
      {
        of: sso("Dev"),
        name: "bob@example.com",
        context: {
          "identitystore:UserId": BOB_ID,
          "aws:PrincipalTag/identitystore:UserId": ALICE_ID,
          "aws:PrincipalTag/UserId": ALICE_ID,
        },
      },
      false,
    ],
    [
      "a role called like one of Identity Center, elsewhere",
      { of: role(`AWSReservedSSO_Dev_${HEX}`), name: mail, context: byId },
      false,
    ],
    [
      "the person without sts:AssumeRole in the permission set",
      { of: sso("Dev"), name: mail, context: byId, policies: {} },
      false,
    ],
  ])("%s: %#", async (_who, session, expected) => {
    expect(await mayAssume({ identityCenter: ALICE }, session)).toBe(expected);
  });
});

/** What an identity provider may set on a session, and AWS hands on to the next. */
const HANDED_ON = { sourceIdentity: mail, transitiveTags: { Department: "payments" } };

describe("A personal role for sessions with a source identity and transitive tags", () => {
  const saml = {
    provider: `arn:aws:iam::${ACCOUNT}:saml-provider/Okta`,
    issuer: "http://www.okta.com/exk1",
    roles: [role("okta-developers")],
  };
  const bySaml = { "saml:sub": "alice", "saml:namequalifier": QUALIFIER };
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Dev_${HEX}/${mail}`;
  const center = { of: sso("Dev"), name: mail, context: byId };

  it.each<[string, Parameters<typeof mayAssume>]>([
    ["an id of Identity Center", [{ identityCenter: ALICE }, center]],
    ["a name of Identity Center", [{ identityCenter: { userName: mail } }, center]],
    ["a session of Identity Center", [{ iam: [session] }, center]],
    [
      "a SAML subject",
      [{ saml: "alice" }, { of: role("okta-developers"), name: "any", context: bySaml }, { saml }],
    ],
    [
      "a source identity",
      [
        { sourceIdentity: mail },
        { of: role("developers"), name: "any" },
        { sourceIdentity: { roles: [role("developers")] } },
      ],
    ],
    [
      "a role of one's own",
      [{ iam: [role("people/alice")] }, { of: role("people/alice"), name: "x" }],
    ],
  ])("Pinned by %s, it takes the person's session, and nobody else's", async (_pin, asked) => {
    const [identities, own, identity = {}] = asked;
    expect(await mayAssume(identities, { ...own, ...HANDED_ON }, identity)).toBe(true);
    const other = { of: role("ci"), name: mail, context: byId, ...HANDED_ON };
    expect(await mayAssume(identities, other, identity)).toBe(false);
  });

  it("Somebody else of the same permission set is refused with the person's source identity and tags", async () => {
    const other = { ...center, context: { "identitystore:UserId": BOB_ID }, ...HANDED_ON };
    expect(await mayAssume({ identityCenter: ALICE }, other)).toBe(false);
  });

  it("Nobody sets a source identity that their session does not have, not even their own", async () => {
    for (const sets of ["bob", mail])
      expect(await mayAssume({ identityCenter: ALICE }, { ...center, sets })).toBe(false);
    expect(await mayAssume({ identityCenter: ALICE }, center)).toBe(true);
  });

  it("Where IAM's limit leaves no room, the ways in stay as they were, and hand nothing on", () => {
    const trustOf = (accounts: number) =>
      personalTrust({
        place: PLACE,
        identity: {
          account: ACCOUNT,
          signIn: Array.from({ length: accounts }, (_, at) => String(100_000_000_000 + at)),
        },
        identities: { iam: [], slack: [], identityCenter: ALICE },
      });
    const sids = (accounts: number) => trustOf(accounts)?.Statement.map(({ Sid }) => Sid);
    expect(sids(1)).toEqual(["IdentityCenter", "HandOn"]);
    const most = [5, 6, 7, 8, 9].find((accounts) => sids(accounts)?.length === 1) ?? 0;
    expect(JSON.stringify(trustOf(most)).length).toBeLessThanOrEqual(LONGEST_TRUST);
  });

  it("A session without the right to hand them on is refused, as by any role", async () => {
    const policies = {
      Assume: {
        ...MAY_ASSUME_PEOPLE,
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Resource: "arn:aws:iam::*:role/timelatch/people/*",
          },
        ],
      },
    };
    const asked = { ...center, policies, ...HANDED_ON };
    expect(await mayAssume({ identityCenter: ALICE }, asked)).toBe(false);
  });

  it("A provider of OpenID Connect may set both, under the pin of its subject", () => {
    const oidc = { issuer: "login.example.com", audience: "timelatch" };
    const trust = personalTrust({
      ...{ place: PLACE, identity: { account: ACCOUNT, signIn: [ACCOUNT], oidc } },
      identities: { iam: [], slack: [], oidc: "00u1" },
    });
    expect(trust?.Statement.map(({ Action }) => Action)).toEqual([
      ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"],
    ]);
  });
});

describe("a personal role that is pinned to a user's name in Identity Center", () => {
  const byName = (session: Session) =>
    mayAssume({ identityCenter: ALICE }, session, {
      identityCenter: { permissionSets: [], pin: "userName" },
    });

  it.each<[string, Session, boolean]>([
    ["the person", { of: sso("Dev"), name: mail }, true],
    ["the person, with the id too", { of: sso("Dev"), name: mail, context: byId }, true],
    ["somebody else", { of: sso("Dev"), name: "bob@example.com" }, false],
    ["a name that ends with the person's", { of: sso("Dev"), name: `x${mail}` }, false],
    ["the name in another case", { of: sso("Dev"), name: "Alice@example.com" }, false],
    ["another role with a session named so", { of: role("ci"), name: mail }, false],
  ])("%s: %#", async (_who, session, expected) => {
    expect(await byName(session)).toBe(expected);
  });

  it("whoever gets the person's name later gets the role, which the id would not allow", async () => {
    const heir = { of: sso("Dev"), name: mail, context: { "identitystore:UserId": BOB_ID } };
    expect(await byName(heir)).toBe(true);
    expect(await mayAssume({ identityCenter: ALICE }, heir)).toBe(false);
  });

  it("a user without an id is pinned to the name", async () => {
    const identities = { identityCenter: { userName: mail } };
    expect(await mayAssume(identities, { of: sso("Dev"), name: mail })).toBe(true);
  });
});

describe("a personal role for named permission sets", () => {
  it.each([
    ["Dev", true],
    ["Ops", false],
    ["Dev_Admin", false],
    ["xAWSReservedSSO_Dev", false],
  ])("a session of the set %s may assume it: %s", async (set, expected) => {
    const session = { of: sso(set), name: mail, context: byId };
    const identity = { identityCenter: { permissionSets: ["Dev"], pin: "userId" as const } };
    expect(await mayAssume({ identityCenter: ALICE }, session, identity)).toBe(expected);
  });
});

describe("a personal role that is pinned to a SAML subject", () => {
  const OKTA = {
    saml: {
      provider: `arn:aws:iam::${ACCOUNT}:saml-provider/Okta`,
      issuer: "http://www.okta.com/exk1",
      roles: [role("okta-developers")],
    },
  };
  const subject = (sub: string, qualifier = QUALIFIER) => ({
    "saml:sub": sub,
    "saml:namequalifier": qualifier,
  });

  it.each<[string, Session, boolean]>([
    ["the person", { of: role("okta-developers"), name: "any", context: subject("alice") }, true],
    ["somebody else", { of: role("okta-developers"), name: mail, context: subject("bob") }, false],
    [
      "the same subject of another provider",
      { of: role("okta-developers"), name: mail, context: subject("alice", "other") },
      false,
    ],
    ["another role", { of: role("okta-admins"), name: mail, context: subject("alice") }, false],
    ["a session without a subject", { of: role("okta-developers"), name: "alice" }, false],
  ])("%s: %#", async (_who, session, expected) => {
    expect(await mayAssume({ saml: "alice" }, session, OKTA)).toBe(expected);
  });
});

describe("a personal role that is pinned to a source identity", () => {
  const FROM = { sourceIdentity: { roles: [role("developers")] } };

  it.each<[string, Session, boolean]>([
    ["the person", { of: role("developers"), name: "x", sourceIdentity: "alice" }, true],
    ["somebody else", { of: role("developers"), name: "alice", sourceIdentity: "bob" }, false],
    ["a session without one", { of: role("developers"), name: "alice" }, false],
    ["another role", { of: role("ci"), name: "alice", sourceIdentity: "alice" }, false],
  ])("%s: %#", async (_who, session, expected) => {
    expect(await mayAssume({ sourceIdentity: "alice" }, session, FROM)).toBe(expected);
  });

  it("a session that names its source identity only now is refused", async () => {
    const trust = { sourceIdentity: "alice" };
    const late = { of: role("developers"), name: "x" };
    expect(await mayAssume(trust, late, FROM)).toBe(false);
  });
});

describe("a personal role that is pinned to something in IAM", () => {
  it("a role that the person alone uses may assume it, and no other role", async () => {
    const identities = { iam: [role("people/alice")] };
    expect(await mayAssume(identities, { of: role("people/alice"), name: "x" })).toBe(true);
    expect(await mayAssume(identities, { of: role("alice"), name: "alice" })).toBe(false);
    expect(await mayAssume(identities, { of: role("people/bob"), name: "alice" })).toBe(false);
  });

  it("one person's session of a role of Identity Center may assume it", async () => {
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Dev_${HEX}/${mail}`;
    const may = (of: string, name: string) => mayAssume({ iam: [session] }, { of, name });
    expect(await may(sso("Dev"), mail)).toBe(true);
    expect(await may(sso("Dev", ""), mail)).toBe(true);
    expect(await may(sso("Dev"), "bob@example.com")).toBe(false);
    expect(await may(sso("Ops"), mail)).toBe(false);
    expect(await may(role(`AWSReservedSSO_Dev_${HEX}`), mail)).toBe(false);
  });

  it("a session whose name its caller chooses pins nobody", () => {
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/shared/alice`;
    const source = { place: PLACE, identity: { account: ACCOUNT, signIn: [ACCOUNT] } };
    expect(personalTrust({ ...source, identities: { iam: [session], slack: [] } })).toBeUndefined();
  });

  it("an IAM user needs a session with MFA", () => {
    const user = `arn:aws:iam::${ACCOUNT}:user/alice`;
    const source = { place: PLACE, identity: { account: ACCOUNT, signIn: [ACCOUNT] } };
    expect(personalTrust({ ...source, identities: { iam: [user], slack: [] } })?.Statement).toEqual(
      [
        {
          Sid: "Iam",
          Effect: "Allow",
          Action: "sts:AssumeRole",
          Principal: { AWS: user },
          Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
        },
      ],
    );
  });
});

describe("a personal role that is pinned to an OIDC subject", () => {
  it("the role trusts the provider itself, for the subject and the audience", () => {
    const oidc = { issuer: "login.example.com/oauth2", audience: "timelatch" };
    const trust = personalTrust({
      place: PLACE,
      identity: { account: ACCOUNT, signIn: [ACCOUNT], oidc },
      identities: { iam: [], slack: [], oidc: "00u1" },
    });
    expect(trust?.Statement).toEqual([
      {
        Sid: "Oidc",
        Effect: "Allow",
        Action: ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"],
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/login.example.com/oauth2` },
        Condition: {
          StringEquals: {
            "login.example.com/oauth2:sub": "00u1",
            "login.example.com/oauth2:aud": "timelatch",
          },
        },
      },
    ]);
  });
});

describe("A personal role that account access manager hands out", () => {
  const APPLICATION = `arn:aws:account-access:eu-west-1:${ACCOUNT}:application/app-1`;
  const from = { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": APPLICATION };
  const USER = "sts:RequestContext/identitystore:UserId";

  /** Whether the service gets a session with its context: both actions must be allowed. */
  function getsSession(
    context: Readonly<Record<string, string>>,
    service = "account-access.amazonaws.com",
    user: PersonIdentities["identityCenter"] = ALICE,
    more: readonly string[] = [],
  ): boolean {
    const trust = personalTrust({
      place: PLACE,
      identity: {
        ...{ account: ACCOUNT, signIn: [ACCOUNT] },
        accountAccess: { application: APPLICATION },
      },
      identities: { iam: [], slack: [], identityCenter: user ?? {} },
    });
    const arn = personalRoleArn(PLACE, "timelatch-person-alice");
    const role: IamRole = {
      ...{ kind: "role", arn, roleName: "timelatch-person-alice", path: "/timelatch/people/" },
      ...{ roleId: "AROAEXAMPLE", createDate: "2026-11-01T00:00:00.000Z", policies: {} },
      maxSessionDuration: 3600,
      assumeRolePolicyDocument: trust as unknown as PolicyDocument,
    };
    const state = { accountId: ACCOUNT, roles: { [arn]: role }, credentials: {} };
    return [...more, "sts:AssumeRole", "sts:SetContext"].every((action) =>
      serviceMayAssume(state, arn, service, context, action),
    );
  }

  it.each<[string, Readonly<Record<string, string>>, boolean]>([
    ["the person who is entitled", { ...from, [USER]: ALICE_ID }, true],
    ["somebody else who is entitled to the role", { ...from, [USER]: BOB_ID }, false],
    ["a session without a user", from, false],
    [
      "the person's id under another key",
      { ...from, "identitystore:UserId": ALICE_ID, "sts:RoleSessionName": ALICE_ID },
      false,
    ],
    [
      "another application",
      { ...from, "aws:SourceArn": `${APPLICATION}2`, [USER]: ALICE_ID },
      false,
    ],
    [
      "an application of another account",
      { ...from, "aws:SourceAccount": "444455556666", [USER]: ALICE_ID },
      false,
    ],
    ["a request that names no application", { [USER]: ALICE_ID }, false],
  ])("%s: %#", (_who, context, expected) => {
    expect(getsSession(context)).toBe(expected);
  });

  it("It may hand on a source identity and tags, to nobody but the person", () => {
    const handing = ["sts:SetSourceIdentity", "sts:TagSession"];
    const asked = (id: string) =>
      getsSession({ ...from, [USER]: id }, undefined, undefined, handing);
    expect(asked(ALICE_ID)).toBe(true);
    expect(asked(BOB_ID)).toBe(false);
  });

  it("Another service of AWS gets none", () => {
    const context = { ...from, [USER]: ALICE_ID };
    expect(getsSession(context, "scheduler.amazonaws.com")).toBe(false);
  });

  it("A person without an id is not handed out, since nothing would tell them from others", () => {
    const context = { ...from, [USER]: ALICE_ID };
    expect(getsSession(context, undefined, { userName: mail })).toBe(false);
  });

  it("Sessions that assume the role are judged as without it", async () => {
    const identity = { accountAccess: { application: APPLICATION } };
    const session = (id: string) => ({
      ...{ of: sso("Dev"), name: mail },
      context: { "identitystore:UserId": id },
    });
    expect(await mayAssume({ identityCenter: ALICE }, session(ALICE_ID), identity)).toBe(true);
    expect(await mayAssume({ identityCenter: ALICE }, session(BOB_ID), identity)).toBe(false);
  });
});
