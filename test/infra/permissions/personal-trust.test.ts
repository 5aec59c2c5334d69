import { describe, expect, it } from "vitest";
import { serviceMayAssume } from "../../../lab/sandbox/aws/assume-role-decision.ts";
import type { IamRole, PolicyDocument } from "../../../lab/sandbox/aws/iam/state.ts";
import { personalRoleArn } from "../../../shared/domain/people/personal-role.ts";
import { personalTrust } from "../../../shared/domain/people/personal-trust.ts";
import type { PersonIdentities } from "../../../shared/domain/people/sign-in.ts";
import { ACCOUNT } from "../broker.ts";
import {
  ALICE,
  ALICE_ID,
  BOB_ID,
  byId,
  HEX,
  mail,
  mayAssume,
  PLACE,
  QUALIFIER,
  role,
  type Session,
  sso,
} from "./personal-trust-world.ts";

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

  it("a person who gets the name later gets the role, which the id would not allow", async () => {
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
  it("a role that only the person uses may assume it, and no other role", async () => {
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
        account: ACCOUNT,
        signIn: [ACCOUNT],
        accountAccess: { application: APPLICATION },
      },
      identities: { iam: [], slack: [], identityCenter: user ?? {} },
    });
    const arn = personalRoleArn(PLACE, "timelatch-person-alice");
    const role: IamRole = {
      kind: "role",
      arn,
      roleName: "timelatch-person-alice",
      path: "/timelatch/people/",
      roleId: "AROAEXAMPLE",
      createDate: "2026-11-01T00:00:00.000Z",
      policies: {},
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
      of: sso("Dev"),
      name: mail,
      context: { "identitystore:UserId": id },
    });
    expect(await mayAssume({ identityCenter: ALICE }, session(ALICE_ID), identity)).toBe(true);
    expect(await mayAssume({ identityCenter: ALICE }, session(BOB_ID), identity)).toBe(false);
  });
});
