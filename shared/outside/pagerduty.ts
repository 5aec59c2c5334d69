import type { Shift } from "../domain/facts/schedule-reading.ts";
import { idIn, instantIn, type Json, listIn, memberOf } from "./json-answer.ts";
import { NoAnswer } from "./no-answer.ts";
import { bodyOf, type OutsideClient, type Query } from "./outside-client.ts";
import { peopleOnCall, type Turn } from "./turns.ts";

/** https://developer.pagerduty.com/docs/rest-api-overview, by region of the account. */
export const PAGERDUTY_HOSTS = { us: "api.pagerduty.com", eu: "api.eu.pagerduty.com" } as const;

/**
 * https://developer.pagerduty.com/docs/authentication
 *
 * @param authorization see `pagerdutyAuthorization`
 */
export const pagerdutyHeaders = (authorization: string) => ({
  authorization,
  accept: "application/vnd.pagerduty+json;version=2",
  "content-type": "application/json",
});

/** So far ahead shifts are read: a rotation of a week ends in it. */
const AHEAD_MS = 8 * 86_400_000;

/**
 * The people on call by a schedule of PagerDuty. A schedule of shifts is asked under `/v3`, which answers 400
 * for one of layers. Not `/oncalls`, which lacks schedules that no escalation policy names.
 * https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade
 */
export async function pagerdutyOnCall(
  client: OutsideClient,
  schedule: string,
  nowMs: number,
): Promise<readonly Shift[]> {
  const id = encodeURIComponent(schedule);
  const query = windowOf(nowMs);
  const answer = await client.get(`/v3/schedules/${id}`, query);
  if (answer.status !== 400) return shiftBased(bodyOf(answer), schedule, nowMs);
  // Without `overflow`, an end would be that of the window.
  const old = await client.get(`/schedules/${id}`, [...query, ["overflow", "true"]]);
  return layerBased(bodyOf(old), schedule, nowMs);
}

const windowOf = (nowMs: number): Query => [
  ["since", new Date(nowMs).toISOString()],
  ["until", new Date(nowMs + AHEAD_MS).toISOString()],
  ["time_zone", "UTC"],
  ["include[]", "final_schedule"],
];

function scheduleIn(body: Json, id: string): Json {
  const schedule = memberOf(body, "schedule");
  // Another schedule's people are nobody's of this one.
  if (memberOf(schedule, "id") !== id) throw new NoAnswer("odd");
  return schedule;
}

/** The answer of `/v3/schedules/{id}`. */
function shiftBased(body: Json, id: string, nowMs: number): readonly Shift[] {
  const final = memberOf(scheduleIn(body, id), "final_schedule");
  const turns = listIn(final, "computed_shift_assignments").map(
    (each): Turn => ({
      who: memberIn(memberOf(each, "member")),
      from: instantIn(each, "start_time"),
      to: instantIn(each, "end_time"),
      byOverride: String(memberOf(memberOf(each, "source"), "type")).endsWith("_override"),
    }),
  );
  return peopleOnCall(turns, nowMs, nowMs + AHEAD_MS);
}

function memberIn(member: Json): Turn["who"] {
  const type = memberOf(member, "type");
  if (type === "empty_member") return "nobody";
  const id = idIn(member, "user_id");
  return type === "user_member" && id !== undefined ? { id } : "odd";
}

/** The answer of `/schedules/{id}`. Overrides are merged into it, and stand beside it as well. */
function layerBased(body: Json, id: string, nowMs: number): readonly Shift[] {
  const schedule = scheduleIn(body, id);
  const overrides = memberOf(schedule, "overrides_subschedule");
  const overridden = overrides === undefined ? [] : entriesIn(overrides);
  const turns = entriesIn(memberOf(schedule, "final_schedule")).map((turn) => ({
    ...turn,
    byOverride: overridden.some((each) => isWithin(turn, each)),
  }));
  return peopleOnCall(turns, nowMs);
}

const entriesIn = (layer: Json): readonly Turn[] =>
  listIn(layer, "rendered_schedule_entries").map((entry) => {
    const id = idIn(memberOf(entry, "user"), "id");
    return {
      who: id === undefined ? "odd" : { id },
      from: instantIn(entry, "start"),
      to: instantIn(entry, "end"),
    };
  });

const isWithin = (turn: Turn, override: Turn) =>
  typeof turn.who !== "string" &&
  typeof override.who !== "string" &&
  turn.who.id === override.who.id &&
  override.from <= turn.from &&
  turn.to <= override.to;
