import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PolicyFolder, policyFolder, SAMPLE } from "./policy-folder.ts";

let folder: PolicyFolder;
let sample = "";
beforeAll(() => {
  folder = policyFolder();
  sample = folder.write("access.yaml", SAMPLE);
});
afterAll(() => folder.remove());

let files = 0;
async function proved(claims: string, ...more: readonly string[]) {
  files += 1;
  const file = folder.write(`claims-${files}.test.yaml`, `version: 1\nnever:\n${claims}`);
  const { code, out, err } = await folder.policy("prove", file, "--against", sample, ...more);
  const named = (text: string) => text.replaceAll(`claims-${files}.test.yaml`, "FILE");
  return { code, out: named(out), err: named(err) };
}

const KEPT = `  - name: security holds nothing on prod
    reach: { cluster: prod }
    who: { groups: [security] }
`;
const FAR = `  - name: nobody alone changes payments but by breaking the glass
    reach: { cluster: prod, policy: AmazonEKSEditPolicy, namespaces: ["payments-*"] }
    people: 1
    except: [{ rule: break-glass }, { rule: payments-break-glass }]
`;
const twin = (name: string, group: string) =>
  `  ${name}: { email: ${name}@example.com, groups: [${group}], identities: { iam: ["arn:aws:iam::111122223333:role/people/${name}"] }, principals: ["arn:aws:iam::111122223333:role/people/${name}"] }\n`;
const viewFor = (name: string) =>
  `  - { name: view-${name}, who: { groups: [group-${name}] }, clusters: [prod], access: { policies: [AmazonEKSViewPolicy], namespaces: [${name}] }, duration: { max: 1h }, approval: none }\n`;
/** Nobody can delegate to somebody who is known nowhere that a rule lets approvers decide. */
const withFrank = () =>
  folder.write(
    "frank.yaml",
    SAMPLE.replace("delegations: { allowed: true, longest: 21d }\n", "").replace(
      "people:\n",
      `people:\n${twin("frank", "interns")}`,
    ),
  );
const BROKEN = `  - name: nobody alone changes payments
    reach: { cluster: prod, policy: AmazonEKSEditPolicy, namespaces: [payments-api] }
    people: 2
    except: [{ rule: break-glass }, { rule: payments-break-glass }]
`;

