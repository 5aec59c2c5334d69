import { describe, expect, it } from "vitest";
import { jiraTicket } from "../../../../shared/outside/tickets/jira.ts";
import { type Answer, clientOf, whyUnknown } from "../answering.ts";

const TRACKER = {
  service: "jira",
  site: "example.atlassian.net",
  projects: ["PAY", "INC"],
} as const;
const PATH = "/rest/api/3/issue/PAY-123";
const ALICE = { accountId: "5b10ac8d82e05b22cc7d4ef5", displayName: "Alice", active: true };
const NOT_FOUND: Answer = {
  status: 404,
  body: {
    errorMessages: ["Issue does not exist or you do not have permission to see it."],
    errors: {},
  },
};
const ME: Answer = { body: { accountId: "5b10a2844c20165700ede21g", emailAddress: null } };
const FAILED = { "x-seraph-loginreason": "AUTHENTICATED_FAILED" };

/** The parts of an issue as the API's own types have them. */
const issue = (category: unknown, more: object = {}, key = "PAY-123"): Answer => ({
  body: {
    id: "10002",
    self: "https://example.atlassian.net/rest/api/3/issue/10002",
    key,
    fields: {
      summary: "Payments time out",
      status: {
        name: "In Arbeit",
        id: "3",
        statusCategory: { id: 4, key: category, name: "In Progress", colorName: "yellow" },
      },
      assignee: ALICE,
      reporter: { ...ALICE, accountId: "712020:bob" },
      project: { id: "10000", key: "PAY" },
      created: "2026-04-30T10:00:00.000+0200",
      ...more,
    },
  },
});
const look = (answer: Answer, me: Answer = ME) =>
  jiraTicket(clientOf({ [PATH]: answer, "/rest/api/3/myself": me }).client, TRACKER, "PAY-123");

describe("an issue of Jira", () => {
  it("Its status is that of the category, whatever the status is called", async () => {
    expect(await look(issue("indeterminate"))).toEqual({
      ticket: {
        key: "PAY-123",
        status: "in-progress",
        title: "Payments time out",
        assignees: [ALICE.accountId],
        reporter: "712020:bob",
        createdAt: "2026-04-30T08:00:00.000Z",
      },
    });
    expect(await look(issue("new"))).toMatchObject({ ticket: { status: "open" } });
    expect(await look(issue("done"))).toMatchObject({ ticket: { status: "done" } });
    expect(await look(issue("undefined"))).toMatchObject({ ticket: { status: "neither" } });
  });

  it("An issue that nobody is assigned to has no assignee", async () => {
    const nobody = { assignee: null, reporter: null };
    expect(await look(issue("new", nobody))).toMatchObject({ ticket: { assignees: [] } });
  });

  it("Few fields are asked for, and asking leaves no trace in somebody's history", async () => {
    const { asked, client } = clientOf({ [PATH]: issue("new") });
    await jiraTicket(client, TRACKER, "PAY-123");
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      fields: "summary,status,assignee,reporter,project,created",
      updateHistory: "false",
    });
  });

  it("An issue that moved has another key now", async () => {
    expect(await look(issue("new", {}, "OTHER-7"))).toEqual({ missing: "moved" });
  });

  it("A 404 counts only where Jira knows who asks", async () => {
    expect(await look(NOT_FOUND)).toEqual({ missing: "not-found" });
    const anonymous = { status: 401, body: {} };
    expect(await whyUnknown(look(NOT_FOUND, anonymous))).toBe("token-refused");
    expect(await whyUnknown(look(NOT_FOUND, { body: {} }))).toBe("token-refused");
    expect(await whyUnknown(look({ ...NOT_FOUND, headers: FAILED }))).toBe("token-refused");
  });

  it("A token that expired may be answered as nobody is, with a public issue", async () => {
    expect(await whyUnknown(look({ ...issue("new"), headers: FAILED }))).toBe("token-refused");
  });

  it.each([
    ["a category that is new to us", issue("paused")],
    ["no category", issue(undefined)],
    ["an assignee of an outage", issue("new", { assignee: { accountId: "unknown" } })],
    ["an assignee without an id", issue("new", { assignee: { displayName: "Former user" } })],
    ["no time", issue("new", { created: null })],
    ["a time without a zone", issue("new", { created: "2026-04-30T10:00:00.000" })],
  ])("Nothing is known of an issue with %s", async (_, answer) => {
    expect(await whyUnknown(look(answer))).toBe("odd");
  });

  it.each(["PAY-1/../x", "pay-123", "OPS-1", "PAY-0", "PAY-", " PAY-1", "PAY-1\n", "PAYX-1"])(
    "A text that is no key of the tracker's projects is not asked for: %j",
    async (key) => {
      const { asked, client } = clientOf({});
      expect(await jiraTicket(client, TRACKER, key)).toEqual({ missing: "not-found" });
      expect(asked).toEqual([]);
    },
  );

  it("A title is cut at 200 characters", async () => {
    const told = await look(issue("new", { summary: "é".repeat(300) }));
    expect(told).toMatchObject({ ticket: { title: "é".repeat(200) } });
  });
});
