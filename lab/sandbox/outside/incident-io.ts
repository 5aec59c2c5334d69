/** incident.io's schedules. https://docs.incident.io/api-reference/introduction */
import { type HttpAnswer, json } from "../slack/http.ts";
import {
  type Asked,
  type EmulatedService,
  failed,
  NotEmulated,
  onlyParameters,
} from "./service.ts";
import { finalTurns, iso, type OutsideState, type Schedule, type Turn, turnsOf } from "./state.ts";

const ID = "01G0J1EXE7AXZ2C93K61WBPYEH";

const error = (status: number, type: string, message: string, more = {}): HttpAnswer =>
  failed(status, { type, status, request_id: ID, ...more, errors: [{ code: type, message }] });

function answer(asked: Asked, { schedules }: OutsideState): HttpAnswer {
  const [version, resource, id = "", ...rest] = asked.path;
  const isKnown = version === "v2" && resource === "schedules" && id !== "" && rest.length === 0;
  if (asked.method !== "GET" || !isKnown)
    throw new NotEmulated(
      `The sandbox's incident.io has no ${asked.method} /${asked.path.join("/")}.`,
    );
  onlyParameters(asked.query);
  const schedule = schedules.find((each) => each.service === "incidentIo" && each.id === id);
  return schedule ? json(200, { schedule: shown(schedule, asked.nowMs) }) : NOT_FOUND;
}

const NOT_FOUND = error(404, "not_found", "The schedule does not exist");

function shown(schedule: Schedule, now: number) {
  const turns = finalTurns(turnsOf(schedule, now));
  const later = turns.filter(({ start }) => start > now);
  const next = Math.min(...later.map(({ start }) => start));
  return {
    annotations: {},
    config: { rotations: [] },
    created_at: "2021-08-17T13:28:57.801578Z",
    current_shifts: turns.filter(({ start, end }) => start <= now && now < end).map(shift),
    id: schedule.id,
    name: "Primary On-Call Schedule",
    next_shifts: later.filter(({ start }) => start === next).map(shift),
    timezone: "Europe/London",
    updated_at: "2021-08-17T13:28:57.801578Z",
  };
}

const shift = ({ person, start, end }: Turn) => ({
  end_at: iso(end),
  entry_id: ID,
  fingerprint: ID,
  layer_id: ID,
  rotation_id: ID,
  start_at: iso(start),
  ...(person === null ? {} : { user: { id: person, name: person, role: "viewer" } }),
});

export const INCIDENT_IO: EmulatedService = {
  hosts: ["api.incident.io"],
  answer,
  authorization: (token) => `Bearer ${token}`,
  unauthorized: error(401, "authentication_error", "The API key is not valid"),
  forbidden: error(403, "forbidden", "The API key lacks the role to view schedules"),
  gone: NOT_FOUND,
  outage: error(500, "internal_error", "Something went wrong"),
  busy: (seconds, nowMs) =>
    error(429, "too_many_requests", "Too many requests", {
      rate_limit: {
        name: "api_key",
        limit: 1_200,
        remaining: 0,
        retry_after: new Date(nowMs + seconds * 1_000).toUTCString().replace("GMT", "UTC"),
      },
    }),
};
