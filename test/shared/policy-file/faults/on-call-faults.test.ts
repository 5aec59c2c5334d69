/** Schedules, people's ids at their services, and the rules that ask who is on call. */
import { describe, expect, it } from "vitest";
import { ALICE, BOB, PROD } from "../../../../lab/fakes/builders.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";

const ULID = "01HZX3Q7K5M8N2P4R6S9T0V1W2";
const UUID = "11111111-2222-3333-4444-555555555555";

const WHOLE = `version: 1
clusters: { prod: { arn: "${PROD.arn}" } }
schedules:
  primary: { pagerduty: { schedule: PI7DH85 } }
  platform: { incidentIo: { schedule: ${ULID} } }
  night: { jiraOperations: { cloudId: ${UUID}, schedule: ${UUID} } }
people:
  alice:
    email: alice@example.com
    groups: [sre]
    identities: { iam: ["${ALICE}"] }
    principals: ["${ALICE}"]
    outside: { pagerduty: PXPGF42, incidentIo: ${ULID}, atlassian: "557058:f58131cb" }
  bob:
    email: bob@example.com
    groups: [leads]
    identities: { iam: ["${BOB}"] }
    principals: ["${BOB}"]
    outside: { pagerduty: PB0B }
rules:
  - name: on-call-prod
    who: { groups: [sre], onCall: primary }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 2h }
    approval: none
    endsWithShift: true
  - name: payments-edit
    who: { groups: [sre] }
    clusters: [prod]
    access: { policies: [AmazonEKSEditPolicy], namespaces: ["payments-*"] }
    duration: { max: 4h }
    approval: [{ groups: [leads], onCall: night, escalate: { after: 10m, groups: [leads] } }]
`;

/** The faults, each as the whole line that people read. */
function faultsOf(from: string, to: string): readonly string[] {
  expect(WHOLE).toContain(from);
  try {
    parseAccessPolicy(WHOLE.replace(from, to));
    return [];
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.message.split("\n");
  }
}

const lineOf = (part: string) => WHOLE.slice(0, WHOLE.indexOf(part)).split("\n").length;

describe("Schedules of access.yaml", () => {
  it("Each schedule is one of its service, PagerDuty's in the US unless the file says otherwise", () => {
    expect(parseAccessPolicy(WHOLE).schedules).toEqual({
      primary: { service: "pagerduty", schedule: "PI7DH85", region: "us" },
      platform: { service: "incidentIo", schedule: ULID },
      night: { service: "jiraOperations", cloudId: UUID, schedule: UUID },
    });
  });

  it("A person has the ids that the file gives them, and nobody signs in by one", () => {
    const { alice } = parseAccessPolicy(WHOLE).people;
    expect(alice?.outside).toEqual({
      pagerduty: "PXPGF42",
      incidentIo: ULID,
      atlassian: "557058:f58131cb",
    });
    expect(alice?.identities).toEqual({ iam: [ALICE], slack: [] });
  });

  it("A rule says who asks, when its access ends, and who is asked first", () => {
    const [onCall, edit] = parseAccessPolicy(WHOLE).rules;
    expect(onCall).toMatchObject({
      who: { people: [], groups: ["sre"], onCall: "primary" },
      endsWithShift: true,
    });
    expect(edit?.approval).toEqual([
      {
        groups: ["leads"],
        count: 1,
        onCall: "night",
        escalate: { afterSeconds: 600, groups: ["leads"] },
      },
    ]);
  });

  it("Without the keys a policy has none of their parts, and its hash stays", () => {
    const plain = WHOLE.replace(/schedules:\n(?: {2}.*\n)*/, "")
      .replaceAll(/ {4}outside: .*\n/g, "")
      .replace(", onCall: primary", "")
      .replace("onCall: night, ", "")
      .replace("    endsWithShift: true\n", "");
    const policy = parseAccessPolicy(plain);
    expect(policy).not.toHaveProperty("schedules");
    expect(policy.people["alice"]).not.toHaveProperty("outside");
    expect(JSON.stringify(policy)).not.toMatch(/onCall|endsWithShift/);
    expect(parseAccessPolicy(`${plain}schedules: {}\n`).hash).toBe(policy.hash);
  });
});

describe("Faults of schedules and of those on call", () => {
  it.each([
    ["a rule for a schedule that nobody named", "onCall: primary", "onCall: primry", "who.onCall"],
    ["approvers of a schedule that nobody named", "onCall: night", "onCall: nigth", "0.onCall"],
    ["an end with the shift of nobody", ", onCall: primary", "", "endsWithShift"],
    [
      "approvers who are never asked",
      ", escalate: { after: 10m, groups: [leads] }",
      "",
      "0.onCall",
    ],
    [
      "a shift that holds no people or groups",
      "groups: [sre], onCall",
      "onCall",
      "people or groups",
    ],
    [
      "an id that two people claim",
      "pagerduty: PB0B",
      "pagerduty: PXPGF42",
      "alice already claims",
    ],
    [
      "one schedule under two names",
      `platform: { incidentIo: { schedule: ${ULID} } }`,
      "platform: { pagerduty: { schedule: PI7DH85, region: us } }",
      "primary is the same schedule",
    ],
    ["a region that PagerDuty has not", "PI7DH85 }", "PI7DH85, region: ap }", "region"],
    ["a service that is unknown", "pagerduty: { s", "pagerdutty: { s", "pagerdutty"],
    [
      "a schedule of two services",
      "pagerduty: { schedule: PI7DH85 }",
      `pagerduty: { schedule: PI7DH85 }, incidentIo: { schedule: ${ULID} }`,
      "one service",
    ],
    ["an id that leads elsewhere", "schedule: PI7DH85", 'schedule: "../users"', "id of PagerDuty"],
    ["an id with a question", `schedule: ${ULID} }`, 'schedule: "A?b=c" }', "incident.io"],
    ["an account's id that is an address", '"557058:f58131cb"', '"a@b.example"', "Atlassian"],
  ])("%s is a fault", (_, from, to, part) => {
    const faults = faultsOf(from, to);
    expect(faults.join("\n")).toContain(part);
    expect(faults.join("\n")).toMatch(/\b\d+:\d+/);
  });

  it("A fault says the line that it is on", () => {
    const [fault] = faultsOf("onCall: night", "onCall: nigth");
    expect(fault).toContain(`${lineOf("onCall: night")}:`);
    expect(fault).toContain("No schedule is called nigth. Name it in schedules.");
  });

  it("A machine is never on call", () => {
    const faults = faultsOf(
      "    email: bob@example.com\n",
      "    email: bob@example.com\n    kind: machine\n    owners: [sre]\n",
    );
    expect(faults.join("\n")).toContain("bob is a machine, and a machine is never on call.");
  });

  it("More schedules than one read asks for are a fault", () => {
    const many = Array.from(
      { length: 51 },
      (_, n) => `  s${n}: { pagerduty: { schedule: P${n}A } }`,
    );
    expect(faultsOf("schedules:\n", `schedules:\n${many.join("\n")}\n`).join("\n")).toContain(
      "Name at most 50 schedules.",
    );
  });
});
