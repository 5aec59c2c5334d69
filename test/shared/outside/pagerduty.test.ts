import { describe, expect, it } from "vitest";
import { type Answer, NOW, sourceOf } from "./answering.ts";

const SCHEDULE = { service: "pagerduty", schedule: "PL5FQHC", region: "us" } as const;
const V3 = "/v3/schedules/PL5FQHC";
const V2 = "/schedules/PL5FQHC";

/**
 * The answers of PagerDuty's guide from v2 to v3, with times around `NOW`.
 * https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade
 */
const assigned = (start: string, end: string, member: object, source = "schedule_rotation") => ({
  type: "computed_shift_assignment",
  start_time: start,
  end_time: end,
  member,
  source: { type: source, rotation_id: "ABCDEFGHIJKLMNOPQRSTUVWXY2" },
});
const person = (id: string) => ({ type: "user_member", user_id: id });
const shiftBased = (...assignments: readonly object[]): Answer => ({
  body: {
    schedule: {
      id: "PL5FQHC",
      type: "schedule_v3",
      name: "Primary On-Call",
      time_zone: "America/Los_Angeles",
      self: "https://api.pagerduty.com/v3/schedules/PL5FQHC",
      rotations: [],
      final_schedule: {
        type: "final_schedule",
        rendered_coverage_percentage: 100,
        computed_shift_assignments: assignments,
      },
    },
  },
});

const NOT_UPGRADED: Answer = { status: 400, body: { error: { code: 2001, message: "Invalid" } } };
const entry = (start: string, end: string, id: string) => ({
  start,
  end,
  user: { id, type: "user_reference", summary: "Earline Greenholt" },
});
const layerBased = (final: readonly object[], overrides?: readonly object[]): Answer => ({
  body: {
    schedule: {
      id: "PL5FQHC",
      type: "schedule",
      summary: "Primary On-Call",
      time_zone: "America/Los_Angeles",
      schedule_layers: [],
      ...(overrides ? { overrides_subschedule: { rendered_schedule_entries: overrides } } : {}),
      final_schedule: { rendered_schedule_entries: final },
    },
  },
});

const look = async (answers: Parameters<typeof sourceOf>[0], at = NOW) => {
  const { asked, source } = sourceOf(answers);
  return { asked, look: await source.look(SCHEDULE, at) };
};
const lookAt = async (answer: Answer) => (await look({ [V3]: answer })).look;

