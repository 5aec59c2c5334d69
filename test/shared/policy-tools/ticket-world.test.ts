/** A question to a policy says what a tracker has of a ticket; without a word, it is what the rule asks. */
import { describe, expect, it } from "vitest";
import { TICKET_FILE } from "../../../lab/fakes/ticket-policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { parsePolicyTests } from "../../../shared/policy-file/policy-tests/parse-policy-tests.ts";
import { outcomeOf } from "../../../shared/policy-tools/expectations.ts";

const NOW = "2026-12-01T02:00:00.000Z";

/** The faults of one expectation about alice, who edits or views. */
function faultsOf(rest: string, policy = "Edit", ask = "", file = TICKET_FILE): readonly string[] {
  const text = `version: 1
expectations:
  - name: alice for a ticket
    who: alice
    ask: { cluster: prod, policy: AmazonEKS${policy}Policy, namespaces: [payments-api], duration: 30m${ask} }
    ${rest}
`;
  const [expected] = parsePolicyTests(text).expectations ?? [];
  if (!expected) throw new Error("One expectation was written.");
  return outcomeOf(parseAccessPolicy(file), expected, NOW).faults;
}

const MET = "allow: { rule: ticket-edit, approvers: [] }";
const no = (code: string) => `deny: { rule: ticket-edit, objections: [${code}] }`;
const notView = (code: string) => `deny: { rule: ticket-view, objections: [${code}] }`;

describe("An expectation of a rule that asks a tracker", () => {
  it.each([
    ["an open ticket of hers", "{ status: open, assignee: alice }", MET],
    ["one of hers in progress", "{ status: in-progress, assignee: alice }", MET],
    ["a closed one of hers", "{ status: closed, assignee: alice }", no("ticket-closed")],
    ["a resolved one of hers", "{ status: neither, assignee: alice }", no("ticket-closed")],
    ["an open one of bob", "{ status: open, assignee: bob }", no("ticket-not-yours")],
    ["an open one of nobody", "{ status: open }", no("ticket-not-yours")],
    ["a missing one", "missing", no("ticket-not-found")],
    ["an unknown one", "unknown", no("ticket-unknown")],
  ])("It holds for %s", (_, ticket, outcome) => {
    expect(faultsOf(`ticket: ${ticket}\n    ${outcome}`)).toEqual([]);
  });

  it.each([
    ["bob made it", "{ status: open, reporter: bob }", "allow: { approvers: [[bob, dave]] }"],
    ["she made it", "{ status: open, reporter: alice }", notView("ticket-not-yours")],
    ["nobody knows who made it", "{ status: open }", notView("ticket-not-yours")],
    ["an approver may decide without", "unknown", "allow: { rule: ticket-view }"],
  ])("It holds where %s", (_, ticket, outcome) => {
    expect(faultsOf(`ticket: ${ticket}\n    ${outcome}`, "View")).toEqual([]);
  });

  it("It takes the ticket for what the rule asks where it says nothing of it", () => {
    expect(faultsOf(MET)).toEqual([]);
  });

  it("No other rule is tried once a tracker was asked, as no request changes its rule", () => {
    expect(faultsOf("ticket: missing\n    allow: { rule: break-glass }")).toEqual([
      "It is refused: ticket-edit lends nothing: PAY-1 is not there, or is not to be seen.",
    ]);
  });

  it("It is about the ticket that the ask names, or its reason", () => {
    const ticket = "ticket: { status: open, assignee: alice }";
    expect(faultsOf(`${ticket}\n    ${MET}`, "Edit", ", ticket: INC-7")).toEqual([]);
    expect(faultsOf(`${ticket}\n    ${MET}`, "Edit", ", reason: INC-7 is stuck")).toEqual([]);
    const other = `${ticket}\n    ${no("ticket-missing")}`;
    expect(faultsOf(other, "Edit", ", rule: ticket-edit, ticket: OPS-7")).toEqual([]);
    expect(faultsOf(other, "Edit", ", rule: ticket-edit, reason: INC-7 and INC-8")).toEqual([]);
  });

  it.each([
    ["serviceNow: { instance: example }", "serviceNow"],
    ["github: { owner: example, repository: operations }", "github"],
  ])("It may be of the tracker %s", (tracker, id) => {
    const file = TICKET_FILE.replace(/jira: \{.*?\}/, tracker)
      .replace("atlassian: 5b10a1", `${id}: ${id === "github" ? "5831" : "a".repeat(32)}`)
      .replaceAll(/, outside: \{ atlassian: .*? \}/g, "");
    const met = `ticket: { status: open, assignee: alice }\n    ${MET}`;
    expect(faultsOf(met, "Edit", "", file)).toEqual([]);
  });

  it("A person of the ticket whom the policy does not have is a fault of the expectation", () => {
    expect(faultsOf("ticket: { status: open, assignee: alise }\n    allow: {}")).toEqual([
      "The policy has nobody called alise.",
    ]);
  });
});