describe("timelatch policy prove", () => {
  it("A claim that the policy keeps is said to hold, with who was looked at and what is left out", async () => {
    const { code, out, err } = await proved(KEPT + FAR);
    expect({ code, err }).toEqual({ code: 0, err: "FILE: 2 claims hold.\n" });
    expect(out.split("\n")).toEqual([
      "✔ holds  security holds nothing on prod",
      "    Looked at nobody: no rule lends there to anybody whom it means.",
      "✔ holds  nobody alone changes payments but by breaking the glass",
      "    Looked at alice, by payments-edit and payments-admin.",
      "",
      expect.stringMatching(/^holds: .* taken as met, .* It leaves out .* standing access, /),
      "",
    ]);
    const { claims, ...meaning } = JSON.parse((await proved(KEPT + FAR, "--json")).out);
    expect(claims).toMatchObject([
      { classes: [] },
      {
        classes: [{ principals: 1, people: ["alice"], rules: ["payments-edit", "payments-admin"] }],
      },
    ]);
    expect(meaning).toMatchObject({ leavesOut: expect.arrayContaining(["standing-access"]) });
  });

  it("People who are alike are one class, and of many classes the smaller ones are a number", async () => {
    const twins = ["amy", "ada", "abe"].map((name) => twin(name, "payments"));
    const others = ["uma", "vic", "wes", "xia", "yan"].map((name) => twin(name, `group-${name}`));
    const rules = ["uma", "vic", "wes", "xia", "yan"].map((name) => viewFor(name));
    const policy = folder.write(
      "alike.yaml",
      SAMPLE.replace("people:\n", `people:\n${[...twins, ...others].join("")}`).replace(
        "rules:\n",
        `rules:\n${rules.join("")}`,
      ),
    );
    const { out } = await proved(FAR, "--against", policy);
    expect(out).toContain("    Looked at amy and 2 alike, by payments-edit and payments-admin; ");
    expect(out).toMatch(/; \w{3}, by view-\w{3}; \w{3}, by view-\w{3}; 3 more\.\n/);
  });

  it("Nothing is said of the meaning of a claim that holds where every claim fails", async () => {
    expect((await proved(BROKEN)).out).not.toContain("holds:");
  });

  it("Of people who decide nothing, it says whom it looked at", async () => {
    const { code, out } = await proved(
      "  - { name: a, decides: { people: [frank] } }\n",
      "--against",
      withFrank(),
    );
    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining("✔ holds  a\n    Looked at frank.\n"),
    });
  });

  it("A claim that it breaks is said to fail, with who suffices and the commands of each", async () => {
    const { code, out, err } = await proved(KEPT + BROKEN);
    expect(code).toBe(11);
    expect(err).toContain("FILE: 1 of 2 claims does not hold. Nothing was changed.");
    const unwrapped = out.replace(/ \\\n\s*/g, " ").replace(/\s+/g, " ");
    expect(unwrapped).toContain(
      "✘ fails nobody alone changes payments alice and bob suffice: alice gets AmazonEKSEditPolicy in payments-api on prod, by payments-edit.",
    );
    expect(unwrapped).toContain(
      "timelatch request --cluster prod --policy AmazonEKSEditPolicy --namespace payments-api --duration 4h --reason 'PAY-1 as a proof of what this policy allows' --principal arn:aws:iam::111122223333:role/timelatch/people/timelatch-person-alice --rule payments-edit # as alice timelatch approve <request 1> # as bob",
    );
  });

  it("A part of a claim without a source is said", async () => {
    const { code, out } = await proved(`  - name: nobody administers staging
    reach: { cluster: staging, policy: AmazonEKSAdminPolicy }
`);
    expect(code).toBe(11);
    expect(out.replace(/\s+/g, " ")).toContain(
      "It is assumed that this permits everything: AWS does not document it.",
    );
  });

  it("Names that the policy lacks are errors at their own places", async () => {
    const { code, out } = await proved(`  - name: a claim
    reach: { cluster: prdo }
    who: { people: [alise], groups: [payment] }
    except:
      - { rule: payments-edits }
`);
    expect(code).toBe(11);
    const found = out.replace(/\n\s+/g, " ");
    for (const part of [
      "FILE:4:23: error: The policy has no cluster prdo. Did you mean prod? [claim-unknown-name]",
      "FILE:5:21: error: The policy has no person alise. Did you mean alice?",
      "FILE:5:38: error: The policy has no group payment. Did you mean payments?",
      "FILE:7:17: error: The policy has no rule payments-edits. Did you mean payments-edit?",
    ])
      expect(found).toContain(part);
  });

  it("An access policy that neither AWS nor a rule has is an error, with the nearest", async () => {
    const { code, out } = await proved(`  - name: a claim
    reach: { cluster: prod, policies: [AmazonEKSViewPolicy, AmazonEKSEdtPolicy] }
`);
    expect(code).toBe(11);
    expect(out.replace(/\n\s+/g, " ")).toContain(
      "FILE:4:61: error: No rule lends an access policy AmazonEKSEdtPolicy. Did you mean AmazonEKSEditPolicy? [claim-unknown-name]",
    );
  });

  it("A claim that holds names smaller access that people reach, and what it leans on", async () => {
    const near = await proved(`  - name: nobody reads all of payments
    reach: { cluster: prod, policy: AmazonEKSAdminViewPolicy, namespaces: [payments-api] }
    except: [{ rule: break-glass }]
`);
    expect(near.code).toBe(0);
    expect(near.out.replace(/\s+/g, " ")).toMatch(
      /✔ holds .* Near: AmazonEKSAdminPolicy by payments-admin permits (\d+) of the \1 kinds of request of AmazonEKSAdminViewPolicy that AWS names\. It lacks those that AWS names by \* only\. Near: AmazonEKSEditPolicy by payments-edit /,
    );
    const bounded = await proved(`  - name: nobody administers staging
    reach: { cluster: staging, policy: AmazonEKSAdminPolicy }
groups: { eks-admins: AmazonEKSViewPolicy, payments-editors: AmazonEKSEditPolicy }
`);
    expect(bounded.code).toBe(0);
    expect(bounded.out.replace(/\s+/g, " ")).toContain(
      "It is assumed that Kubernetes groups may do no more than groups says.",
    );
  });

  it("A step under a rule with hours says the next instant within them", async () => {
    const { out } = await proved(`  - name: nobody edits staging
    reach: { cluster: staging, policy: AmazonEKSEditPolicy }
    people: 2
groups: { eks-admins: AmazonEKSViewPolicy }
`);
    expect(out.replace(/\s+/g, " ")).toMatch(
      /--rule staging-edit # as alice, on (mon|tue|wed|thu|fri) [\d-]+ \d\d:\d\d Europe\/Berlin timelatch approve <request 1> # as (bob|carol), on /,
    );
  });

  it("An exception that excuses nothing fails, and a claim that nothing could break is a warning", async () => {
    const idle = await proved(`${KEPT}    except: [{ rule: break-glass }]\n`);
    expect(idle.code).toBe(11);
    expect(idle.out.replace(/\n\s+/g, " ")).toContain(
      'FILE:6:14: error: The exception of break-glass excuses nothing: "security holds nothing on prod" holds without it. [claim-excuses-nothing]',
    );
    const empty = await proved(`  - name: nobody reads all secrets of legacy
    reach: { cluster: legacy, policy: AmazonEKSSecretReaderPolicy }
`);
    expect(empty.code).toBe(0);
    expect(empty.out).toContain("[claim-never-breaks]");
  });

  it("People who must decide nothing are found as approvers, and as delegates", async () => {
    const { code, out } = await proved(`  - name: bob decides nothing
    decides: { people: [bob] }
  - name: auditors decide nothing
    decides: { groups: [audit] }
`);
    expect(code).toBe(11);
    expect(out).toContain("bob may approve requests under payments-edit.");
    expect(out).toContain(
      "dave may approve requests under payments-edit once bob delegates to them.",
    );
  });

  it("Under --json each claim has its steps, which a program can take", async () => {
    const { out } = await proved(BROKEN, "--json");
    const { claims } = JSON.parse(out) as { claims: readonly Record<string, unknown>[] };
    expect(claims).toMatchObject([
      {
        holds: false,
        people: ["alice", "bob"],
        assumed: false,
        steps: [
          { kind: "request", as: "alice", rule: "payments-edit", durationSeconds: 14_400 },
          { kind: "approve", as: "bob", request: 0 },
        ],
      },
    ]);
  });

  it("Without claims nothing is said to hold", async () => {
    const file = folder.write(
      "none.test.yaml",
      `version: 1
expectations:
  - { name: a, who: bob, ask: { cluster: staging, policy: AmazonEKSViewPolicy, scope: cluster }, allow: {} }
`,
    );
    const { code, out, err } = await folder.policy("prove", file, "--against", sample);
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain("no claim is under never:");
  });
});

