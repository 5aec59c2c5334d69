import { describe, expect, it } from "vitest";
import { type Answer, NOW, sourceOf } from "./answering.ts";

const ID = "01FCNDV6P870EA6S7TK1DSYDG0";
const SCHEDULE = { service: "incidentIo", schedule: ID } as const;
const PATH = `/v2/schedules/${ID}`;

/** The example of https://docs.incident.io/api-reference/schedules-v2/show, with times around `NOW`. */
const shift = (start: string, end: string, user?: object) => ({
  end_at: end,
  entry_id: "01G0J1EXE7AXZ2C93K61WBPYEH",
  fingerprint: "01G0J1EXE7AXZ2C93K61WBPYEH",
  layer_id: "01G0J1EXE7AXZ2C93K61WBPYEH",
  rotation_id: "01G0J1EXE7AXZ2C93K61WBPYEH",
  start_at: start,
  ...(user ? { user } : {}),
});
const LISA = {
  email: "lisa@incident.io",
  id: "01FCNDV6P870EA6S7TK1DSYDG0",
  name: "Lisa Karlin Curtis",
  role: "viewer",
  slack_user_id: "U02AYNF2XJM",
};
const schedule = (current: unknown, next?: unknown): Answer => ({
  body: {
    schedule: {
      annotations: {},
      config: { rotations: [] },
      created_at: "2021-08-17T13:28:57.801578Z",
      current_shifts: current,
      ...(next === undefined ? {} : { next_shifts: next }),
      id: ID,
      name: "Primary On-Call Schedule",
      timezone: "Europe/London",
      updated_at: "2021-08-17T13:28:57.801578Z",
    },
  },
});
const look = async (answer: Answer) => sourceOf({ [PATH]: answer }).source.look(SCHEDULE, NOW);

describe("a schedule of incident.io", () => {
  it("A schedule is asked with a bearer's token", async () => {
    const { asked, source } = sourceOf({ [PATH]: schedule([]) });
    await source.look(SCHEDULE, NOW);
    expect(asked[0]?.url.href).toMatch(/^https:\/\/api\.incident\.io\/v2\/schedules\//);
    expect(asked[0]?.headers.get("authorization")).toBe("Bearer token-of-tests");
  });

  it("Whoever has a shift now is on call until its end, once for all rotations and layers", async () => {
    const one = shift("2026-05-01T09:00:00Z", "2026-05-01T18:00:00Z", LISA);
    const layer = shift("2026-05-01T10:00:00+01:00", "2026-05-01T20:00:00+01:00", LISA);
    expect(await look(schedule([one, layer]))).toEqual({
      shifts: [{ person: LISA.id, until: "2026-05-01T19:00:00.000Z" }],
    });
  });

  it("A next shift of the same person goes on where the current one ends", async () => {
    const current = [shift("2026-05-01T09:00:00Z", "2026-05-01T18:00:00Z", LISA)];
    const next = [shift("2026-05-01T18:00:00Z", "2026-05-02T18:00:00Z", LISA)];
    expect(await look(schedule(current, next))).toEqual({
      shifts: [{ person: LISA.id, until: "2026-05-02T18:00:00.000Z" }],
    });
  });

  it("Nobody is on call without shifts, and in a shift without a user", async () => {
    expect(await look(schedule([]))).toEqual({ shifts: [] });
    const gap = shift("2026-05-01T09:00:00Z", "2026-05-01T18:00:00Z");
    expect(await look(schedule([gap]))).toEqual({ shifts: [] });
  });

  it("A shift of another time than ours is nobody's now", async () => {
    const over = shift("2026-05-01T09:00:00Z", "2026-05-01T17:00:00Z", LISA);
    expect(await look(schedule([over]))).toEqual({ shifts: [] });
  });

  it.each([
    ["shifts are missing", schedule(undefined)],
    ["shifts are no list", schedule({})],
    [
      "a user has no id",
      schedule([shift("2026-05-01T09:00:00Z", "2026-05-01T18:00:00Z", { name: "Lisa" })]),
    ],
    ["a shift has no end", schedule([{ start_at: "2026-05-01T09:00:00Z", user: LISA }])],
    ["the schedule is another one", { body: { schedule: { id: "01X", current_shifts: [] } } }],
    ["the answer is null", { body: null }],
  ])("Who is on call is unclear where %s", async (_, answer) => {
    expect(await look(answer)).toEqual({ unknown: "unclear", detail: "odd" });
  });
});
