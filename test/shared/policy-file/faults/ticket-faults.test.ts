/** Trackers, people's ids at them, and the rules that ask about tickets. */
import { describe, expect, it } from "vitest";
import { TICKET_FILE } from "../../../../lab/fakes/ticket-policy.ts";
import { parseAccessPolicy } from "../../../../shared/policy-file/parse-access-policy.ts";
import { FileFaults } from "../../../../shared/policy-file/yaml/file-fault.ts";
import { checkPolicy } from "../../../../shared/policy-tools/check-policy.ts";

const SYS_ID = "5137153cc611227c000bbd1bd8cd2005";

/** The faults, each as the whole line that people read. */
function faultsOf(from: string, to: string): string {
  expect(TICKET_FILE).toContain(from);
  try {
    parseAccessPolicy(TICKET_FILE.replace(from, to));
    return "";
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error;
    return error.message;
  }
}

describe("Trackers of access.yaml", () => {
  it("Each is one of its service", () => {
    const more = `tickets:
  changes: { serviceNow: { instance: example } }
  issues: { github: { owner: example, repository: operations } }
`;
    expect(parseAccessPolicy(TICKET_FILE.replace("tickets:\n", more)).tickets).toEqual({
      changes: { service: "serviceNow", instance: "example" },
      issues: { service: "github", owner: "example", repository: "operations" },
      payments: { service: "jira", site: "example.atlassian.net", projects: ["PAY", "INC"] },
    });
  });

  it("A rule says what it asks of a ticket, and takes open ones and those in progress by default", () => {
    const [editing, viewing] = parseAccessPolicy(TICKET_FILE).rules;
    expect(editing).toMatchObject({
      reason: { minLength: 0, ticket: null },
      ticket: { in: "payments", status: ["open", "in-progress"], assignee: "requester" },
      endsWithTicket: true,
    });
    expect(viewing?.ticket).toEqual({
      in: "payments",
      status: ["open"],
      reporter: "other",
      ifUnknown: "ask",
    });
  });

  it("A pattern stays a pattern, and a policy without trackers has none of their parts", () => {
    const plain = TICKET_FILE.replace(/tickets:\n {2}payments.*\n/, "")
      .replace("{ in: payments, assignee: requester }", '"^PAY-[0-9]+$"')
      .replace(/ {4}reason: \{ ticket: \{.*\n/, "")
      .replace("    endsWithTicket: true\n", "");
    const policy = parseAccessPolicy(plain);
    expect(policy.rules[0]?.reason.ticket).toBe("^PAY-[0-9]+$");
    expect(policy).not.toHaveProperty("tickets");
    expect(JSON.stringify(policy)).not.toMatch(/endsWithTicket|ifUnknown/);
    expect(parseAccessPolicy(`${plain}tickets: {}\n`).hash).toBe(policy.hash);
  });

  it("A person's number at GitHub and sys_id at ServiceNow are texts to whoever compares them", () => {
    const { alice } = parseAccessPolicy(
      TICKET_FILE.replace(
        "{ atlassian: 5b10a1 }",
        `{ atlassian: 5b10a1, github: 583231, serviceNow: ${SYS_ID} }`,
      ),
    ).people;
    expect(alice?.outside).toEqual({ atlassian: "5b10a1", github: "583231", serviceNow: SYS_ID });
  });

  it.each([
    ["a tracker that nobody named", "in: payments, as", "in: paymnts, as", "paymnts"],
    ["a site of another vendor", "example.atlassian.net", "jira.example.com", "Jira Cloud"],
    ["a project in small letters", "[PAY, INC]", "[pay]", "key of a project"],
    ["a tracker of no service", "jira: { s", "jirra: { s", "jirra"],
    ["a status that opens nothing", "status: [open]", "status: [done]", "in-progress"],
    ["an assignee by name", "assignee: requester", "assignee: alice", "requester"],
    ["a key that a ticket has not", "reporter: other,", "reporter: other, due: today,", "due"],
    [
      "an approver where there is none",
      "assignee: requester }",
      "assignee: requester, ifUnknown: ask }",
      "no approver",
    ],
    [
      "an emergency that waits for a tracker",
      "    breakGlass: true",
      "    reason: { ticket: { in: payments } }\n    breakGlass: true",
      "away too",
    ],
    [
      "an end with a ticket that is not asked for",
      "    breakGlass: true",
      "    endsWithTicket: true",
      "asks no tracker",
    ],
    [
      "a second site, whose token would be the first one's",
      "tickets:\n",
      "tickets:\n  other: { jira: { site: other.atlassian.net, projects: [OPS] } }\n",
      "one token",
    ],
    ["an id that two people claim", "atlassian: 5b10b0", "atlassian: 5b10a1", "already claims"],
  ])("%s is a fault", (_, from, to, part) => {
    const faults = faultsOf(from, to);
    expect(faults).toContain(part);
    expect(faults).toMatch(/\b\d+:\d+/);
  });
});

describe("The check of a policy whose rules ask about tickets", () => {
  const found = (from: string, to: string) => {
    expect(TICKET_FILE).toContain(from);
    return checkPolicy(parseAccessPolicy(TICKET_FILE.replace(from, to)))
      .filter(({ code }) => code.startsWith("ticket-"))
      .map(({ code, detail }) => `${code}: ${detail}`);
  };

  it("It finds nothing where a ticket has to be somebody's, and everyone has an id", () => {
    expect(found("version: 1", "version: 1")).toEqual([]);
  });

  it("It warns of a rule that any open ticket satisfies", () => {
    expect(found("in: payments, assignee: requester", "in: payments")).toEqual([
      "ticket-of-anybody: ticket-edit asks for any open ticket of payments. Whoever can make tickets there always has one. Write assignee: requester, or reporter: other.",
    ]);
  });

  it("It warns of people without an id, since no ticket is theirs", () => {
    expect(found(", outside: { atlassian: 5b10a1 }", "")).toEqual(
      ["ticket-edit", "ticket-view"].map(
        (rule) =>
          `ticket-without-id: The file has no id at atlassian of alice. So ${rule} lends them nothing. Write it in outside.`,
      ),
    );
  });
});
