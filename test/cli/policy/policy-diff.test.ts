import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../run-timelatch.ts";
import { editedSample, type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
let sample = "";
beforeAll(() => {
  folder = policyFolder();
  sample = folder.write("access.yaml", SAMPLE);
});
afterAll(() => folder.remove());

type Edit = readonly [string, string];
/** The sections of a comparison of the sample with its edited form, each with its sentences. */
async function changeOf(edits: readonly Edit[], ...more: readonly string[]) {
  const edited = folder.write("edited.yaml", editedSample(...edits));
  const { code, out } = await folder.policy("diff", sample, edited, ...more);
  expect(code).toBe(0);
  return Object.fromEntries(
    out
      .trim()
      .split("\n\n")
      .map((section) => {
        const [title = "", ...lines] = section.split("\n");
        return [title, lines.map((line) => line.trim().replace(/^[+~-] /, ""))];
      }),
  );
}

/** A rule of the sample as its text. */
function ruleOfSample(name: string): string {
  const from = SAMPLE.indexOf(`  - name: ${name}\n`);
  return SAMPLE.slice(from, SAMPLE.indexOf("  - name: ", from + 1));
}

const ALICE_GROUPS: Edit = ["groups: [payments]\n", "groups: [payments, sre]\n"];

describe("timelatch policy diff", () => {
  it("timelatch policy diff says that nothing changes for comments and form", async () => {
    const edited = folder.write("same.yaml", `# a comment\n${SAMPLE}`);
    expect(await folder.policy("diff", sample, edited)).toMatchObject({
      code: 0,
      out: "Nothing changes: the two policies say the same.\n",
    });
  });

  it("timelatch policy diff says so where the policies differ in nobody's access", async () => {
    const edited = folder.write("mail.yaml", editedSample(["alice@example.com", "a@example.com"]));
    expect((await folder.policy("diff", sample, edited)).out).toBe(
      "The policies differ, but not in what anybody may borrow or approve.\n",
    );
  });

  it("timelatch policy diff says who takes the place of an approver, though there are as many as before", async () => {
    const swapped = await changeOf([
      ["groups: [payments-leads]\n", "groups: []\n"],
      ["groups: [audit]\n", "groups: [audit, payments-leads]\n"],
    ]);
    const under = "approve requests under payments-edit, staging-rbac-admins, view-legacy and";
    expect(swapped["Gained"]).toContainEqual(expect.stringContaining(`dave may ${under}`));
    expect(swapped["Lost"]).toContainEqual(expect.stringContaining(`bob may no longer ${under}`));
  });

  it("timelatch policy diff says where too few people can approve since somebody else may", async () => {
    const change = await changeOf([
      ["groups: [payments-leads]\n", "groups: []\n"],
      ["groups: [payments]\n", "groups: [payments, payments-leads]\n"],
    ]);
    expect(change["Other terms"]).toContainEqual(
      expect.stringMatching(
        /^alice, AmazonEKSEditPolicy and .* on prod: too few people can approve/,
      ),
    );
  });

  it("timelatch policy diff shows what somebody gains by joining a group, with a role of their own and so without rights in IAM", async () => {
    const change = await changeOf([ALICE_GROUPS]);
    expect(change["Gained"]).toContain(
      "alice may borrow AmazonEKSClusterAdminPolicy on the whole of prod: for up to 30m, without an approval, decided in api, as break-glass, with a review by platform or payments-leads within 2d, by the rule break-glass.",
    );
    expect(change["Gained"]).toContain(
      "alice may approve requests under staging-rbac-admins, view-legacy and staging-edit.",
    );
    expect(change["Gained"]).toContain(
      "alice may approve requests under payments-admin as one of sre.",
    );
    expect(change).not.toHaveProperty("Gained in IAM");
    expect(change).not.toHaveProperty("Lost");
  });

  it("An approver who may meet a second requirement is a change, since fewer groups then suffice", async () => {
    const BOB_GROUPS: Edit = ["groups: [payments-leads]\n", "groups: [payments-leads, sre]\n"];
    const change = await changeOf([BOB_GROUPS]);
    expect(change["Gained"]).toContain(
      "bob may approve requests under payments-admin as one of sre.",
    );
    expect(JSON.stringify(change)).not.toContain("as one of payments-leads");
  });

  it("A requirement that only moves is no change of who may approve", async () => {
    const NEEDS = "approval: [{ groups: [payments-leads], count: 1 }, { groups: [sre], count: 1 }]";
    const MOVED = "approval: [{ groups: [sre], count: 1 }, { groups: [payments-leads], count: 1 }]";
    expect(JSON.stringify(await changeOf([[NEEDS, MOVED]]))).not.toContain("approve requests");
  });

  it("A new right to close the review of a break-glass is a change, also by a group that somebody joins", async () => {
    const change = await changeOf([["groups: [security]\n", "groups: [security, platform]\n"]]);
    expect(change["Gained"]).toContain(
      "heidi may close reviews of break-glass under break-glass and payments-break-glass.",
    );
  });

  it("timelatch policy diff shows the rights in IAM that come with a principal by ARN", async () => {
    const change = await changeOf([["groups: [security]\n", "groups: [security, sre]\n"]]);
    expect(change["Gained in IAM"]).toContain(
      "The grantor role for access policies in 111122223333 may call eks:AssociateAccessPolicy with AmazonEKSClusterAdminPolicy on access-entry/prod/* for role/people/heidi (AssociateInClusterScope).",
    );
    expect(change).not.toHaveProperty("Lost");
  });

  it("timelatch policy diff shows what everybody loses with a rule", async () => {
    const change = await changeOf([[ruleOfSample("staging-rbac-admins"), ""]]);
    expect(change["Lost"]).toEqual([
      "alice and carol may no longer borrow the Kubernetes group eks-admins on staging.",
      "bob and carol may no longer approve requests under staging-rbac-admins.",
    ]);
    expect(change).not.toHaveProperty("Lost in IAM");
  });

  it("timelatch policy diff says that the rights to take groups away stay after the last rule for groups", async () => {
    const rules = ["staging-rbac-admins", "staging-edit"];
    const change = await changeOf(rules.map((name) => [ruleOfSample(name), ""]));
    expect(change).not.toHaveProperty("Lost in IAM");
    expect(change["Lent already"]).toEqual([
      "What is lent under staging-rbac-admins and staging-edit stays until its end, or until somebody revokes it.",
    ]);
  });

  it("timelatch policy diff shows the rights in IAM that come with the first rule for groups", async () => {
    const rules = ["staging-rbac-admins", "staging-edit"];
    const without = folder.write(
      "before.yaml",
      editedSample(...rules.map((name): Edit => [ruleOfSample(name), ""])),
    );
    const { out } = await folder.policy("diff", without, sample);
    expect(out.replace(/\s+/g, " ")).toContain(
      "The grantor role for Kubernetes groups in 111122223333 may call eks:UpdateAccessEntry on access-entry/* (SetKubernetesGroups).",
    );
  });

  it.each([
    [["max: 4h", "max: 6h"], "for up to 6h (before: for up to 4h)"],
    [["max: 4h, default: 1h }", "max: 4h, default: 2h }"], "2h by default (before: 1h by default)"],
    [
      ["approval: [{ groups: [payments-leads], count: 1 }]", "approval: none"],
      "without an approval (before: with the approval of 1 of payments-leads)",
    ],
    [
      ["minLength: 10", "minLength: 20"],
      "with a reason of at least 20 characters (before: with a reason of at least 10 characters)",
    ],
    [
      [', ticket: "^(PAY|INC)-[0-9]+$" }', " }"],
      "without a ticket (before: with a ticket that matches ^(PAY|INC)-[0-9]+$)",
    ],
    [
      ['["payments-*"] }', '["payments-*"], wildcards: true }'],
      "as patterns too (before: by name only)",
    ],
    [
      ["    extend: { times: 2, total: 8h, approval: same }\n", ""],
      "without extensions (before: extended 2 times, to 8h in all)",
    ],
    [
      ["{ times: 2, total: 8h, approval: same }", "{ total: 8h, approval: none }"],
      "extended once without an approval, to 8h in all (before: extended 2 times, to 8h in all)",
    ],
    [
      ["- name: payments-edit", "- name: payments-write"],
      "by the rule payments-write (before: by the rule payments-edit)",
    ],
  ] as const)("timelatch policy diff shows terms that change: %j", async (edit, said) => {
    const change = await changeOf([edit]);
    expect(change["Other terms"]).toEqual([
      `alice, AmazonEKSEditPolicy and AmazonEKSViewPolicy in payments-* on prod: ${said}.`,
    ]);
  });

  it.each([
    [
      [
        "review: { by: [platform, payments-leads], within: 2d }",
        "review: { by: [audit], within: 1d }",
      ],
      "with a review by audit within 1d (before: with a review by platform or payments-leads within 2d)",
    ],
    [
      ["payments-leads], within: 2d }", "payments-leads], within: 2d, block: true }"],
      "with a review by platform or payments-leads within 2d, and no other while one is overdue (before: with a review by platform or payments-leads within 2d)",
    ],
    [
      ["    review: { by: [platform, payments-leads], within: 2d }", ""],
      "with a review by platform or security within 2d (before: with a review by platform or payments-leads within 2d)",
    ],
  ] as const)(
    "timelatch policy diff says how the review of a break-glass changes: %j",
    async (edit, said) => {
      const change = await changeOf([edit]);
      expect(change["Other terms"]).toEqual([
        `carol, AmazonEKSClusterAdminPolicy on the whole of prod: ${said}.`,
      ]);
    },
  );

  it("timelatch policy diff says at which hours a rule lends", async () => {
    const change = await changeOf([['to: "18:00"', 'to: "20:00"']]);
    expect(change["Other terms"]).toEqual([
      "alice, the Kubernetes group payments-editors on staging: within mon–fri 08:00–20:00 Europe/Berlin (before: within mon–fri 08:00–18:00 Europe/Berlin).",
    ]);
    const lost = await changeOf([[/^ {4}when: .*\n/m.exec(SAMPLE)?.[0] ?? "", ""]]);
    expect(lost["Other terms"]?.join()).toContain("at any hour (before: within mon–fri");
  });

  it("timelatch policy diff says where nobody is left who could approve", async () => {
    const change = await changeOf([
      [
        "approval: [{ groups: [payments-leads], count: 1 }]",
        "approval: [{ groups: [payments-leads], count: 2 }]",
      ],
    ]);
    expect(change["Other terms"]?.join("\n")).toContain(
      "too few people can approve (before: enough people can approve)",
    );
  });

  it("timelatch policy diff says what is left of a pattern that is narrowed", async () => {
    const lending = (name: string, text: string) =>
      folder.write(name, editedSample(['["payments-*"]', text]));
    const before = lending("wide.yaml", '["payments-*", web]');
    const after = lending("narrow.yaml", "[payments-api, web]");
    const { out } = await folder.policy("diff", before, after);
    expect(out).toBe(
      "Lost\n  - alice may no longer borrow AmazonEKSEditPolicy and AmazonEKSViewPolicy in payments-* on prod (still in payments-api).\n\nLent already\n  ~ What is lent under payments-edit stays until its end, or until somebody revokes it.\n",
    );
  });

  it("timelatch policy diff shows who speaks for whom, roles, clusters, and who is expected to change entries", async () => {
    const bob = 'iam: ["arn:aws:iam::111122223333:role/people/bob"]';
    const change = await changeOf([
      [bob, 'iam: ["arn:aws:iam::111122223333:role/people/robert"]'],
      ["auditors: [audit]", "auditors: [audit, payments]"],
      [
        "\n# How people",
        `\n  old: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/old" }\n# How people`,
      ],
      [
        "\nrules:",
        '\nexpected: [{ principal: eks.amazonaws.com, reason: "entries of node groups" }]\n\nrules:',
      ],
    ]);
    for (const sentence of [
      "arn:aws:iam::111122223333:role/people/robert speaks for bob.",
      "alice may read everything.",
      "The cluster old is arn:aws:eks:us-west-2:111122223333:cluster/old.",
      "Changes of access entries by eks.amazonaws.com are expected, and are no findings.",
    ])
      expect(change["Gained"]).toContain(sentence);
    expect(change["Lost"]).toContain(
      "arn:aws:iam::111122223333:role/people/bob no longer speaks for bob.",
    );
  });

  it("timelatch policy diff --format markdown writes a comment, in which no name becomes markup", async () => {
    const edited = folder.write(
      "ticks.yaml",
      editedSample(["[eks-admins]", '["a`b", "<x>@here"]']),
    );
    const { out } = await folder.policy("diff", sample, edited, "--format", "markdown");
    expect(out).toMatch(/^### What this change of the access policy does\n\n\*\*Gained\*\*\n\n- /);
    expect(out).toContain("the Kubernetes groups `<x>@here` and `` a`b `` on `staging`");
    expect(out.replace(/(`+)[^`](?:.*?[^`])?\1(?!`)/g, "")).not.toMatch(/[<@]/);
  });

  it("timelatch policy diff --format markdown keeps a comment short, however much changes", async () => {
    const people = Array.from({ length: 100 }, (_, at) => `p${at}`);
    const role = (name: string) => `arn:aws:iam::111122223333:role/people/${name}`;
    const file = (name: string, rules: number) => {
      const entries = people.map((one) => [
        one,
        {
          email: `${one}@example.com`,
          groups: ["g"],
          identities: { iam: [role(one)] },
          principals: [role(one)],
        },
      ]);
      return folder.write(
        name,
        JSON.stringify({
          version: 1,
          clusters: { prod: { arn: "arn:aws:eks:us-west-2:111122223333:cluster/prod" } },
          people: Object.fromEntries(entries),
          rules: Array.from({ length: rules }, (_, at) => ({
            name: `rule-${at}`,
            who: { groups: ["g"] },
            clusters: ["prod"],
            approval: "none",
            access: { policies: ["AmazonEKSViewPolicy"], namespaces: [`n-${at}`] },
            duration: { max: `${at + 1}h` },
          })),
        }),
      );
    };
    const { out } = await folder.policy(
      "diff",
      file("few.yaml", 1),
      file("many.yaml", 60),
      "--format",
      "markdown",
    );
    expect(out).toContain(
      "`p0`, `p1`, `p10`, `p11`, `p12`, `p13`, `p14`, `p15` and 92 more may borrow",
    );
    expect(out).toContain("- … and 19 more.");
    expect(out.length).toBeLessThan(20_000);
  });

  it("timelatch policy diff --json has every change with all its terms", async () => {
    const edited = folder.write("json.yaml", editedSample(["max: 4h", "max: 6h"]));
    const { out } = await folder.policy("diff", sample, edited, "--json");
    expect(JSON.parse(out)).toMatchObject({
      same: false,
      lending: { gained: [], lost: [] },
      terms: [
        { person: "alice", before: [{ maxSeconds: 14_400 }], after: [{ maxSeconds: 21_600 }] },
        { what: "AmazonEKSViewPolicy" },
      ],
      iam: { gained: [], lost: [] },
    });
  });

  it("timelatch policy diff reads one of the two from standard input", async () => {
    const { code, out } = await run(["policy", "diff", "-", sample], {
      stdin: editedSample(["max: 4h", "max: 6h"]),
    });
    expect(code).toBe(0);
    expect(out).toContain("for up to 4h (before: for up to 6h)");
  });

  it("timelatch policy diff refuses a policy that is not sound, and says which", async () => {
    const broken = folder.write("broken.yaml", "version: 2\n");
    const { code, err } = await folder.policy("diff", sample, broken);
    expect(code).toBe(11);
    expect(err).toContain("timelatch: broken.yaml is not sound.");
  });
});