describe("timelatch policy test", () => {
  it("A claim that the policy breaks fails it, at the claim's place", async () => {
    const file = folder.write("both.test.yaml", `version: 1\nnever:\n${BROKEN}`);
    const { code, out, err } = await folder.policy("test", file, "--against", sample);
    expect(code).toBe(11);
    expect(out.replace(/\n\s+/g, " ")).toContain(
      `both.test.yaml:3:5: error: "nobody alone changes payments" does not hold. alice and bob suffice`,
    );
    expect(err).toContain("1 of 1 claim does not hold");
  });
});

describe("timelatch policy who", () => {
  const who = (...args: readonly string[]) => folder.policy("who", sample, ...args);

  it("Everyone who can end up with the access is listed, whoever needs fewest people first", async () => {
    const { code, out } = await who("--cluster", "staging", "--policy", "view");
    expect(code).toBe(0);
    expect(
      out
        .trimEnd()
        .split("\n")
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["WHO", "PEOPLE", "WHO ACT", "BY"],
      ["alice", "1", "alice", "view-staging"],
      ["bob", "1", "bob", "view-staging"],
      ["carol", "1", "carol", "view-staging"],
      ["heidi", "1", "heidi", "view-staging"],
    ]);
  });

  it("It says how many people it takes, and where it leans on what nobody documents", async () => {
    const { out } = await who("-c", "staging", "-p", "admin");
    expect(out).toMatch(/^alice +2 +alice and bob +staging-rbac-admins \(assumed\)$/m);
    expect(
      JSON.parse((await who("-c", "prod", "-p", "edit", "-n", "payments-*", "--json")).out),
    ).toMatchObject({
      cluster: "prod",
      policies: ["AmazonEKSEditPolicy"],
      namespaces: ["payments-*"],
      people: [
        { person: "alice", people: ["alice"], rules: ["payments-break-glass"], assumed: false },
        { person: "carol", people: ["carol"], rules: ["break-glass"], assumed: false },
      ],
    });
  });

  it("Where nobody can end up with it, it says so, and a cluster that the policy lacks is wrong", async () => {
    expect((await who("-c", "legacy", "-p", "cluster-admin")).out).toBe(
      "No rule of this file lets anybody end up with that.\n",
    );
    const { code, err } = await who("-c", "prdo");
    expect(code).toBe(2);
    expect(err).toContain('The policy has no cluster "prdo". Did you mean prod? Nothing was done.');
    expect(err).toContain("name one of prod, staging, legacy");
  });
});
