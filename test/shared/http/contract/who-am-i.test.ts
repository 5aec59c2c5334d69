import { describe, expect, it } from "vitest";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import { whoAmIAnswer } from "../../../../shared/http/contract/who-am-i.ts";
import { aPolicy } from "../../../fakes/builders.ts";

const whoIs = (name: string) => {
  const policy = aPolicy();
  const member = memberOf(policy, name);
  if (!member) throw new Error(`The policy does not name ${name}.`);
  return whoAmIAnswer(policy, member, "arn:aws:sts::1:assumed-role/r/s");
};

describe("GET /v1/whoami", () => {
  it("The who-am-I answer contains the person, groups, roles and the ARN that signed the call", () => {
    expect(whoIs("carol")).toEqual({
      person: "carol",
      groups: ["sre", "platform"],
      roles: ["admins", "auditors"],
      identityArn: "arn:aws:sts::1:assumed-role/r/s",
    });
  });

  it("The who-am-I answer contains no roles for a person whose groups have none", () => {
    expect(whoIs("alice")).toMatchObject({ groups: ["payments"], roles: [] });
  });
});
