import { describe, expect, it } from "vitest";
import { personByCallerArn } from "../../../../shared/domain/policy/identity.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";

const HUB = "111122223333";
const SPOKE = "444455556666";
const person = (id: string, more = "") =>
  `{ email: a@example.com, groups: [dev]${more}, identities: { identityCenter: { userId: 906701d9d2-0a1b2c3d-1111-2222-3333-${id} } } }`;
const POLICY = parseAccessPolicy(`
version: 1
clusters:
  far: { arn: "arn:aws:eks:us-west-2:${SPOKE}:cluster/far" }
identity: { account: "${HUB}" }
people:
  alicia: ${person("000000000001", ", formerly: alice")}
  bob: ${person("000000000002")}
rules:
  - name: view
    who: { groups: [dev] }
    clusters: [far]
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 1h }
    approval: none
`);
const session = (role: string, account = HUB, name = "any-name") =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
const whoIs = (arn: string) => personByCallerArn(POLICY, arn)?.name;

describe("A caller with a personal role", () => {
  it("Every session of a personal role in the broker's account is that person, however it is named", () => {
    expect(whoIs(session("timelatch-person-bob"))).toBe("bob");
    expect(whoIs(session("timelatch-person-bob", HUB, "alicia"))).toBe("bob");
  });

  it("A renamed person calls with the role of the old name", () => {
    expect(whoIs(session("timelatch-person-alice"))).toBe("alicia");
    expect(whoIs(session("timelatch-person-alicia"))).toBeUndefined();
  });

  it.each([
    ["a personal role of another account", session("timelatch-person-bob", SPOKE)],
    ["a role that only begins like one", session("timelatch-person-bobby")],
    ["the name in another case", session("Timelatch-Person-bob")],
    ["a session called like one", session("shared", HUB, "timelatch-person-bob")],
    ["a user called like one", `arn:aws:iam::${HUB}:user/timelatch-person-bob`],
    ["a role's ARN, which no caller has", `arn:aws:iam::${HUB}:role/timelatch-person-bob`],
  ])("The caller is nobody with %s", (_title, arn) => {
    expect(whoIs(arn)).toBeUndefined();
  });
});
