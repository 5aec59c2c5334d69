/** Minutes of outside with the most schedules, and with a thousand open tickets: the calls that each service gets. */
import { describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
import { memoryFactStore } from "../../../../lab/fakes/memory-fact-store.ts";
import type { OnCallSchedule } from "../../../../shared/domain/facts/on-call-schedule.ts";
import { type Tracker, ticketKey } from "../../../../shared/domain/facts/tracker.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import { onCallSource } from "../../../../shared/outside/on-call-source.ts";
import { ticketSource } from "../../../../shared/outside/tickets/ticket-source.ts";
import { lookAtSchedules } from "../../../../shared/usecases/facts/look-at-schedules.ts";
import { lookAtTickets } from "../../../../shared/usecases/facts/look-at-tickets.ts";
import { readTickets } from "../../../../shared/usecases/facts/read-tickets.ts";
import { isLookDue, LASTING_PAUSES } from "../../../../shared/usecases/facts/ticket-looks.ts";

const SETTINGS = { lookPauseSeconds: 20 };
const CLOUD = "11223344-a1b2-3b33-c444-def123456789";
const TOKEN = { read: async () => "name:secret", forget: () => undefined };

const PERIOD = {
  ...{ startDate: plusSeconds(T0, -3_600), endDate: plusSeconds(T0, 3_600), type: "base" },
  responder: { type: "user", id: "5b" },
};

/** The bodies of the longest way to each answer. 400: the schedule is one of layers. */
function bodyAt({ pathname }: URL): object | number {
  const last = pathname.split("/").at(-1) ?? "";
  const [number] = /\d+$/.exec(pathname) ?? ["1"];
  const people = { assignee: null, reporter: { accountId: "5b" }, assignees: [], user: { id: 1 } };
  if (pathname.startsWith("/v3/")) return 400;
  if (pathname.startsWith("/schedules/"))
    return { schedule: { id: last, final_schedule: { rendered_schedule_entries: [] } } };
  if (pathname.startsWith("/v2/")) return { schedule: { id: last, current_shifts: [] } };
  if (last === "on-calls") return { onCallUsers: ["5b"] };
  if (last === "timeline")
    return { endDate: PERIOD.endDate, finalTimeline: { rotations: [{ periods: [PERIOD] }] } };
  if (pathname.startsWith("/rest/"))
    return {
      key: last,
      fields: {
        ...{ summary: "A title", status: { statusCategory: { key: "new" } }, ...people },
        created: "2026-04-01T10:00:00.000+0000",
      },
    };
  return {
    repository_url: "https://api.github.com/repos/octocat/Hello-World",
    ...{ number: Number(number), state: "open", title: "A title", ...people },
    created_at: "2026-04-01T10:00:00Z",
  };
}

/** Services that answer at once, and what they got: calls by minute, and the most at the same time. */
function services() {
  const clock = { at: T0, now: () => clock.at };
  const minutes = new Map<string, number>();
  const counts = { calls: 0, unchanged: 0, now: 0, atOnce: 0 };
  const send: typeof fetch = async (input, init) => {
    const minute = clock.at.slice(0, 16);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
    counts.calls += 1;
    counts.now += 1;
    counts.atOnce = Math.max(counts.atOnce, counts.now);
    await Promise.resolve();
    counts.now -= 1;
    const headers = { etag: '"of-this-issue"' };
    const isKnown = new Headers(init?.headers).get("if-none-match") === headers.etag;
    if (isKnown) counts.unchanged += 1;
    const body = isKnown ? 304 : bodyAt(new URL(String(input)));
    return typeof body === "number"
      ? new Response(null, { status: body, headers })
      : Response.json(body, { headers });
  };
  const options = { token: () => TOKEN, clock, origin: "https://", fetch: send };
  return { clock, counts, options, inMinute: () => Math.max(...minutes.values()) };
}

const run = { isTimeUp: () => false, log: () => undefined };

/** The most calls of a minute, where 50 schedules are asked for as often as they may be. */
async function schedulesFor(scheduleOf: (number: number) => OnCallSchedule) {
  const { clock, options, inMinute } = services();
  const ports = {
    ...{ facts: memoryFactStore(), clock, settings: SETTINGS, source: onCallSource(options) },
    policy: {
      schedules: Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`s${n}`, scheduleOf(n)])),
    },
  };
  let unknown = 0;
  for (let second = 0; second < 60; second += 10) {
    clock.at = plusSeconds(T0, second);
    unknown += (await lookAtSchedules(ports, run)).unknown;
  }
  expect(unknown).toBe(0);
  return inMinute();
}

