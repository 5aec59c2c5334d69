/** GitHub's issues, repositories and people. https://docs.github.com/en/rest/issues/issues#get-an-issue */
import { createHash } from "node:crypto";
import { type HttpAnswer, json } from "../slack/http.ts";
import { peopleAt } from "./people.ts";
import {
  type Asked,
  bearer,
  type EmulatedService,
  failed,
  NotEmulated,
  onlyParameters,
} from "./service.ts";
import { iso, type OutsideState } from "./state.ts";

const error = (status: number, message: string, headers = {}): HttpAnswer =>
  failed(status, { message, documentation_url: "https://docs.github.com/rest" }, headers);

const API = "https://api.github.com";

function answer({ method, path, query, headers }: Asked, state: OutsideState): HttpAnswer {
  const { tickets } = state;
  if (method === "GET" && path.length === 2 && path[0] === "user") {
    onlyParameters(query);
    const isThere = peopleAt(state, "github").some(({ id, active }) => active && id === path[1]);
    return isThere ? json(200, person(path[1] ?? "")) : NOT_FOUND;
  }
  if (method === "GET" && path.length === 3 && path[0] === "repos") {
    onlyParameters(query);
    return repositoryAt(path.slice(1).join("/"), state);
  }
  const [repos, owner = "", repository = "", issues, number = "", ...rest] = path;
  if (method !== "GET" || repos !== "repos" || issues !== "issues" || rest.length > 0)
    throw new NotEmulated(`The sandbox's GitHub has no ${method} /${path.join("/")}.`);
  onlyParameters(query);
  const key = `${owner}/${repository}#${number}`;
  const ticket = tickets.find((each) => each.service === "github" && each.key === key);
  if (!ticket) return NOT_FOUND;
  if (ticket.movedTo !== undefined)
    return error(301, "Moved Permanently", { location: `${API}/${ticket.movedTo}` });
  return tagged(headers["if-none-match"], {
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

/** https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api */
function tagged(known: string | undefined, body: object): HttpAnswer {
  const etag = `W/"${createHash("sha256").update(JSON.stringify(body)).digest("hex")}"`;
  return known === etag ? { status: 304, headers: { etag }, body: "" } : json(200, body, { etag });
}

/** A repository is there once it has an issue. */
const repositoryAt = (full_name: string, { tickets }: OutsideState): HttpAnswer =>
  tickets.some((each) => each.service === "github" && each.key.startsWith(`${full_name}#`))
    ? json(200, { id: 1_296_269, name: full_name.split("/")[1], full_name, private: true })
    : NOT_FOUND;

const person = (id: string) => ({ login: `user-${id}`, id: Number(id), type: "User" });
const NOT_FOUND = error(404, "Not Found");

export const GITHUB: EmulatedService = {
  hosts: ["api.github.com"],
  answer,
  isAuthorized: bearer,
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
