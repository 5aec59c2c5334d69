import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../run-timelatch.ts";
import {
  editedSample,
  type PolicyFolder,
  policyFolder,
  SAMPLE,
  SAMPLE_FILE,
} from "./policy-folder.ts";

const EXPECTED_FILE = path.join(path.dirname(SAMPLE_FILE), "access.test.yaml");
const EXPECTED = readFileSync(EXPECTED_FILE, "utf8");

let folder: PolicyFolder;
let sample = "";
beforeAll(() => {
  folder = policyFolder();
  sample = folder.write("access.yaml", SAMPLE);
});
afterAll(() => folder.remove());

const VIEW = "{ cluster: staging, policy: AmazonEKSViewPolicy, scope: cluster }";
const EDIT =
  "{ cluster: prod, policy: AmazonEKSEditPolicy, namespaces: [payments-api], reason: no ticket at all }";
const PAYMENTS = EDIT.replace("no ticket at all", "INC-4711 stuck rollout");
const RBAC = "{ cluster: staging, groups: [eks-admins] }";
const ADMIN = "{ cluster: prod, policy: AmazonEKSAdminPolicy, namespaces: [payments-api] }";

/** Runs one expectation of the sample. */
function testing(who: string, ask: string, expected: string, ...more: readonly string[]) {
  const text = `version: 1\nexpectations:\n  - name: it\n    who: ${who}\n    ask: ${ask}\n    ${expected}\n`;
  return folder.policy("test", folder.write("one.test.yaml", text), "--against", sample, ...more);
}

describe("The sample's expectations", () => {
  it("The sample does what access.test.yaml expects of it, and every rule has an expectation", async () => {
    const { code, out, err } = await run(["policy", "test", "--strict"], {
      cwd: path.dirname(SAMPLE_FILE),
    });
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toMatch(
      /^access\.test\.yaml: \d+ expectations hold; 5 claims hold; every rule has an expectation\.\n$/,
    );
  });

  it.each([
    ["a longer duration", ["max: 4h", "max: 6h"]],
    ["a wider rule", ['["payments-*"]', '["payments-*", kube-system]']],
    ["no ticket", [', ticket: "^(PAY|INC)-[0-9]+$" }', " }"]],
    ["one approval fewer", [", { groups: [sre], count: 1 }]\n", "]\n"]],
    [
      "other approvers",
      ["approval: [{ groups: [sre, payments-leads], count: 1 }]", "approval: none"],
    ],
    ["more people", ["mallory@example.com", "mallory@example.com\n    groups: [payments]"]],
    ["a longer time in all", ["total: 8h", "total: 12h"]],
    ["extensions that nobody approves", ["total: 8h, approval: same", "total: 8h, approval: none"]],
    ["no delegations", ["delegations: { allowed: true, longest: 21d }\n", ""]],
    ["a rule that can be delegated", ["    delegable: false\n", ""]],
    ["a rule that is gone", ["- name: break-glass", "- name: emergency"]],
  ] as const)("The sample's expectations notice a change of the policy: %s", async (_, edit) => {
    const changed = folder.write("changed.yaml", editedSample(edit));
    const { code, out } = await folder.policy("test", EXPECTED_FILE, "--against", changed);
    expect(code).toBe(11);
    expect(out).toContain("[expectation-fails]");
  });
});

