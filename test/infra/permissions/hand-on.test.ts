/** Source identities and transitive tags, which sessions hand on to that of a personal role. */
import { describe, expect, it } from "vitest";
import { personalTrust } from "../../../shared/domain/people/personal-trust.ts";
import { LONGEST_TRUST } from "../../../shared/domain/people/trust-policy.ts";
import { ACCOUNT } from "../broker.ts";
import {
  ALICE,
  BOB_ID,
  byId,
  HEX,
  MAY_ASSUME_PEOPLE,
  mail,
  mayAssume,
  PLACE,
  QUALIFIER,
  role,
  sso,
} from "./personal-trust-world.ts";

/** An identity provider may set both on a session, and AWS hands them on to the next. */
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
      place: PLACE,
      identity: { account: ACCOUNT, signIn: [ACCOUNT], oidc },
      identities: { iam: [], slack: [], oidc: "00u1" },
    });
    expect(trust?.Statement.map(({ Action }) => Action)).toEqual([
      ["sts:AssumeRoleWithWebIdentity", "sts:SetSourceIdentity", "sts:TagSession"],
    ]);
  });
});
