/** GitHub's issues. https://docs.github.com/en/rest/issues/issues#get-an-issue */
import { type HttpAnswer, json } from "../slack/http.ts";
import {
  type Asked,
  type EmulatedService,
  failed,
  NotEmulated,
  onlyParameters,
} from "./service.ts";
import { iso, type OutsideState } from "./state.ts";

const error = (status: number, message: string, headers = {}): HttpAnswer =>
  failed(status, { message, documentation_url: "https://docs.github.com/rest" }, headers);

const API = "https://api.github.com";

function answer({ method, path, query }: Asked, { tickets }: OutsideState): HttpAnswer {
  const [repos, owner = "", repository = "", issues, number = "", ...rest] = path;
  if (method !== "GET" || repos !== "repos" || issues !== "issues" || rest.length > 0)
    throw new NotEmulated(`The sandbox's GitHub has no ${method} /${path.join("/")}.`);
  onlyParameters(query);
  const key = `${owner}/${repository}#${number}`;
  const ticket = tickets.find((each) => each.service === "github" && each.key === key);
  if (!ticket) return NOT_FOUND;
  if (ticket.movedTo !== undefined)
    return error(301, "Moved Permanently", { location: `${API}/${ticket.movedTo}` });
  return json(200, {
    number: Number(number),
    repository_url: `${API}/repos/${owner}/${repository}`,
    state: ticket.status,
    title: ticket.title,
    user: person(ticket.reporter),
    assignees: ticket.assignee === null ? [] : [person(ticket.assignee)],
    created_at: iso(ticket.createdAt),
    ...(ticket.isPullRequest ? { pull_request: { url: `${API}/pulls/${number}` } } : {}),
  });
}

const person = (id: string) => ({ login: `user-${id}`, id: Number(id), type: "User" });
const NOT_FOUND = error(404, "Not Found");

export const GITHUB: EmulatedService = {
  hosts: ["api.github.com"],
  answer,
  authorization: (token) => `Bearer ${token}`,
  unauthorized: error(401, "Bad credentials"),
  forbidden: error(403, "Resource not accessible by personal access token"),
  gone: NOT_FOUND,
  outage: error(500, "Server Error"),
  // Its limits are answered 403, and tell the end of the hour.
  busy: (seconds, nowMs) =>
    error(403, "API rate limit exceeded", {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(Math.ceil(nowMs / 1_000) + seconds),
    }),
};