describe("timelatch policy test", () => {
  it.each([
    ["a rule", "bob", VIEW, "allow: { rule: view-staging }"],
    ["any rule", "bob", VIEW, "allow: {}"],
    ["nobody's approval", "bob", VIEW, "allow: { approvers: [] }"],
    ["approvers of two requirements", "alice", ADMIN, "allow: { approvers: [[bob], [carol]] }"],
    ["no extension", "alice", ADMIN, "allow: { extend: none }"],
    ["delegates", "alice", PAYMENTS, "allow: { delegable: true }"],
    ["no delegates", "alice", RBAC, "allow: { delegable: false }"],
    ["nothing to delegate", "bob", VIEW, "allow: { delegable: false }"],
    ["an extension", "alice", PAYMENTS, "allow: { extend: { times: 2, total: 8h } }"],
    ["a refusal", "mallory", VIEW, "deny: {}"],
    ["objections of the closest rule", "alice", EDIT, "deny: { objections: [ticket-missing] }"],
    [
      "objections of a rule",
      "mallory",
      VIEW,
      "deny: { rule: view-staging, objections: [not-for-you] }",
    ],
  ])("An expectation of %s holds where the policy does it", async (_, who, ask, expected) => {
    expect(await testing(who, ask, expected)).toMatchObject({ code: 0 });
  });

  it.each([
    ["mallory", VIEW, "allow: {}", "It is refused: No rule for you lends anything on staging."],
    ["alice", EDIT, "allow: {}", "It is refused: payments-edit requires a ticket"],
    [
      "bob",
      VIEW,
      "allow: { rule: view-legacy }",
      "The rule view-staging decides, and not view-legacy.",
    ],
    [
      "alice",
      ADMIN,
      "allow: { approvers: [[bob]] }",
      "The rule has 2 requirements, and not 1 requirement.",
    ],
    [
      "alice",
      ADMIN,
      "allow: { approvers: [[bob], [bob]] }",
      "Requirement 2 can be met by carol, and not by bob.",
    ],
    [
      "alice",
      PAYMENTS,
      "allow: { extend: { total: 8h, approval: none } }",
      "payments-edit allows 2 extensions, to 8h in all, with the same approval, and not 1 extension, to 8h in all, without an approval.",
    ],
    [
      "alice",
      ADMIN,
      "allow: { extend: { times: 2, total: 8h } }",
      "payments-admin allows no extension, and not 2 extensions, to 8h in all, with the same approval.",
    ],
    [
      "alice",
      PAYMENTS,
      "allow: { delegable: false }",
      "payments-edit lets its approvers delegate.",
    ],
    ["alice", RBAC, "allow: { delegable: true }", "staging-rbac-admins is not delegable."],
    ["bob", VIEW, "allow: { delegable: true }", "view-staging has no approvers."],
    ["bob", VIEW, "deny: {}", "It is allowed by view-staging."],
    [
      "alice",
      EDIT,
      "deny: { objections: [too-long] }",
      "objects ticket-missing, and not too-long.",
    ],
    [
      "alice",
      EDIT.replace(" }", ", duration: 1d }"),
      "deny: { objections: [too-long] }",
      "objects ticket-missing, too-long, and not too-long.",
    ],
    ["mallory", VIEW, "deny: { rule: payments-edits }", "The policy has no rule payments-edits."],
    ["mallori", VIEW, "deny: {}", "The policy has nobody called mallori."],
  ])(
    "An expectation of %s that does not hold says what is otherwise: %s %s",
    async (who, ask, expected, said) => {
      const { code, out } = await testing(who, ask, expected);
      expect(code).toBe(11);
      expect(out).toContain(`one.test.yaml:3:5: error: "it" does not hold. `);
      expect(out).toContain(said);
    },
  );

  it("An expectation of a start is judged at its own instant", async () => {
    const at = (day: string) =>
      testing(
        "bob",
        VIEW.replace(" }", ", startsAt: 2026-12-24T04:00Z }"),
        `at: ${day}T03:00Z\n    allow: {}`,
      );
    expect((await at("2026-12-24")).code).toBe(0);
    expect((await at("2026-12-25")).code).toBe(11);
  });

  it("timelatch policy test warns of a rule that no expectation is about, at its name in the policy", async () => {
    const { code, out } = await testing("bob", VIEW, "allow: { rule: view-staging }");
    expect(code).toBe(0);
    expect(out).toMatch(
      /^access\.yaml:\d+:11: warning: No expectation is about break-glass\. \[rule-untested\]$/m,
    );
    expect(out).not.toContain("is about view-staging");
    const strict = await testing("bob", VIEW, "allow: { rule: view-staging }", "--strict");
    expect(strict.code).toBe(11);
  });

  it.each([
    ["both", VIEW, "allow: {}\n    deny: {}", "3:5: expectations.0: Write allow or deny"],
    ["neither", VIEW, "at: 2026-12-24T03:00Z", "Write allow or deny"],
    [
      "a start without its instant",
      VIEW.replace(" }", ", startsAt: 2026-12-24T04:00Z }"),
      "allow: {}",
      "Write at as well",
    ],
    [
      "a policy without its scope",
      "{ cluster: prod, policy: P }",
      "allow: {}",
      "Write policy with namespaces",
    ],
    ["an unknown objection", VIEW, "deny: { objections: [too-lang] }", "objections.0"],
    ["an unknown key", VIEW, "allow: { rules: x }", "Unknown key."],
    [
      "a time without a zone",
      VIEW,
      "at: 2026-12-24\n    allow: {}",
      "Write an instant with its zone",
    ],
  ])(
    "timelatch policy test refuses a file with %s, with the place",
    async (_, ask, expected, said) => {
      const { code, err } = await testing("bob", ask, expected);
      expect(code).toBe(11);
      expect(err).toContain("one.test.yaml is not sound.");
      expect(err).toContain(said);
    },
  );

  it("timelatch policy test finds the policy beside the expectations by its name", async () => {
    folder.write("other.yaml", SAMPLE);
    const { code } = await folder.policy("test", folder.write("other.test.yaml", EXPECTED));
    expect(code).toBe(0);
    const unnamed = await folder.policy("test", folder.write("expectations.yaml", EXPECTED));
    expect(unnamed.code).toBe(2);
    expect(unnamed.err).toContain("--against");
  });

  it("timelatch policy test --format github and --json say the same to programs", async () => {
    const github = await testing("bob", VIEW, "deny: {}", "--format", "github");
    expect(github.out).toMatch(/^::error file=one\.test\.yaml,line=3,col=5,/m);
    const { out } = await testing("bob", VIEW, "deny: {}", "--json");
    expect(JSON.parse(out)).toMatchObject({
      expectations: [{ name: "it", holds: false, rules: ["view-staging"] }],
      untested: 7,
    });
  });
});
