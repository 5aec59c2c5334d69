import { describe, expect, it } from "vitest";
import { ACCOUNT, aPolicy } from "../../../../../lab/fakes/builders.ts";
import type {
  FindingDraft,
  FoundRecord,
} from "../../../../../shared/domain/evidence/findings/finding-record.ts";
import { ownPart } from "../../../../../shared/domain/evidence/findings/own-finding.ts";
import type {
  TrailCaller,
  TrailEvent,
} from "../../../../../shared/domain/evidence/trail/trail-event.ts";
import { type AccessPolicy, memberOf } from "../../../../../shared/domain/policy/policy.ts";
import { aFinding, aMissingCall } from "../finding-drafts.ts";
import { ALICE, MALLORY } from "../samples.ts";

const SSO = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/us-west-2/AWSReservedSSO_Admin_0123456789abcdef`;
const sso = (session: string) =>
  `arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_0123456789abcdef/${session}`;

/** Erin and Frank share a role of Identity Center. */
function policy(): AccessPolicy {
  const plain = aPolicy();
  const shared = (name: string) => ({
    email: `${name}@example.com`,
    groups: ["platform"],
    identities: { iam: [sso(name)], slack: [] },
    principals: [SSO],
  });
  return { ...plain, people: { ...plain.people, erin: shared("erin"), frank: shared("frank") } };
}

const partOf = (name: string, draft: Extract<FindingDraft, { readonly type: "finding" }>) => {
  const member = memberOf(policy(), name);
  if (!member) throw new Error(`${name} is not in the policy.`);
  return ownPart(policy(), member, draft as FoundRecord);
};
const about = (changes: Partial<TrailEvent>) => aFinding("one", undefined, [], changes);
const by = (caller: Partial<TrailCaller>, principalArn: string | null = null) =>
  about({ principalArn, caller: { ...MALLORY, ...caller } });

describe("A person's part in a finding", () => {
  it.each([
    ["by its ARN", ALICE],
    ["without its path", `arn:aws:iam::${ACCOUNT}:role/alice`],
    ["under another path", `arn:aws:iam::${ACCOUNT}:role/other/alice`],
  ])("A finding about the person's principal, %s, is the person's own", (_how, principalArn) => {
    expect(partOf("alice", about({ principalArn, caller: MALLORY }))).toBe("principal");
    expect(partOf("bob", about({ principalArn, caller: MALLORY }))).toBeUndefined();
  });

  it("A missing call about the person's principal is the person's own", () => {
    expect(partOf("alice", aMissingCall("call"))).toBe("principal");
    expect(partOf("carol", aMissingCall("call"))).toBeUndefined();
  });

  it.each<[string, Partial<TrailCaller>]>([
    ["in a session of the person's role", { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/carol/x1` }],
    ["by the role behind the session", { roleArn: `arn:aws:iam::${ACCOUNT}:role/people/carol` }],
    ["in a session that acts for the person", { sourceIdentity: "carol" }],
  ])("A change that was made %s is the person's own", (_how, caller) => {
    expect(partOf("carol", by(caller))).toBe("caller");
    expect(partOf("bob", by(caller))).toBeUndefined();
  });

  it("A change under a shared role of Identity Center is only of the session's person", () => {
    const change = by({ arn: sso("erin"), roleArn: SSO, sessionName: "erin" });
    expect(partOf("erin", change)).toBe("caller");
    expect(partOf("frank", change)).toBeUndefined();
  });

  it("A change of an entry that people share is the own of each of them", () => {
    const change = by({}, SSO);
    expect([partOf("erin", change), partOf("frank", change)]).toEqual(["principal", "principal"]);
  });

  it("Principals of the same name in another account, or of another kind, are somebody else's", () => {
    for (const principalArn of [
      "arn:aws:iam::999999999999:role/people/alice",
      `arn:aws:iam::${ACCOUNT}:user/alice`,
      "no ARN",
    ])
      expect(partOf("alice", about({ principalArn, caller: MALLORY }))).toBeUndefined();
  });
});
