import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { personByCallerArn, personBySlackUser } from "../../../../shared/domain/policy/identity.ts";
import type { Person } from "../../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";

const text = readFileSync("access.yaml", "utf8");
const policy = parseAccessPolicy(text);
const session = (role: string, name = "laptop", account = "111122223333") =>
  `arn:aws:sts::${account}:assumed-role/${role}/${name}`;

describe("The person behind a caller", () => {
  it("A person is found by the role of the session, whatever its path and session name", () => {
    expect(personByCallerArn(policy, session("heidi"))?.name).toBe("heidi");
    expect(personByCallerArn(policy, session("heidi", "bob"))?.name).toBe("heidi");
  });
  it("A person is found by the role of their own, and by no other that is shared", () => {
    expect(personByCallerArn(policy, session("timelatch-person-alice"))?.name).toBe("alice");
    expect(personByCallerArn(policy, session("timelatch-person-alice", "bob"))?.name).toBe("alice");
    expect(personByCallerArn(policy, session("okta-developers", "carol"))).toBeUndefined();
  });
  it.each([
    ["another account", session("timelatch-person-alice", "laptop", "999999999999")],
    ["another case", session("Timelatch-person-alice")],
    ["a role that contains the name", session("timelatch-person-alice2")],
    [
      "the role itself, which never calls the API",
      "arn:aws:iam::111122223333:role/timelatch-person-alice",
    ],
    ["an account's root", "arn:aws:iam::111122223333:root"],
    ["nothing", ""],
  ])("Nobody is found for %s", (_, arn) => {
    expect(personByCallerArn(policy, arn)).toBeUndefined();
  });
  it("A person is found by the session name for Identity Center roles, and never only by the role", () => {
    const role = "AWSReservedSSO_Dev_0123456789abcdef";
    const claims = (identity: string) =>
      parseAccessPolicy(
        text.replace(
          'arn:aws:iam::111122223333:role/people/heidi"], slack',
          `${identity}"], slack`,
        ),
      );
    const bySession = claims(session(role, "heidi@example.com"));
    expect(personByCallerArn(bySession, session(role, "heidi@example.com"))?.name).toBe("heidi");
    expect(personByCallerArn(bySession, session(role, "mallory@example.com"))).toBeUndefined();
    // Parsing refuses such an identity; a policy that has one all the same trusts it no more.
    const roleArn = `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/${role}`;
    const identities = { iam: [roleArn], slack: [] };
    const heidi = { ...(policy.people["heidi"] as Person), identities };
    const byRole = { ...policy, people: { ...policy.people, heidi } };
    expect(personByCallerArn(byRole, session(role, "heidi@example.com"))).toBeUndefined();
  });
  it("A person is found by each of their identities", () => {
    const two = parseAccessPolicy(
      text.replace(
        'iam: ["arn:aws:iam::111122223333:role/people/bob"]',
        'iam: ["arn:aws:iam::111122223333:role/people/bob", "arn:aws:iam::111122223333:user/bob"]',
      ),
    );
    expect(personByCallerArn(two, "arn:aws:iam::111122223333:user/bob")?.name).toBe("bob");
    for (const role of ["bob", "timelatch-person-bob"])
      expect(personByCallerArn(two, session(role))?.name).toBe("bob");
  });
});

describe("The person behind a Slack user", () => {
  it("A person is found by team and user id", () => {
    expect(personBySlackUser(policy, ["T0001/U0001"])?.name).toBe("alice");
    expect(personBySlackUser(policy, ["T0001/U0002", "E0001/U0002"])?.name).toBe("bob");
  });
  it.each([
    ["another team", ["T0002/U0001"]],
    ["another user", ["T0001/U00011"]],
    ["another case", ["t0001/u0001"]],
    ["a name", ["T0001/alice"]],
    ["an object's own member", ["__proto__"]],
    ["nothing", []],
  ])("Nobody is found for %s", (_, identities) => {
    expect(personBySlackUser(policy, identities)).toBeUndefined();
  });
  it("Nobody is found where two people claim the identities of one call", () => {
    expect(personBySlackUser(policy, ["T0001/U0001", "T0001/U0002"])).toBeUndefined();
  });
});
