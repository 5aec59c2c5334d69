/** Schedules of Jira Service Management. https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v2/intro/ */
import { type HttpAnswer, json } from "../slack/http.ts";
import { JIRA } from "./jira.ts";
import {
  type Asked,
  basic,
  type EmulatedService,
  failed,
  instantOf,
  NotEmulated,
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
  turnsOf,
} from "./state.ts";

const error = (status: number, title: string, headers = {}): HttpAnswer =>
  failed(status, { errors: [{ title }] }, headers);

const DAY_MS = 86_400_000;

/** Jira itself is under `/ex/jira/{cloudId}` of this host. */
function answer(asked: Asked, state: OutsideState, token: string): HttpAnswer {
  const { schedules } = state;
  const { method, path } = asked;
  if (path[0] === "ex" && path[1] === "jira")
    return schedules.some(({ cloudId }) => cloudId !== undefined && cloudId === path[2])
      ? JIRA.answer({ ...asked, path: path.slice(3) }, state, token)
      : NOT_FOUND;
  const [jsm, ops, api, cloudId, v1, resource, id, part, ...rest] = path;
  const isApi = [jsm, ops, api, v1, resource].join("/") === "jsm/ops/api/v1/schedules";
  const found = part === undefined ? undefined : PARTS[part];
  if (method !== "GET" || !isApi || !found || rest.length > 0)
    throw new NotEmulated(`The sandbox's Atlassian has no ${method} /${path.join("/")}.`);
  const schedule = schedules.find(
    (each) => each.service === "jiraOperations" && each.cloudId === cloudId && each.id === id,
  );
  return schedule ? found(asked, schedule) : NOT_FOUND;
}

const NOT_FOUND = error(404, "Schedule not found");

function onCalls({ query, nowMs }: Asked, schedule: Schedule): HttpAnswer {
  onlyParameters(query, "flat", "date");
  onlyValue(query, "flat", "true");
  const at = query.has("date") ? instantOf(query, "date") : nowMs;
  if (Number.isNaN(at)) return error(400, "date is not valid");
  const now = finalTurns(turnsOf(schedule, nowMs)).filter(
    ({ person, start, end }) => person !== null && start <= at && at < end,
  );
  return json(200, { onCallUsers: [...new Set(now.map(({ person }) => person))] });
}

/** The range begins with the day of `date`, so that a turn of last night is cut there. */
function timeline({ query, nowMs }: Asked, schedule: Schedule): HttpAnswer {
  onlyParameters(query, "interval", "intervalUnit", "date");
  onlyValue(query, "intervalUnit", "days");
  const days = Number(query.get("interval"));
  const at = instantOf(query, "date");
  if (Number.isNaN(at) || !Number.isInteger(days) || days < 1) return error(400, "not valid");
  const start = Math.floor(at / DAY_MS) * DAY_MS;
  const end = start + days * DAY_MS;
  const periods = cutTo(finalTurns(turnsOf(schedule, nowMs)), start, end).map(period);
  return json(200, {
    startDate: iso(start),
    endDate: iso(end),
    finalTimeline: {
      rotations: [{ id: "3ce33f53-69be-4b92-8d34-a1df0efe642e", name: "Daily", order: 1, periods }],
    },
  });
}

const period = ({ person, start, end, isOverride }: Turn) => ({
  startDate: iso(start),
  endDate: iso(end),
  type: isOverride ? "override" : "base",
  responder: person === null ? { type: "noone" } : { type: "user", id: person },
});

const PARTS: Readonly<Record<string, (asked: Asked, schedule: Schedule) => HttpAnswer>> = {
  "on-calls": onCalls,
  timeline,
};

export const JIRA_OPERATIONS: EmulatedService = {
  hosts: ["api.atlassian.com"],
  answer,
  isAuthorized: basic,
  unauthorized: error(401, "Unauthorized", { "x-seraph-loginreason": "AUTHENTICATED_FAILED" }),
  forbidden: error(403, "You do not have permission to access the schedule"),
  gone: NOT_FOUND,
  outage: error(500, "Internal server error"),
  busy: (seconds) => error(429, "Rate limit exceeded", { "retry-after": String(seconds) }),
};
