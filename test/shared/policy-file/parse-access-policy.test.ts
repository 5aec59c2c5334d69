import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../shared/policy-file/yaml/file-fault.ts";

const sample = readFileSync("access.yaml", "utf8");

function faultsOf(text: string): readonly string[] {
  try {
    parseAccessPolicy(text);
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.faults.map((f) => `${f.path}: ${f.detail}`);
  }
}
const lineOf = (text: string, part: string) => text.slice(0, text.indexOf(part)).split("\n").length;

describe("The sample access.yaml", () => {
  it("The sample access.yaml is accepted as a whole", () => {
    const policy = parseAccessPolicy(sample);
    expect(policy.rules.map(({ name }) => name)).toEqual([
      "payments-edit",
      "payments-admin",
      "view-staging",
      "staging-rbac-admins",
      "view-legacy",
      "staging-edit",
      "break-glass",
      "payments-break-glass",
    ]);
    expect(policy.rules.at(-1)).toMatchObject({ approval: [], breakGlass: true });
    expect(policy.rules[0]?.duration).toEqual({ maxSeconds: 14_400, defaultSeconds: 3_600 });
  });
  it("The policy's hash changes with every change of meaning, and with no change of layout", () => {
    const { hash } = parseAccessPolicy(sample);
    expect(parseAccessPolicy(`# a comment\n${sample}`).hash).toBe(hash);
    expect(parseAccessPolicy(sample.replace("max: 4h", "max: 3h")).hash).not.toBe(hash);
  });
});

