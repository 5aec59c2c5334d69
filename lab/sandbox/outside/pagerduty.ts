/**
 * PagerDuty's schedules and people. Errors are as its pages word them.
 * https://developer.pagerduty.com/docs/schedules-v2-to-v3-upgrade, https://developer.pagerduty.com/docs/errors
 */
import { type HttpAnswer, json } from "../slack/http.ts";
import { IDENTITY_HOST, isAuthorized, mayDo, tokenAnswer } from "./pagerduty-apps.ts";
import { peopleAt } from "./people.ts";
import {
  type Asked,
  type EmulatedService,
  failed,
  instantOf,
  NotEmulated,
  numberIn,
  onlyParameters,
  onlyValue,
} from "./service.ts";
import {
  cutTo,
  finalTurns,
  iso,
  type OutsideState,
  type Schedule,
  type Turn,
  touching,
  turnsOf,
} from "./state.ts";

const error = (status: number, code: number, message: string, headers = {}): HttpAnswer =>
  failed(status, { error: { message, code, errors: [] } }, headers);

const LONGEST_MS = 92 * 86_400_000;

function answer(asked: Asked, state: OutsideState, token: string): HttpAnswer {
  if (asked.host === IDENTITY_HOST) return tokenAnswer(asked, token);
  const { method, path, headers } = asked;
  const isNew = path[0] === "v3";
  const [resource, id = "", ...rest] = isNew ? path.slice(1) : path;
  const isList = path.join("/") === "users";
  const isSchedule = resource === "schedules" && id !== "" && rest.length === 0;
  if (method !== "GET" || !(isList || isSchedule))
    throw new NotEmulated(`The sandbox's PagerDuty has no ${method} /${path.join("/")}.`);
  // Without it, the version of the token answers, which nobody here knows.
  if (headers.accept !== "application/vnd.pagerduty+json;version=2")
    throw new NotEmulated("The sandbox's PagerDuty wants Accept with version=2.");
  if (!mayDo(asked, token, isList ? "users.read" : "schedules.read")) return FORBIDDEN;
  if (isList) return users(asked, state);
  const schedule = state.schedules.find((each) => each.service === "pagerduty" && each.id === id);
  if (!schedule) return NOT_FOUND;
  // A schedule of the other kind is nowhere but under its own path.
  if (isNew && schedule.kind === "layers") return error(400, 2001, "Invalid Input Provided");
  if (!isNew && schedule.kind === "shifts") return NOT_FOUND;
  return isNew ? shiftBased(asked, schedule) : layerBased(asked, schedule);
}

const NOT_FOUND = error(404, 2100, "Not Found");
const FORBIDDEN = error(403, 2010, "Access Denied");

/** https://developer.pagerduty.com/api-reference/c96e889522dd6-list-users, with pages as everywhere there */
function users({ query }: Asked, state: OutsideState): HttpAnswer {
  onlyParameters(query, "limit", "offset");
  const limit = numberIn(query, "limit", { otherwise: 25, least: 1, most: 100 });
  const offset = numberIn(query, "offset", { otherwise: 0, least: 0, most: 999_999 });
  if (offset + limit > 10_000) return error(400, 2001, "Invalid Input Provided");
  const all = peopleAt(state, "pagerduty").filter(({ active }) => active);
  const more = all.length > offset + limit;
  const found = all.slice(offset, offset + limit).map(({ id, email }) => ({
    ...{ id, type: "user", summary: id, name: id, email, role: "user" },
    ...{ time_zone: "America/Los_Angeles", self: `https://api.pagerduty.com/users/${id}` },
  }));
  return json(200, { users: found, limit, offset, total: null, more });
}

/** The time that is asked about, or an error. */
function windowIn({ query }: Asked): readonly [number, number] | HttpAnswer {
  onlyValue(query, "time_zone", "UTC");
  onlyValue(query, "include[]", "final_schedule");
  const [since, until] = [instantOf(query, "since"), instantOf(query, "until")];
  if (Number.isNaN(since)) return error(400, 2004, "Invalid since");
  if (!(until > since && until - since <= LONGEST_MS)) return error(400, 2005, "Invalid until");
  return [since, until];
}