describe("a schedule of PagerDuty that is made of shifts", () => {
  it("A schedule is asked under v3, from now on, with the token as PagerDuty wants it", async () => {
    const { asked } = await look({ [V3]: shiftBased() });
    expect(asked).toHaveLength(1);
    const [{ url, headers } = { url: new URL("x:"), headers: new Headers() }] = asked;
    expect(url.origin).toBe("https://api.pagerduty.com");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      since: "2026-05-01T17:30:00.000Z",
      until: "2026-05-09T17:30:00.000Z",
      time_zone: "UTC",
      "include[]": "final_schedule",
    });
    expect(headers.get("authorization")).toBe("Token token=token-of-tests");
    expect(headers.get("accept")).toBe("application/vnd.pagerduty+json;version=2");
  });

  it("Whoever has the shift of now is on call until its end, in UTC", async () => {
    const shift = assigned(
      "2026-05-01T09:00:00-08:00",
      "2026-05-01T17:00:00-08:00",
      person("PUSER01"),
    );
    expect(await lookAt(shiftBased(shift))).toEqual({
      shifts: [{ person: "PUSER01", until: "2026-05-02T01:00:00.000Z" }],
    });
  });

  it("Several people at once are on call, and an override is told", async () => {
    const until = "2026-05-02T00:00:00Z";
    const one = assigned("2026-05-01T16:00:00Z", until, person("PUSER01"));
    const other = assigned(
      "2026-05-01T17:00:00Z",
      until,
      person("PUSER02"),
      "schedule_rotation_override",
    );
    expect(await lookAt(shiftBased(one, other))).toEqual({
      shifts: [
        { person: "PUSER01", until: "2026-05-02T00:00:00.000Z" },
        { person: "PUSER02", until: "2026-05-02T00:00:00.000Z", byOverride: true },
      ],
    });
  });

  it("A shift that the next one of the same person follows lasts until the end of that", async () => {
    const shifts = [
      assigned("2026-05-02T00:00:00Z", "2026-05-02T08:00:00Z", person("PUSER01")),
      assigned("2026-05-01T16:00:00Z", "2026-05-02T00:00:00Z", person("PUSER01")),
    ];
    expect(await lookAt(shiftBased(...shifts))).toEqual({
      shifts: [{ person: "PUSER01", until: "2026-05-02T08:00:00.000Z" }],
    });
  });

  it("A shift that is cut at the end of what was read may go on", async () => {
    const shift = assigned("2026-05-01T16:00:00Z", "2026-05-09T17:30:00Z", person("PUSER01"));
    expect(await lookAt(shiftBased(shift))).toEqual({
      shifts: [{ person: "PUSER01", until: "2026-05-09T17:30:00.000Z", goesOn: true }],
    });
  });

  it("Nobody is on call in a row of an empty member, outside of shifts, and at the end of one", async () => {
    const gap = assigned("2026-05-01T16:00:00Z", "2026-05-02T00:00:00Z", { type: "empty_member" });
    const over = assigned("2026-05-01T09:00:00Z", NOW, person("PUSER01"));
    const later = assigned("2026-05-01T18:00:00Z", "2026-05-02T00:00:00Z", person("PUSER01"));
    expect(await lookAt(shiftBased(gap, over, later))).toEqual({ shifts: [] });
  });

  it.each([
    ["of another kind of member", { type: "team_member", team_id: "PTEAM01" }],
    ["without an id", { type: "user_member" }],
    ["with an id that is not one", { type: "user_member", user_id: "P 1\n" }],
  ])(
    "Who is on call is unclear by a shift of now %s, and not by one of tomorrow",
    async (_, member) => {
      const now = assigned("2026-05-01T16:00:00Z", "2026-05-02T00:00:00Z", member);
      const tomorrow = assigned("2026-05-02T16:00:00Z", "2026-05-03T00:00:00Z", member);
      expect(await lookAt(shiftBased(now))).toEqual({ unknown: "unclear", detail: "odd" });
      expect(await lookAt(shiftBased(tomorrow))).toEqual({ shifts: [] });
    },
  );

  it("Who is on call is unclear by a time without a zone", async () => {
    const shift = assigned("2026-05-01T16:00:00", "2026-05-02T00:00:00", person("PUSER01"));
    expect(await lookAt(shiftBased(shift))).toEqual({ unknown: "unclear", detail: "odd" });
  });

  it("Who is on call is unclear by the answer of another schedule, or without its shifts", async () => {
    const other = { body: { schedule: { id: "POTHER1", final_schedule: {} } } };
    const bare = { body: { schedule: { id: "PL5FQHC" } } };
    expect(await lookAt(other)).toEqual({ unknown: "unclear", detail: "odd" });
    expect(await lookAt(bare)).toEqual({ unknown: "unclear", detail: "odd" });
  });
});

describe("a schedule of PagerDuty that is made of layers", () => {
  const answers = (old: Answer) => ({ [V3]: NOT_UPGRADED, [V2]: old });

  it("A schedule of layers is asked the old way, with ends beyond the window", async () => {
    const old = layerBased([
      entry("2026-05-01T09:00:00-07:00", "2026-05-20T09:00:00-07:00", "PUSER01"),
      entry("2026-05-20T09:00:00-07:00", "2026-05-27T09:00:00-07:00", "PUSER02"),
    ]);
    const { asked, look: told } = await look(answers(old));
    expect(asked.map(({ url }) => url.pathname)).toEqual([V3, V2]);
    expect(asked[1]?.url.searchParams.get("overflow")).toBe("true");
    expect(told).toEqual({
      shifts: [{ person: "PUSER01", until: "2026-05-20T16:00:00.000Z" }],
    });
  });

  it("An override of a schedule of layers is told", async () => {
    const taken = entry("2026-05-01T17:00:00Z", "2026-05-01T18:00:00Z", "PUSER02");
    const { look: told } = await look(answers(layerBased([taken], [taken])));
    expect(told).toEqual({
      shifts: [{ person: "PUSER02", until: "2026-05-01T18:00:00.000Z", byOverride: true }],
    });
  });

  it("A gap is left out, so nobody is on call", async () => {
    const { look: told } = await look(answers(layerBased([])));
    expect(told).toEqual({ shifts: [] });
  });

  it("A schedule that neither form has is gone", async () => {
    expect((await look({ [V3]: NOT_UPGRADED })).look).toEqual({ unknown: "gone", detail: "gone" });
    expect((await look({})).look).toEqual({ unknown: "gone", detail: "gone" });
  });

  it("A schedule of the European region is asked there", async () => {
    const { asked, source } = sourceOf({});
    await source.look({ ...SCHEDULE, region: "eu" }, NOW);
    expect(asked[0]?.url.host).toBe("api.eu.pagerduty.com");
  });
});
