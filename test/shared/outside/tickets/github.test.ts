import { describe, expect, it } from "vitest";
import { githubTicket, type KnownIssues } from "../../../../shared/outside/tickets/github.ts";
import { type Answer, clientOf, NOW, whyUnknown } from "../answering.ts";

const TRACKER = { service: "github", owner: "octocat", repository: "Hello-World" } as const;
const PATH = "/repos/octocat/Hello-World/issues/1347";

/** The parts of the example of https://docs.github.com/en/rest/issues/issues#get-an-issue. */
const issue = (more: object = {}): Answer => ({
  body: {
    id: 1,
    url: "https://api.github.com/repos/octocat/Hello-World/issues/1347",
    repository_url: "https://api.github.com/repos/octocat/Hello-World",
    number: 1347,
    state: "open",
    title: "Found a bug",
    user: { login: "octocat", id: 1, type: "User" },
    assignee: { login: "octocat", id: 1 },
    assignees: [
      { login: "octocat", id: 1 },
      { login: "hubot", id: 583231 },
    ],
    locked: true,
    created_at: "2011-04-22T13:33:48Z",
    ...more,
  },
});
const look = (answer: Answer, key = "1347") =>
  githubTicket(clientOf({ [PATH]: answer }).client, TRACKER, key, Date.parse(NOW));

describe("an issue of GitHub", () => {
  it("An open issue has its people by their ids", async () => {
    expect(await look(issue())).toEqual({
      ticket: {
        key: "1347",
        status: "open",
        title: "Found a bug",
        assignees: ["1", "583231"],
        reporter: "1",
        createdAt: "2011-04-22T13:33:48.000Z",
      },
    });
    expect(await look(issue({ state: "closed", state_reason: "not_planned" }))).toMatchObject({
      ticket: { status: "done" },
    });
    expect(await look(issue({ user: null }))).not.toHaveProperty("ticket.reporter");
  });

  it("A pull request is no ticket", async () => {
    expect(await look(issue({ pull_request: { url: "x" } }))).toEqual({ missing: "no-ticket" });
  });

  it("An issue that was transferred has moved, and nobody follows it", async () => {
    const { asked, client } = clientOf({ [PATH]: { status: 301, body: {} } });
    expect(await githubTicket(client, TRACKER, "1347", 0)).toEqual({ missing: "moved" });
    expect(asked).toHaveLength(1);
    const elsewhere = { repository_url: "https://api.github.com/repos/octocat/Other" };
    expect(await look(issue(elsewhere))).toEqual({ missing: "moved" });
    expect(await look(issue({ number: 7 }))).toEqual({ missing: "moved" });
  });

  it.each([404, 410])("An issue that is answered %d is missing, or hidden", async (status) => {
    expect(await look({ status, body: { message: "Not Found" } })).toEqual({
      missing: "not-found",
    });
  });

  it("A 403 of a limit asks for patience, and another one forbids", async () => {
    const reset = String(Date.parse(NOW) / 1_000 + 90);
    const used = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset };
    await expect(look({ status: 403, headers: used, body: {} })).rejects.toMatchObject({
      why: "busy",
      retryAfterSeconds: 90,
    });
    const secondary = { status: 403, headers: { "retry-after": "60" }, body: {} };
    await expect(look(secondary)).rejects.toMatchObject({ why: "busy", retryAfterSeconds: 60 });
    expect(await whyUnknown(look({ status: 403, body: {} }))).toBe("forbidden");
  });

  it.each([
    ["a state that is new to us", { state: "snoozed" }],
    ["no assignees", { assignees: undefined }],
    ["an assignee by name alone", { assignees: [{ login: "octocat" }] }],
    ["no time", { created_at: null }],
  ])("Nothing is known of an issue with %s", async (_, more) => {
    expect(await whyUnknown(look(issue(more)))).toBe("odd");
  });

  it.each(["0", "-1", "1e3", "13 47", "1347/events", "octocat/x#1"])(
    "A text that is no number of an issue is not asked for: %j",
    async (key) => {
      expect(await look(issue(), key)).toEqual({ missing: "not-found" });
    },
  );

  it("An answer that still stands by its ETag is taken as it was, and another one as it is", async () => {
    const etag = 'W/"a1"';
    const answers: Answer[] = [
      { ...issue(), headers: { etag } },
      { status: 304, headers: { etag } },
      { ...issue({ state: "closed" }), headers: { etag: 'W/"a2"' } },
      { ...issue(), headers: { etag: 'W/"a3"' }, status: 404 },
      issue(),
    ];
    const { client, asked } = clientOf({ [PATH]: () => answers.shift() ?? { status: 304 } });
    const known: KnownIssues = new Map();
    const next = () => whyUnknown(githubTicket(client, TRACKER, "1347", Date.parse(NOW), known));
    const open = { ticket: { status: "open", title: "Found a bug" } };
    expect(await next()).toMatchObject(open);
    expect(await next()).toMatchObject(open);
    expect(await next()).toMatchObject({ ticket: { status: "done" } });
    expect(await next()).toEqual({ missing: "not-found" });
    expect(await next()).toMatchObject(open);
    expect(await next()).toBe("odd");
    expect(asked.map(({ headers }) => headers.get("if-none-match"))).toEqual([
      ...[null, etag, etag, 'W/"a2"', null, null],
    ]);
  });
});
