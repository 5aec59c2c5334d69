/** The right to write e-mail, which the policy's sender adds to the role of notify. */
import { describe, expect, it } from "vitest";
import { allowedActions, broker, sampleWith } from "../broker.ts";
import { arn } from "./role-world.ts";

const FROM = "access@mail.example.com";
const policy = sampleWith((sample) =>
  Object.assign(sample, { notices: { email: { from: FROM, configurationSet: "timelatch" } } }),
);
const stack = broker(policy);
const ROLE = "NotifyFunctionRole";

const decide = (
  resource: string,
  from = FROM,
  action = "ses:SendEmail",
  to: readonly string[] = ["bob@example.com"],
) =>
  stack.decide(ROLE, {
    action,
    resource,
    context: { "ses:FromAddress": from, "ses:Recipients": to },
  });
const identity = arn("ses", "identity/example.com");

describe("notify's right to write e-mail", () => {
  it("It adds one action, and to no other role", () => {
    expect(allowedActions(stack.role(ROLE)).filter((each) => each.startsWith("ses:"))).toEqual([
      "ses:SendEmail",
    ]);
    const others = stack
      .ofType("AWS::IAM::Role")
      .filter(({ logicalId }) => !logicalId.startsWith(ROLE));
    expect(others.length).toBeGreaterThan(5);
    for (const { logicalId } of others)
      expect(allowedActions(stack.role(logicalId)).join()).not.toContain("ses:");
  });

  it.each([
    "identity/access@mail.example.com",
    "identity/mail.example.com",
    "identity/example.com",
    "configuration-set/timelatch",
  ])("notify may send by %s, whichever SES has verified", async (resource) => {
    expect(await decide(arn("ses", resource))).toBe("Allowed");
  });

  it.each<[string, Parameters<typeof decide>]>([
    ["another sender", [arn("ses", "identity/example.com"), "ceo@example.com"]],
    ["another identity", [arn("ses", "identity/other.example")]],
    ["the domain of everybody", [arn("ses", "identity/com")]],
    ["a stranger's address", [identity, FROM, "ses:SendEmail", ["mallory@evil.example"]]],
    [
      "an address of ours and a stranger's",
      [identity, FROM, "ses:SendEmail", ["bob@example.com", "mallory@evil.example"]],
    ],
    ["another configuration set", [arn("ses", "configuration-set/marketing")]],
    ["a raw message", [arn("ses", "identity/example.com"), FROM, "ses:SendRawEmail"]],
    ["a template", [arn("ses", "identity/example.com"), FROM, "ses:SendTemplatedEmail"]],
    ["many messages", [arn("ses", "identity/example.com"), FROM, "ses:SendBulkEmail"]],
    [
      "a change of an identity",
      [arn("ses", "identity/example.com"), FROM, "ses:PutEmailIdentityDkimAttributes"],
    ],
  ])("notify may not send by %s", async (_what, args) => {
    expect(await decide(...args)).not.toBe("Allowed");
  });
});

describe("SES's events", () => {
  const rules = stack
    .ofType("AWS::Events::Rule")
    .filter(({ logicalId }) => logicalId.startsWith("MailEvents"));

  it("One rule hands what did not arrive to notify, of this deployment's e-mail alone", () => {
    expect(rules.map(({ properties }) => properties.object("EventPattern"))).toEqual([
      {
        source: ["aws.ses"],
        "detail-type": ["Email Bounced", "Email Complaint Received", "Email Rejected"],
        detail: { mail: { tags: { deployment: ["timelatch"] } } },
      },
    ]);
  });

  it("Without e-mail there is no such rule", () => {
    const none = broker().ofType("AWS::Events::Rule");
    expect(none.filter(({ logicalId }) => logicalId.startsWith("MailEvents"))).toEqual([]);
  });
});
