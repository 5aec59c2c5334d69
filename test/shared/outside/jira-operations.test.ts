import { describe, expect, it } from "vitest";
import { type Answer, NOW, secretOf, sourceOf } from "./answering.ts";

const CLOUD = "11223344-a1b2-3b33-c444-def123456789";
const ID = "f8f2a4ec-54b2-4513-865b-8cb3b81c9544";
const SCHEDULE = { service: "jiraOperations", cloudId: CLOUD, schedule: ID } as const;
const PATH = `/jsm/ops/api/${CLOUD}/v1/schedules/${ID}`;
const ALICE = "5b2b0e011b3a756623f4e25e";
const BOB = "712020:1626a3a7-e159-45e0-b067-b99210917b16";

const onCalls = (...ids: readonly unknown[]): Answer => ({ body: { onCallUsers: ids } });

/**
 * The form of https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/api-group-schedule-timelines/
 * with times around `NOW`.
 */
const timeline = (...rotations: readonly object[]): Answer => ({
  body: {
    startDate: "2026-05-01T00:00:00Z",
    endDate: "2026-05-09T00:00:00Z",
    finalTimeline: { rotations },
  },
});
const user = (id: string) => ({ type: "user", id });
const period = (start: string, end: string, responder: object, type = "base") => ({
  ...{ startDate: start, endDate: end, type, responder },
});
const rotation = (...periods: readonly object[]) => ({
  id: "3ce33f53-69be-4b92-8d34-a1df0efe642e",
  name: "Daily rotation",
  order: 1,
  periods,
});
const look = async (people: Answer, times: Answer = timeline()) =>
  sourceOf({ [`${PATH}/on-calls`]: people, [`${PATH}/timeline`]: times }).source.look(
    SCHEDULE,
    NOW,
  );

describe("a schedule of Jira Service Management", () => {
  it("A schedule is asked about this instant, with teams resolved, then for its timeline", async () => {
    const { asked, source } = sourceOf(
      { [`${PATH}/on-calls`]: onCalls(ALICE), [`${PATH}/timeline`]: timeline() },
      secretOf("bot@example.com:abc"),
    );
    await source.look(SCHEDULE, NOW);
    expect(asked.map(({ url }) => url.pathname)).toEqual([`${PATH}/on-calls`, `${PATH}/timeline`]);
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      flat: "true",
      date: "2026-05-01T17:30:00.000Z",
    });
    expect(asked[0]?.headers.get("authorization")).toBe("Basic Ym90QGV4YW1wbGUuY29tOmFiYw==");
  });

  it("Whoever is on call has the end that the timeline says, and an override is told", async () => {
    const base = period("2026-05-01T09:00:00Z", "2026-05-01T21:00:00Z", user(ALICE));
    const over = period("2026-05-01T17:00:00Z", "2026-05-01T19:00:00+01:00", user(BOB), "override");
    expect(await look(onCalls(BOB, ALICE, BOB), timeline(rotation(base, over)))).toEqual({
      shifts: [
        { person: ALICE, until: "2026-05-01T21:00:00.000Z" },
        { person: BOB, until: "2026-05-01T18:00:00.000Z", byOverride: true },
      ],
    });
  });

  it("A period beyond the timeline may go on", async () => {
    const base = period("2026-05-01T09:00:00Z", "2026-05-09T00:00:00Z", user(ALICE));
    expect(await look(onCalls(ALICE), timeline(rotation(base)))).toEqual({
      shifts: [{ person: ALICE, until: "2026-05-09T00:00:00.000Z", goesOn: true }],
    });
  });

  it("A member of a team that the timeline does not resolve is on call for now only", async () => {
    const team = period("2026-05-01T09:00:00Z", "2026-05-01T21:00:00Z", {
      type: "team",
      id: "bc667897-cb21-496f-a46e-7c05ff0419dd",
    });
    expect(await look(onCalls(ALICE), timeline(rotation(team)))).toEqual({
      shifts: [{ person: ALICE, until: "2026-05-01T17:35:00.000Z", goesOn: true }],
    });
  });

  it("A deleted rotation, an empty slot and who is in the timeline alone give nobody", async () => {
    const base = period("2026-05-01T09:00:00Z", "2026-05-01T21:00:00Z", user(ALICE));
    const empty = period("2026-05-01T09:00:00Z", "2026-05-01T21:00:00Z", { type: "noone" });
    const deleted = { ...rotation(base), deleted: true };
    expect(await look(onCalls(BOB), timeline(deleted, rotation(empty, base)))).toEqual({
      shifts: [{ person: BOB, until: "2026-05-01T17:35:00.000Z", goesOn: true }],
    });
  });

  it("Nobody is on call where the list is empty", async () => {
    expect(await look(onCalls())).toEqual({ shifts: [] });
  });

  it("A token that Atlassian did not take is denied, though the answer is 200 or 404", async () => {
    const headers = { "x-seraph-loginreason": "AUTHENTICATED_FAILED" };
    const denied = { unknown: "denied", detail: "token-refused" };
    expect(await look({ ...onCalls(), headers })).toEqual(denied);
    expect(await look({ status: 404, headers, body: {} })).toEqual(denied);
    expect(await look(onCalls(ALICE), { ...timeline(), headers })).toEqual(denied);
  });

  it.each([
    ["has nothing", { body: {} }],
    ["has an id that is not one", onCalls(ALICE, { id: BOB })],
    ["is of the other form", { body: { onCallParticipants: [user(ALICE)] } }],
  ])("Who is on call is unclear where the answer %s", async (_, answer) => {
    expect(await look(answer)).toEqual({ unknown: "unclear", detail: "odd" });
  });
});
