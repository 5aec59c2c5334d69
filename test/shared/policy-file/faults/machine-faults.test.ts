/** A file may have machines that ask, with people behind them, and none that could decide. */
import { describe, expect, it } from "vitest";
import { BOB, PROD } from "../../../../lab/fakes/builders.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";
import { checkPolicy } from "../../../../shared/policy-tools/check-policy.ts";

const ROLE = "arn:aws:iam::111122223333:role/pipelines/deploy-bot";

interface Parts {
  readonly bot?: string;
  readonly bob?: string;
  readonly rule?: string;
  readonly top?: string;
}

const BOT_LINES = `kind: machine, owners: [leads], groups: [pipelines], identities: { iam: ["${ROLE}"] }, principals: ["${ROLE}"]`;

const textWith = ({ bot = BOT_LINES, bob = "", rule = "", top = "" }: Parts = {}) => `version: 1
clusters: { prod: { arn: "${PROD.arn}" } }
people:
  bob: { email: b@example.com, groups: [leads], identities: { iam: ["${BOB}"] }, principals: ["${BOB}"]${bob} }
  deploy-bot: { email: team@example.com, ${bot} }
${top}
rules:
  - name: edit
    who: { groups: [pipelines] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: [payments-api] }
    duration: { max: 1h }
    ${rule || "approval: [{ groups: [deciders], count: 1 }]"}
  - name: others
    who: { groups: [leads] }
    clusters: [prod]
    access: { policies: [AmazonEKSViewPolicy], scope: cluster }
    duration: { max: 1h }
    approval: [{ groups: [leads, deciders], count: 1 }]
`;

/** The faults, each as `line:column path: detail`. */
function faultsOf(parts: Parts): readonly string[] {
  try {
    parseAccessPolicy(textWith({ rule: "approval: none", ...parts }));
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map(({ line, column, detail }) => `${line}:${column} ${detail}`);
  }
}

const bot = (over: string, without: RegExp) => `${BOT_LINES.replace(without, "")}, ${over}`;

