/** incident.io's schedules and people. https://docs.incident.io/api-reference/introduction */
import { type HttpAnswer, json } from "../slack/http.ts";
import { peopleAt } from "./people.ts";
import {
  type Asked,
  bearer,
  type EmulatedService,
  failed,
  NotEmulated,
  numberIn,
  onlyParameters,
} from "./service.ts";
import { finalTurns, iso, type OutsideState, type Schedule, type Turn, turnsOf } from "./state.ts";

const ID = "01G0J1EXE7AXZ2C93K61WBPYEH";

const error = (status: number, type: string, message: string, more = {}): HttpAnswer =>
  failed(status, { type, status, request_id: ID, ...more, errors: [{ code: type, message }] });

function answer(asked: Asked, state: OutsideState): HttpAnswer {
  if (asked.method === "GET" && asked.path.join("/") === "v2/users") return users(asked, state);
  const [version, resource, id = "", ...rest] = asked.path;
  const isKnown = version === "v2" && resource === "schedules" && id !== "" && rest.length === 0;
  if (asked.method !== "GET" || !isKnown)
    throw new NotEmulated(
      `The sandbox's incident.io has no ${asked.method} /${asked.path.join("/")}.`,
    );
  onlyParameters(asked.query);
  const schedule = state.schedules.find((each) => each.service === "incidentIo" && each.id === id);
  return schedule ? json(200, { schedule: shown(schedule, asked.nowMs) }) : NOT_FOUND;
}

const NOT_FOUND = error(404, "not_found", "The schedule does not exist");

/** Pages go on after the id that the last one names. */
function users({ query }: Asked, state: OutsideState): HttpAnswer {
  onlyParameters(query, "page_size", "after");
  const size = numberIn(query, "page_size", { otherwise: 25, least: 1, most: 250 });
  const all = peopleAt(state, "incidentIo").filter(({ active }) => active);
  const from = all.findIndex(({ id }) => id === query.get("after")) + 1;
  const page = all.slice(from, from + size);
  const last = all.length > from + size ? page.at(-1)?.id : undefined;
  return json(200, {
    users: page.map(({ id, email }) => ({
      ...{ id, name: id, role: "viewer", ...(email === null ? {} : { email }) },
      ...{ base_role: { id: ID, name: "Viewer", slug: "viewer" }, custom_roles: [] },
    })),
    pagination_meta: {
      ...(last === undefined ? {} : { after: last }),
      ...{ page_size: size, total_record_count: all.length },
    },
  });
}

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
  isAuthorized: bearer,
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
