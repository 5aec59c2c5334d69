import { describe, expect, it } from "vitest";
import type { Tracker } from "../../../../shared/domain/facts/tracker.ts";
import { NOW, startOutside, TOKENS } from "./outside-fixture.ts";

const JIRA: Tracker = { service: "jira", site: "example.atlassian.net", projects: ["PAY"] };
const SERVICE_NOW: Tracker = { service: "serviceNow", instance: "example" };
const GITHUB: Tracker = { service: "github", owner: "octocat", repository: "Hello-World" };
const SYS_ID = "46d44a23a9fe19810012d100cca80666";

/** For each tracker a ticket's key here and at the tracker, and its words for open and closed. */
const CASES = [
  { tracker: JIRA, key: "PAY-1", at: "PAY-1", open: "new", closed: "done", person: "5b10ac8d" },
  {
    ...{ tracker: SERVICE_NOW, key: "INC0010001", at: "INC0010001" },
    ...{ open: "1", closed: "7", person: SYS_ID },
  },
  {
    ...{ tracker: GITHUB, key: "1347", at: "octocat/Hello-World#1347" },
    ...{ open: "open", closed: "closed", person: "583231" },
  },
] as const;

async function withTicket({ tracker, at, person }: (typeof CASES)[number], status: string) {
  const outside = await startOutside();
  const body = { service: tracker.service, key: at, status, assignee: person, reporter: person };
  expect(await outside.sandbox("POST", "tickets", body)).toMatchObject({ status: 200 });
  return outside;
}

describe.each(CASES)("the emulated $tracker.service, asked by the product", (one) => {
  const { tracker, key, at, open, closed, person } = one;

  it("A ticket is open and somebody's, and then done", async () => {
    const { ticket, sandbox } = await withTicket(one, open);
    expect(await ticket(tracker, key)).toMatchObject({
      ticket: { key, status: "open", assignees: [person], reporter: person },
    });
    await sandbox("POST", "tickets", {
      service: tracker.service,
      key: at,
      status: closed,
      reporter: person,
    });
    expect(await ticket(tracker, key)).toMatchObject({ ticket: { status: "done", assignees: [] } });
  });

  it("A ticket that is taken away is not found", async () => {
    const { ticket, sandbox } = await withTicket(one, open);
    await sandbox("POST", "tickets", { service: tracker.service, key: at });
    expect(await ticket(tracker, key)).toEqual({ missing: "not-found" });
  });

  it("Another token than the stored one is denied, however the tracker words that", async () => {
    const { ticket } = await withTicket(one, open);
    const denied = { unknown: "denied", detail: "token-refused" };
    expect(await ticket(tracker, key, { [tracker.service]: "bot:other" })).toEqual(denied);
  });

  it.each([
    ["rate-limit", { seconds: 30 }, "busy"],
    ["outage", {}, "failing"],
    ["forbidden", {}, "denied"],
    ["half", {}, "unclear"],
    ["huge", {}, "unclear"],
    ["clock", { seconds: 600 }, "unclear"],
    ["drop", {}, "unreachable"],
  ])("The fault %s is unknown", async (kind, more, unknown) => {
    const { ticket, sandbox } = await withTicket(one, open);
    await sandbox("POST", "faults", { kind, service: tracker.service, count: 1, ...more });
    expect(await ticket(tracker, key)).toMatchObject({ unknown });
    expect(await ticket(tracker, key)).toMatchObject({ ticket: { status: "open" } });
  });
});

describe("the emulated trackers", () => {
  it("A moved issue has another key, or is sent on", async () => {
    const { ticket, sandbox } = await startOutside();
    await sandbox("POST", "tickets", {
      ...{ service: "jira", key: "PAY-1", status: "new", movedTo: "OPS-9" },
    });
    await sandbox("POST", "tickets", {
      ...{ service: "github", key: "octocat/Hello-World#1", status: "open" },
      movedTo: "repos/octocat/Other/issues/1",
    });
    expect(await ticket(JIRA, "PAY-1")).toEqual({ missing: "moved" });
    expect(await ticket(GITHUB, "1")).toEqual({ missing: "moved" });
  });

  it("A pull request is no ticket", async () => {
    const { ticket, sandbox } = await startOutside();
    await sandbox("POST", "tickets", {
      ...{ service: "github", key: "octocat/Hello-World#2", status: "open", pullRequest: true },
    });
    expect(await ticket(GITHUB, "2")).toEqual({ missing: "no-ticket" });
  });

  it("GitHub says of an issue that is known by its ETag only whether it still stands", async () => {
    const { url, sandbox } = await startOutside();
    const issue = { service: "github", key: "octocat/Hello-World#3", createdAt: NOW };
    const read = (etag = "") =>
      fetch(`${url}/api.github.com/repos/octocat/Hello-World/issues/3`, {
        headers: { authorization: `Bearer ${TOKENS.github}`, "if-none-match": etag },
      });
    await sandbox("POST", "tickets", { ...issue, status: "open" });
    const etag = (await read()).headers.get("etag") ?? "";
    expect((await read(etag)).status).toBe(304);
    await sandbox("POST", "tickets", { ...issue, status: "closed" });
    expect((await read(etag)).status).toBe(200);
  });

  it("A change counts while it is approved and its window is open", async () => {
    const { ticket, sandbox } = await startOutside();
    const change = { service: "serviceNow", key: "CHG0000096", status: "-1", reporter: SYS_ID };
    await sandbox("POST", "tickets", change);
    expect(await ticket(SERVICE_NOW, "CHG0000096")).toMatchObject({
      ticket: { status: "in-progress" },
    });
    await sandbox("POST", "tickets", { ...change, approval: "not requested" });
    expect(await ticket(SERVICE_NOW, "CHG0000096")).toMatchObject({
      ticket: { status: "neither" },
    });
  });

  it("A host that is not the vendor's gets no token", async () => {
    const { ticket, sandbox } = await startOutside();
    for (const site of ["evil.example", "x.atlassian.net.evil.example", "a/b.atlassian.net"])
      expect(await ticket({ service: "jira", site, projects: ["PAY"] }, "PAY-1")).toEqual({
        unknown: "unclear",
        detail: "odd",
      });
    expect(await ticket({ service: "serviceNow", instance: "x.evil/" }, "INC0010001")).toEqual({
      unknown: "unclear",
      detail: "odd",
    });
    expect((await sandbox("GET", "calls")).body).toEqual([]);
  });
});