describe("An access.yaml with a fault", () => {
  it.each([
    ["an unknown key", "breakGlass: true", "breakGlas: true", "rules.6.breakGlas"],
    ["an unknown key at the top", "\nroles:", "\nrolez:", "rolez"],
    ["another version", "version: 1", "version: 2", "version"],
    ["an invalid duration", "max: 4h", "max: PT4H", "rules.0.duration.max"],
    ["a default beyond the maximum", "default: 1h }", "default: 5h }", "rules.0.duration.default"],
    [
      "a rule for an undefined cluster",
      "clusters: [prod]",
      "clusters: [prd]",
      "rules.0.clusters.0",
    ],
    [
      "approval that is neither none nor a list",
      "approval: none",
      "approval: nobody",
      "rules.2.approval",
    ],
    ["a count of zero", "count: 1", "count: 0", "rules.0.approval.0.count"],
    [
      "approvers that have no members",
      "groups: [payments-leads], count: 1 }]",
      "groups: [ghosts], count: 1 }]",
      "rules.0.approval.0.groups",
    ],
    [
      "a second circle that has no members",
      "groups: [payments-leads], count: 1 }]",
      "groups: [payments-leads], escalate: { after: 15m, groups: [ghosts] } }]",
      "rules.0.approval.0.escalate.groups",
    ],
    [
      "a second circle that is asked after seconds",
      "groups: [payments-leads], count: 1 }]",
      "groups: [payments-leads], escalate: { after: 59s, groups: [sre] } }]",
      "rules.0.approval.0.escalate.after",
    ],
    [
      "more groups of approvers than a request can have",
      "groups: [payments-leads], count: 1 }]",
      `groups: [payments-leads], escalate: { after: 15m, groups: [sre, ${Array.from({ length: 39 }, (_, n) => `g${n}`).join(", ")}] } }]`,
      "rules.0.approval.0.escalate.groups.39",
    ],
    ["an invalid namespace", '"payments-*"', '"Payments"', "rules.0.access"],
    [
      "an empty list of namespaces",
      'namespaces: ["payments-*"]',
      "namespaces: []",
      "rules.0.access.namespaces",
    ],
    [
      "both scopes at once",
      'namespaces: ["payments-*"]',
      'namespaces: ["payments-*"], scope: cluster',
      "rules.0.access",
    ],
    [
      "a reserved group",
      "groups: [eks-admins]",
      "groups: ['system:masters']",
      "rules.3.access.groups.0",
    ],
    ["an invalid cluster ARN", "cluster/staging", "nodegroup/staging", "clusters.staging.arn"],
    [
      "a session as a principal",
      'principals: ["arn:aws:iam::111122223333:role/people/mallory"]',
      'principals: ["arn:aws:sts::111122223333:assumed-role/mallory/x"]',
      "people.mallory.principals.0",
    ],
    [
      "a pattern that can take too long",
      '"^(PAY|INC)-[0-9]+$"',
      '"^(PAY|INC)*$"',
      "rules.0.reason.ticket",
    ],
    ["a pattern that does not compile", '"^(PAY|INC)-[0-9]+$"', '"^(PAY"', "rules.0.reason.ticket"],
    [
      "an unknown access policy",
      "policies: [AmazonEKSEditPolicy, ",
      "policies: [AmazonEKSEditorPolicy, ",
      "rules.0.access.policies.0",
    ],
    [
      "an Identity Center role as an identity",
      'iam: ["arn:aws:iam::111122223333:role/people/bob"]',
      'iam: ["arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef"]',
      "people.bob.identities.iam.0",
    ],
    ["two rules with the same name", "name: payments-admin", "name: payments-edit", "rules.1.name"],
    ["an empty who", "who: { groups: [sre] }", "who: {}", "rules.6.who"],
    ["a person with an upper-case name", "  alice:", "  Alice:", "people.Alice"],
    ["a person with a name of one letter", "  alice:", "  a:", "people.a"],
  ])("An access.yaml with %s is refused, with the place of the fault", (_, from, to, path) => {
    const text = sample.replace(from, () => to);
    expect(text).not.toBe(sample);
    expect(faultsOf(text).map((fault) => fault.split(": ")[0])).toContain(path);
  });

  it("An unknown key is reported with line and column", () => {
    const text = sample.replace("breakGlass: true", "breakGlas: true");
    expect(() => parseAccessPolicy(text)).toThrow(
      `${lineOf(text, "breakGlas:")}:5 rules.6.breakGlas: Unknown key.`,
    );
  });
  it("An identity that two people claim is refused", () => {
    const text = sample.replace("T0001/U0002", "T0001/U0001");
    expect(faultsOf(text)).toEqual([
      "people.bob.identities.slack.0: alice already claims this identity. An identity can belong to one person only.",
    ]);
  });
  it.each([
    ["a key that appears twice", `${sample}\nversion: 1\n`],
    ["YAML that does not parse", `${sample}\n  - ]`],
    ["an alias", sample.replace("people:", "anchor: &a { x: 1 }\nalso: *a\npeople:")],
    ["a custom tag", sample.replace("version: 1", "version: !!js/function 1")],
    ["two documents", `${sample}\n---\nversion: 1\n`],
    ["nothing", ""],
    ["a list", "- 1"],
  ])("An access.yaml that contains %s is refused", (_, text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });
  it("All faults are reported at once", () => {
    const text = sample.replace("max: 4h", "max: x").replace("count: 1", "count: 0");
    expect(faultsOf(text)).toHaveLength(2);
  });
});

describe("An access policy that EKS may not know", () => {
  const misspelt = sample.replace("[AmazonEKSEditPolicy, ", "[AmazonEksEditPolcy, ");

  it("A misspelt access policy is refused with the nearest name and the way out", () => {
    const [fault = ""] = faultsOf(misspelt);
    expect(fault).toContain("Did you mean AmazonEKSEditPolicy?");
    expect(fault).toContain("write newerPolicies: true");
  });

  it("A rule may name an access policy that is newer than the list", () => {
    const newer = misspelt.replace("  - name: payments-edit\n", "$&    newerPolicies: true\n");
    const { access } = parseAccessPolicy(newer).rules[0] ?? {};
    expect(access).toMatchObject({ policies: ["AmazonEksEditPolcy", "AmazonEKSViewPolicy"] });
  });
});