function shiftBased(asked: Asked, schedule: Schedule): HttpAnswer {
  onlyParameters(asked.query, "since", "until", "time_zone", "include[]");
  const asks = windowIn(asked);
  if ("status" in asks) return asks;
  const [since, until] = asks;
  const turns = cutTo(finalTurns(turnsOf(schedule, asked.nowMs)), since, until);
  const rows = [...turns, ...gapsIn(turns, since, until)].toSorted((a, b) => a.start - b.start);
  return json(200, {
    schedule: {
      ...headOf(schedule, "schedule_v3", "/v3/schedules"),
      rotations: [],
      final_schedule: {
        type: "final_schedule",
        rendered_coverage_percentage: 100,
        computed_shift_assignments: rows.map(assignment),
      },
    },
  });
}

const assignment = ({ person, start, end, isOverride }: Turn) => ({
  type: "computed_shift_assignment",
  start_time: iso(start),
  end_time: iso(end),
  member: person === null ? { type: "empty_member" } : { type: "user_member", user_id: person },
  source: { type: isOverride ? "schedule_rotation_override" : "schedule_rotation" },
});

/** The times that nobody has, which this form writes as rows. */
function gapsIn(turns: readonly Turn[], since: number, until: number): readonly Turn[] {
  const whole: Turn = { person: null, start: since, end: until, isOverride: false };
  return turns.reduce(
    (gaps: readonly Turn[], { start, end }) =>
      gaps.flatMap((gap) =>
        [
          { ...gap, end: Math.min(gap.end, start) },
          { ...gap, start: Math.max(gap.start, end) },
        ].filter((left) => left.start < left.end),
      ),
    [whole],
  );
}

function layerBased(asked: Asked, schedule: Schedule): HttpAnswer {
  const { query } = asked;
  onlyParameters(query, "since", "until", "time_zone", "include[]", "overflow");
  const asks = windowIn(asked);
  if ("status" in asks) return asks;
  const [since, until] = asks;
  const turns = turnsOf(schedule, asked.nowMs);
  const within = query.get("overflow") === "true" ? touching : cutTo;
  const entries = (some: readonly Turn[]) => ({
    rendered_schedule_entries: within(some, since, until).flatMap(entry),
  });
  return json(200, {
    schedule: {
      ...headOf(schedule, "schedule", "/schedules"),
      schedule_layers: [],
      overrides_subschedule: entries(turns.filter(({ isOverride }) => isOverride)),
      final_schedule: entries(finalTurns(turns)),
    },
  });
}

/** Gaps are left out. */
const entry = ({ person, start, end }: Turn) =>
  person === null
    ? []
    : [
        {
          start: iso(start),
          end: iso(end),
          user: { id: person, type: "user_reference", summary: person },
        },
      ];

const headOf = ({ id }: Schedule, type: string, path: string) => ({
  id,
  type,
  name: "Primary On-Call",
  time_zone: "America/Los_Angeles",
  self: `https://api.pagerduty.com${path}/${id}`,
  html_url: `https://acme.pagerduty.com/schedules/${id}`,
});

const limits = (seconds: number) => ({
  "ratelimit-limit": "960",
  "ratelimit-remaining": "0",
  "ratelimit-reset": String(seconds),
});

export const PAGERDUTY: EmulatedService = {
  hosts: ["api.pagerduty.com", "api.eu.pagerduty.com", IDENTITY_HOST],
  answer,
  isAuthorized,
  unauthorized: error(401, 2006, "Authentication failed"),
  forbidden: FORBIDDEN,
  gone: NOT_FOUND,
  outage: error(500, 2000, "Internal Error"),
  busy: (seconds) => error(429, 2020, "Rate Limit Exceeded", limits(seconds)),
};
