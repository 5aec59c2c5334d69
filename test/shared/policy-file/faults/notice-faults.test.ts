/** Media that a file names reach whoever is to read in them. */
import { describe, expect, it } from "vitest";
import { BOB, PROD } from "../../../../lab/fakes/builders.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

const MAIL = "notices: { email: { from: access@example.com, configurationSet: timelatch } }";
const SLACK = "slack: { teams: [T0001], channel: C0001, alarms: C0002 }";

const textWith = (bob = "", top = "", email = "bob@example.com") => `version: 1
clusters: { prod: { arn: "${PROD.arn}" } }
people:
  bob: { email: "${email}", groups: [leads], identities: { iam: ["${BOB}"], slack: [T0001/U0002] }, principals: ["${BOB}"]${bob} }
${top}
rules: []
`;

/** The faults, each as `path: detail`. */
function faultsOf(text: string): readonly string[] {
  try {
    parseAccessPolicy(text);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.message.split("\n");
  }
}

describe("Media of notices", () => {
  it("The policy has the sender of e-mail and the media that somebody chose", () => {
    const policy = parseAccessPolicy(textWith(", notify: [slack, email]", `${MAIL}\n${SLACK}`));
    expect(policy.notices).toEqual({
      email: { from: "access@example.com", configurationSet: "timelatch" },
    });
    expect(policy.people["bob"]?.notify).toEqual(["slack", "email"]);
  });

  it("Without the keys the policy is as it was", () => {
    const policy = parseAccessPolicy(textWith());
    expect(policy).not.toHaveProperty("notices");
    expect(policy.people["bob"]).not.toHaveProperty("notify");
    expect(parseAccessPolicy(textWith("", "notices: {}")).hash).toBe(policy.hash);
  });

  it.each([
    [
      "e-mail that nothing writes",
      textWith(", notify: [email]", SLACK),
      "notify.0: Nothing writes",
    ],
    ["Slack without Slack", textWith(", notify: [slack]", MAIL), "has no user in a workspace"],
    ["no medium", textWith(", notify: []", MAIL), "Name at least one"],
    ["another medium", textWith(", notify: [pager]", MAIL), "notify"],
    ["a sender with a name", textWith("", MAIL.replace("access@", "Access <a@")), "plain e-mail"],
    [
      "two senders",
      textWith("", MAIL.replace("access@example.com", '"a@b.example, c@d.example"')),
      "plain e-mail",
    ],
    [
      "no configuration set",
      textWith("", "notices: { email: { from: a@example.com } }"),
      "configurationSet",
    ],
    ["a set with a path", textWith("", MAIL.replace("timelatch", "a/b")), "configuration set"],
    [
      "an address that SES refuses",
      textWith("", MAIL, "bob@exämple.com"),
      "email: SES writes to no",
    ],
    [
      "an address that is two",
      textWith("", MAIL, "bob@a.example,eve@b.example"),
      "email: Write an e-mail",
    ],
  ])("A file is refused with %s", (_what, text, detail) => {
    expect(faultsOf(text).join("\n")).toContain(detail);
  });

  it("Such an address is no fault where nothing writes e-mail", () => {
    expect(faultsOf(textWith("", SLACK, "bob@exämple.com"))).toEqual([]);
  });

  it("A machine has no medium of its own", () => {
    const bot = `  bot: { email: t@example.com, kind: machine, owners: [leads], groups: [], notify: [slack], identities: { iam: ["${BOB}2"] }, principals: ["${BOB}2"] }`;
    expect(
      faultsOf(
        textWith("", MAIL).replace("rules:", `rules:`).replace("\nnotices", `\n${bot}\nnotices`),
      ).join(),
    ).toContain("owners of a machine get its messages");
  });
});
