import { describe, expect, it } from "vitest";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { memberOf } from "../../../../shared/domain/policy/policy.ts";
import { NO_STOPS } from "../../../../shared/domain/stops/stops.ts";
import { whoAmIAnswer } from "../../../../shared/http/contract/who-am-i.ts";

const whoIs = (name: string, stopped = NO_STOPS, delegators: readonly string[] = []) => {
  const policy = withAdmins();
  const member = memberOf(policy, name);
  if (!member) throw new Error(`The policy does not name ${name}.`);
  return whoAmIAnswer(
    policy,
    member,
    "arn:aws:sts::1:assumed-role/r/s",
    stopped,
    delegators.flatMap((each) => memberOf(policy, each) ?? []),
  );
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

  it("The who-am-I answer names the people for whom the caller may decide, if there are any", () => {
    expect(whoIs("alice", NO_STOPS, ["bob", "carol"]).decidesFor).toEqual(["bob", "carol"]);
    expect(whoIs("alice")).not.toHaveProperty("decidesFor");
  });

  it("The who-am-I answer names nobody who is suspended among them, and says who can lift it", () => {
    const suspension = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "a lost laptop" };
    const stopped = { ...NO_STOPS, people: { bob: suspension } };
    expect(whoIs("alice", stopped, ["bob"])).not.toHaveProperty("decidesFor");
    expect(whoIs("alice", stopped, ["bob", "carol"])).toMatchObject({
      decidesFor: ["carol"],
      suspendedDelegators: [
        {
          person: "bob",
          detail: "carol suspended bob, so nobody decides for them; dora or erin can lift it.",
        },
      ],
    });
    expect(whoIs("dora", stopped, ["bob"]).suspendedDelegators?.[0]?.detail).toContain(
      "; you can lift it.",
    );
  });

  it("The who-am-I answer contains no roles for a person whose groups give no role", () => {
    expect(whoIs("alice")).toMatchObject({ groups: ["payments"], roles: [] });
  });

  it("The who-am-I answer says who stopped the caller, why, and which admins may lift it", () => {
    const drain = { by: "carol", at: "2026-11-24T10:00:00.000Z", reason: "an incident" };
    expect(whoIs("dora", { ...NO_STOPS, drain }).stopped).toEqual({
      code: "drained",
      detail:
        "carol drained the broker: an incident. You can ask for nothing now; you can lift it.",
      liftedBy: ["dora", "erin"],
      mayLift: true,
    });
    expect(whoIs("alice", { ...NO_STOPS, drain }).stopped).toMatchObject({ mayLift: false });
  });
});