describe("A machine of access.yaml", () => {
  it("It is compiled with its owners, and a person has none of that", () => {
    const { people } = parseAccessPolicy(textWith({ rule: "approval: none" }));
    expect(people["deploy-bot"]?.machine).toEqual({ owners: ["leads"], ownersApprove: false });
    expect(people["bob"]).not.toHaveProperty("machine");
  });

  it("Without owners, or with groups of them in which nobody is, it is refused at its line", () => {
    expect(faultsOf({ bot: BOT_LINES.replace("owners: [leads], ", "") })).toEqual([
      expect.stringMatching(/^5:3 deploy-bot has no owners\./),
    ]);
    for (const owners of ["nobody", "pipelines"])
      expect(faultsOf({ bot: BOT_LINES.replace("[leads]", `[${owners}]`) })).toEqual([
        expect.stringMatching(/^5:\d+ No person is in any of these groups\./),
      ]);
  });

  it("Owners of a person are refused, and ownersApprove of one", () => {
    expect(faultsOf({ bob: ", owners: [leads], ownersApprove: true" })).toEqual([
      expect.stringMatching(/^4:\d+ Only a machine has owners\./),
      expect.stringMatching(/^4:\d+ Only a machine has ownersApprove\./),
    ]);
    expect(faultsOf({ bot: BOT_LINES.replace("kind: machine", "kind: person") })).toEqual([
      expect.stringContaining("Write machine, or leave the key out for a person."),
    ]);
  });

  it.each([
    ["an approver group", { rule: "approval: [{ groups: [leads, pipelines], count: 1 }]" }],
    [
      "a second circle",
      {
        rule: "approval: [{ groups: [leads], count: 1, escalate: { after: 5m, groups: [pipelines] } }]",
      },
    ],
    [
      "a reviewer group",
      { rule: "approval: none\n    breakGlass: true\n    review: { by: [pipelines] }" },
    ],
    [
      "a group that approves for agents",
      { rule: "approval: none\n    agents: { approve: [{ groups: [leads, pipelines] }] }" },
    ],
    ["the admins", { top: "roles: { admins: [leads, pipelines] }" }],
    ["the auditors", { top: "roles: { auditors: [pipelines] }" }],
    ["the delegates", { top: "delegations: { allowed: true, to: { groups: [pipelines] } }" }],
  ])("In %s it is refused, at the group", (_where, parts) => {
    expect(faultsOf(parts)).toEqual([
      expect.stringMatching(/^5:\d+ pipelines .* deploy-bot is a machine, which never does\./),
    ]);
  });

  it.each([
    ["identity", bot(`identities: { iam: ["${BOB}"] }`, /, identities: \{[^}]*\}/)],
    [
      "identity, as one of its sessions",
      bot(
        `identities: { iam: ["arn:aws:sts::111122223333:assumed-role/bob/session"] }`,
        /, identities: \{[^}]*\}/,
      ),
    ],
    ["principal", bot(`principals: ["${BOB}"]`, /, principals: \[[^\]]*\]/)],
  ])("A person's %s is refused to it", (_what, shared) => {
    expect(faultsOf({ bot: shared }).join()).toMatch(
      /^5:\d+ (bob already claims this identity|bob would also be deploy-bot)/,
    );
  });

  it("A role that many people take is none of its principals", () => {
    const many = "arn:aws:iam::111122223333:role/developers";
    const top = `identity: { account: "111122223333", sourceIdentity: { roles: ["${many}"] } }`;
    const shared = bot(`principals: ["${many}"]`, /, principals: \[[^\]]*\]/);
    expect(faultsOf({ top, bot: shared })).toEqual([
      expect.stringMatching(/^5:\d+ many people, as identity says would also be deploy-bot/),
    ]);
  });

  it("It has no Slack user, and no user of Identity Center", () => {
    const iam = `iam: ["${ROLE}"]`;
    const slack = bot(`identities: { ${iam}, slack: [T1/U1] }`, /, identities: \{[^}]*\}/);
    expect(faultsOf({ bot: slack })).toEqual([expect.stringContaining("by the API only")]);
    const center = `identityCenter: { userName: x@example.com }`;
    const user = bot(`identities: { ${iam}, ${center} }`, /, identities: \{[^}]*\}/);
    expect(faultsOf({ bot: user })).toEqual([expect.stringContaining("are people")]);
  });

  it("Owners who approve for it are a warning, by name", () => {
    const found = (over = "") =>
      checkPolicy(
        parseAccessPolicy(
          textWith({
            rule: "approval: [{ groups: [leads], count: 1 }]",
            bot: `${BOT_LINES}${over}`,
          }),
        ),
      ).map(({ code, detail }) => `${code}: ${detail}`);
    expect(found(", ownersApprove: true").find((text) => text.startsWith("owners"))).toMatch(
      /^owners-approve: The owners of deploy-bot may approve .*: bob\./,
    );
    expect(found(", ownersApprove: true").join()).not.toContain("nobody-can-approve: edit");
    expect(found().join()).not.toContain("owners-approve");
    expect(found()).toEqual(
      expect.arrayContaining([expect.stringContaining("nobody-can-approve: edit")]),
    );
  });
});

describe("The approval of agents", () => {
  const rule = (agents: string, approval = "none") =>
    `approval: ${approval}\n    agents: ${agents}`;

  it("It is compiled beside approval: none, and is a fault beside approvers or break-glass", () => {
    const approve = "{ approve: [{ groups: [leads], count: 1 }] }";
    const { rules } = parseAccessPolicy(textWith({ rule: rule(approve) }));
    expect(rules[0]).toMatchObject({
      approval: [],
      agents: [{ groups: ["leads"], count: 1 }],
    });
    expect(faultsOf({ rule: rule(approve, "[{ groups: [leads], count: 1 }]") })).toEqual([
      expect.stringContaining("The rule wants an approval of everybody."),
    ]);
    expect(faultsOf({ rule: `${rule(approve)}\n    breakGlass: true` })).toEqual([
      expect.stringContaining("A machine uses no break-glass."),
    ]);
    expect(faultsOf({ rule: rule("{ approve: [{ groups: [nobody] }] }") })).toEqual([
      expect.stringContaining("so nobody could approve"),
    ]);
  });

  it("Where nobody but its owners could agree, the check says so", () => {
    const text = textWith({ rule: rule("{ approve: [{ groups: [leads], count: 1 }] }") });
    expect(
      checkPolicy(parseAccessPolicy(text)).map(({ code, path }) => [code, path]),
    ).toContainEqual(["nobody-can-approve", ["rules", 0, "agents", "approve"]]);
  });
});