/** The looks of six minutes in which a thousand grants last that end with their tickets. */
async function ticketsFor(tracker: Tracker, name: (number: number) => string) {
  const { clock, counts, options, inMinute } = services();
  const keys = Array.from({ length: 1_000 }, (_, n) => ticketKey(tracker, name(n + 1_000)));
  const facts = memoryFactStore();
  const ports = {
    ...{ facts, clock, settings: SETTINGS, tickets: ticketSource(options) },
    ...{ policy: { tickets: { of: tracker } }, source: onCallSource(options) },
    wake: { ticketsRead: async () => undefined },
  };
  let unknown = 0;
  for (const minute of [0, 4, 5]) {
    clock.at = plusSeconds(T0, minute * 60);
    const readings = await readTickets(ports, keys);
    const due = keys.filter((key) =>
      isLookDue(readings.get(key), LASTING_PAUSES, SETTINGS, clock.at),
    );
    for (let at = 0; at < due.length; at += 100)
      unknown += (await lookAtTickets(ports, { ...run, keys: due.slice(at, at + 100) })).unknown;
  }
  expect(unknown).toBe(0);
  return { ...counts, inMinute: inMinute() };
}

describe("Fifty schedules", () => {
  it.each([
    // https://developer.pagerduty.com/docs/rest-api-rate-limits
    ["PagerDuty", 960, (n: number) => ({ service: "pagerduty", schedule: `P${n}`, region: "us" })],
    // https://docs.incident.io/api-reference/introduction#rate-limits
    ["incident.io", 1_200, (n: number) => ({ service: "incidentIo", schedule: `01G${n}` })],
    // Atlassian publishes no limit for its operations; this one is ours.
    [
      "Jira Service Management",
      300,
      (n: number) => ({ service: "jiraOperations", cloudId: CLOUD, schedule: `${n}` }),
    ],
  ] as const)(
    "They ask %s at most %d times in a minute, however often somebody lacks the fact",
    async (_, limit, of) => {
      const most = await schedulesFor(of as (number: number) => OnCallSchedule);
      expect(most).toBeGreaterThanOrEqual(100);
      expect(most).toBeLessThanOrEqual(limit);
    },
  );
});

describe("A thousand tickets with which access ends", () => {
  const JIRA: Tracker = { service: "jira", site: "example.atlassian.net", projects: ["PAY"] };
  const GITHUB: Tracker = { service: "github", owner: "octocat", repository: "Hello-World" };

  it("They ask Jira ten at a time: fewer in a minute than it takes in ten seconds", async () => {
    const { calls, atOnce, inMinute } = await ticketsFor(JIRA, (n) => `PAY-${n}`);
    expect({ calls, atOnce }).toEqual({ calls: 2_000, atOnce: 10 });
    // https://developer.atlassian.com/cloud/jira/platform/rate-limiting/: 150 a second for one issue's path
    expect(inMinute).toBeLessThanOrEqual(10 * 150);
  });

  it("GitHub counts the tickets alone that are new or changed: of 12,000 in an hour it takes 5,000", async () => {
    const { calls, unchanged } = await ticketsFor(GITHUB, (n) => `#${n}`);
    expect(calls).toBe(2_000);
    // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: 5,000 an hour
    expect(calls - unchanged).toBe(1_000);
  });
});
