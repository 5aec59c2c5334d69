import { describe, expect, it } from "vitest";
import { checkAccessFile } from "../../../shared/policy-tools/check-file.ts";
import { editedSample as edited, SAMPLE, WARNED_SAMPLE } from "../../cli/policy/policy-folder.ts";

/** Findings that edits add to those of the sample, as `line code: detail`. */
function added(...edits: readonly (readonly [string, string])[]): readonly string[] {
  const linesOf = (text: string) =>
    checkAccessFile(text).map(({ line, code, detail }) => ({
      key: `${code}: ${detail}`,
      text: `${text.split("\n")[line - 1]?.trim()} | ${code}: ${detail}`,
    }));
  const before = new Set(linesOf(SAMPLE).map(({ key }) => key));
  return linesOf(edited(...edits))
    .filter(({ key }) => !before.has(key))
    .map(({ text }) => text);
}

const EDIT_RULE = "  - name: payments-edit\n    who: { groups: [payments] }\n    clusters: [prod]";

describe("The check of a policy", () => {
  it("A review that no second person can close is an error, and one by default is a warning", () => {
    const REVIEW = "    review: { by: [platform, payments-leads], within: 2d }";
    const by = (text: string) => added([REVIEW, `    review: ${text}`]);
    expect(by("{ by: [platform] }")).toEqual([
      "review: { by: [platform] } | nobody-can-review: The review of a break-glass under break-glass is closed by a member of platform, but never by who asked or holds the principal. So nobody could close one of carol.",
    ]);
    expect(
      added(
        ["admins: [platform, security]", "admins: [platform]"],
        [REVIEW, "    review: { within: 1d }"],
      ).join(),
    ).toContain("nobody-can-review");
    expect(by("{ by: [payments-leads], within: 1d, block: true }")).toEqual([]);
    expect(by("{ by: [nobodies] }").join()).toContain("nobody could close a review");
    expect(added([REVIEW, ""]).join()).toContain(
      "review-by-default: break-glass says nothing of review, so platform or security (roles.admins) reviews each grant within 2d.",
    );
    expect(added(["    breakGlass: true\n", ""]).join()).toContain(
      "Only a rule with breakGlass: true has a review.",
    );
  });

  it("A review that is due while its access may still last is a warning", () => {
    const REVIEW = "    review: { by: [platform, payments-leads], within: 2d }";
    const within = (text: string, more = "") =>
      added([REVIEW, `    review: { by: [payments-leads], within: ${text} }${more}`]);
    const extended = "\n    extend: { times: 1, total: 50m, approval: none }";
    expect(within("30m")).toEqual([]);
    expect(within("29m")).toEqual([
      "review: { by: [payments-leads], within: 29m } | review-due-before-end: A review under break-glass is due 29m after the grant's start, and can be closed once the access is over. But access may last 30m. Write at least 30m and the time that a review takes.",
    ]);
    expect(within("50m", extended)).toEqual([]);
    expect(within("49m", extended).join()).toContain("access may last 50m");
  });

  it("Cluster admin that nobody approves is a warning, unless it is a break-glass", () => {
    const VIEW =
      "access: { policies: [AmazonEKSViewPolicy], scope: cluster }\n    duration: { max: 8h, default: 1h }";
    const admin = added([VIEW, VIEW.replace("ViewPolicy", "ClusterAdminPolicy")]);
    expect(admin).toContain(
      "approval: none | admin-without-approval: view-staging lends AmazonEKSClusterAdminPolicy to whoever asks, without an approver and without an alarm. Name approvers, or write breakGlass: true.",
    );
  });

  it("Extensions without an approval, of grants that need one, are a warning", () => {
    const EXTEND = "extend: { times: 2, total: 8h, approval: same }";
    expect(added([EXTEND, EXTEND.replace("same", "none")])).toEqual([
      "extend: { times: 2, total: 8h, approval: none } | extension-without-approval: A grant under payments-edit needs an approval, and its extensions need none. So every approval is one for up to 8h. Write approval: same, or a total that approvers mean.",
    ]);
  });

  it("Two people with one e-mail address, in letters of either case, are a warning", () => {
    expect(added(["email: bob@example.com", "email: Alice@example.com"])).toEqual([
      "email: Alice@example.com | email-shared: alice and bob have one e-mail address. If they are one person, that person could ask by one name and approve by the other.",
    ]);
  });

  it("A file with one admin is a warning, since nobody lifts what they stopped", () => {
    expect(added(["admins: [platform, security]", "admins: [security]"]).join()).toContain(
      "roles: { admins: [security], auditors: [audit] } | one-admin: heidi is the only admin. Nobody could lift a suspension or a drain of theirs, and nobody could suspend them. Name a second one.",
    );
  });

  it("Nobody has the name that stands for the broker in a history", () => {
    expect(added(["  mallory:\n", "  timelatch:\n"]).join()).toContain(
      ": Write another name: timelatch stands for the broker in every history.",
    );
  });

  it("The check finds nothing in the sample", () => {
    expect(checkAccessFile(SAMPLE)).toEqual([]);
  });

  it("The check warns of somebody in no group, and of somebody whom nobody can approve", () => {
    const found = checkAccessFile(WARNED_SAMPLE);
    expect(found.map(({ severity, code }) => [severity, code])).toEqual([
      ["warning", "person-without-group"],
      ["warning", "some-cannot-be-approved"],
    ]);
    expect(found[0]?.detail).toContain("mallory is in no group");
    expect(found[1]?.detail).toContain("So a request of carol under it would lapse.");
  });

  it("The check has what synthesis refuses as errors, with line, column and path", () => {
    const broken = edited(["    clusters: [prod]\n", "    clusters: [prod]\n    colour: blue\n"]);
    const line = broken.split("\n").indexOf("    colour: blue") + 1;
    expect(checkAccessFile(broken)).toEqual([
      {
        severity: "error",
        code: "invalid-file",
        line,
        column: 5,
        path: "rules.0.colour",
        detail: "rules.0.colour: Unknown key.",
      },
    ]);
  });

  it("The check places a fault of YAML's syntax", () => {
    const [found] = checkAccessFile("version: 1\nclusters: {\n");
    expect(found).toMatchObject({ severity: "error", code: "invalid-file", path: "(file)" });
    expect(found?.line).toBeGreaterThan(1);
  });

  it("The check has an error for a ticket that can run away", () => {
    const found = checkAccessFile(edited(["^(PAY|INC)-[0-9]+$", "^(a+)+$"]));
    expect(found).toMatchObject([{ severity: "error", path: "rules.0.reason.ticket" }]);
    expect(found[0]?.detail).toContain("too long");
  });

  it.each(["^(INC-[0-9]+)?$", "INC|", ".*", "(?:)"])(
    "The check has an error for the ticket %s, which matches the empty text",
    (ticket) => {
      expect(added(["^(PAY|INC)-[0-9]+$", ticket])).toEqual([
        `reason: { minLength: 10, ticket: "${ticket}" } | ticket-may-be-empty: The pattern also matches an empty text, so payments-edit accepts reasons without a ticket.`,
      ]);
    },
  );

  it("The check names a group without people, and the group that is probably meant", () => {
    expect(added([EDIT_RULE, EDIT_RULE.replace("[payments]", "[payment, payments]")])).toEqual([
      "who: { groups: [payment, payments] } | group-without-people: Nobody is in the group payment. Did you mean payments?",
    ]);
    expect(added(["admins: [platform, security]", "admins: [operations]"])).toEqual([
      "roles: { admins: [operations], auditors: [audit] } | group-without-people: Nobody is in the group operations.",
    ]);
  });

  it("The check names a group without people also among those whom agents' requests escalate to", () => {
    const agents =
      "agents: { approve: [{ groups: [payments-leads], escalate: { after: 15m, groups: [sre, srre] } }] }";
    const found = added(["    approval: none\n", `    approval: none\n    ${agents}\n`]);
    expect(found.filter((each) => each.includes("group-without-people"))).toEqual([
      `${agents} | group-without-people: Nobody is in the group srre. Did you mean sre?`,
    ]);
  });

  it("The check does not warn of a person without groups whom a rule names, or who may be a delegate", () => {
    const text = WARNED_SAMPLE.replace(
      EDIT_RULE,
      EDIT_RULE.replace("groups: [payments]", "people: [mallory]"),
    );
    expect(checkAccessFile(SAMPLE).map(({ code }) => code)).not.toContain("person-without-group");
    expect(checkAccessFile(text).map(({ code }) => code)).not.toContain("person-without-group");
  });

  it("The check warns of a rule for nobody, of retired clusters, and of people without a principal", () => {
    const who = (text: string) => added([EDIT_RULE, EDIT_RULE.replace("[payments]", text)]);
    expect(who("[nobody-yet]")).toContainEqual(
      "who: { groups: [nobody-yet] } | rule-for-nobody: Nobody is in `who` of payments-edit, so nobody can use the rule.",
    );
    // dave's own role would be a principal, had he not an empty list.
    const dave = ["slack: [T0001/U0004]\n", "slack: [T0001/U0004]\n    principals: []\n"] as const;
    const noPrincipal = [EDIT_RULE, EDIT_RULE.replace("[payments]", "[audit]")] as const;
    expect(added(dave, noPrincipal).join()).toContain(
      "rule-for-nobody: Nobody in `who` of payments-edit has a principal",
    );
    const retired = added(['cluster/legacy" }', 'cluster/legacy", retired: true }']);
    expect(retired).toEqual([
      "clusters: [legacy] | rule-for-nobody: Every cluster of view-legacy is retired, so the rule lends nothing.",
    ]);
  });

  it("The check has an error for a rule that only its requesters could approve", () => {
    const found = added([
      "approval: [{ groups: [payments-leads], count: 1 }]",
      "approval: [{ groups: [payments], count: 1 }]",
    ]);
    expect(found).toEqual([
      "approval: [{ groups: [payments], count: 1 }] | nobody-can-approve: payments-edit needs the approval of 1 of payments. Nobody approves their own request, and nobody counts twice. So no request under it can be approved: each would lapse.",
    ]);
  });

  it("The check has an error where fewer people can approve than must", () => {
    const found = added([
      "approval: [{ groups: [payments-leads], count: 1 }]",
      "approval: [{ groups: [payments-leads], count: 2 }]",
    ]);
    expect(found.join()).toContain("nobody-can-approve: payments-edit needs");
  });

  it("The check has an error where one person would have to count for two requirements", () => {
    const found = added(["{ groups: [sre], count: 1 }]\n", "{ groups: [payments-leads] }]\n"]);
    expect(found.join()).toContain("nobody-can-approve: payments-admin needs");
  });

  it("The check has an error for approvers who may decide only in Slack, where there is no Slack", () => {
    const [, slack = ""] = /^(slack: .*)$/m.exec(SAMPLE) ?? [];
    const found = added([slack, ""], [EDIT_RULE, `${EDIT_RULE}\n    decideIn: [slack]`]);
    expect(found.join()).toContain("which the file does not set up");
  });

  it("The check does not count an approver without an identity where the rule is decided", () => {
    const found = added(
      [", slack: [T0001/U0002]", ""],
      [EDIT_RULE, `${EDIT_RULE}\n    decideIn: [slack]`],
    );
    expect(found.join()).toContain("nobody-can-approve: payments-edit needs");
  });

  it("The check warns of a principal that two people share, at the second of them", () => {
    const found = added([
      'principals: ["arn:aws:iam::111122223333:role/people/heidi"]',
      'principals: ["arn:aws:iam::111122223333:role/people/mallory"]',
    ]);
    expect(found.join("\n")).toContain(
      'principals: ["arn:aws:iam::111122223333:role/people/mallory"] | principal-shared: arn:aws:iam::111122223333:role/people/mallory is a principal of mallory, heidi.',
    );
  });

  it.each(["*", "k*", "*-system"])(
    "The check warns of the pattern %s, which reaches kube-",
    (pattern) => {
      const found = added(['["payments-*"]', `["${pattern}"]`]);
      expect(found).toHaveLength(1);
      expect(found[0]).toContain("pattern-reaches-system");
    },
  );

  it("The check warns of kube-system in full where something can be created there, and not where it is only read", () => {
    expect(added(['["payments-*"]', "[kube-system]"]).join()).toContain("| system-namespace: ");
    expect(
      added(
        ["AmazonEKSEditPolicy, AmazonEKSViewPolicy", "AmazonEKSViewPolicy"],
        ['["payments-*"]', "[kube-system]"],
      ),
    ).toEqual([]);
  });

  it("The findings of a check stand in the order of the file", () => {
    const text = WARNED_SAMPLE.replace("^(PAY|INC)-[0-9]+$", "").replace('["payments-*"]', '["*"]');
    const lines = checkAccessFile(text).map(({ line }) => line);
    expect(lines).toHaveLength(4);
    expect(lines).toEqual(lines.toSorted((a, b) => a - b));
  });
});
