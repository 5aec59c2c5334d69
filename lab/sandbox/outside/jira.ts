/** Jira's issues, projects and people. https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */
import { type HttpAnswer, json } from "../slack/http.ts";
import { peopleAt } from "./people.ts";
import {
  type Asked,
  basic,
  type EmulatedService,
  failed,
  NotEmulated,
  numberIn,
  onlyParameters,
} from "./service.ts";
import type { OutsideState } from "./state.ts";

const error = (status: number, message: string, headers = {}): HttpAnswer =>
  failed(status, { errorMessages: [message], errors: {} }, headers);

const HIDDEN = "Issue does not exist or you do not have permission to see it.";
const FAILED = { "x-seraph-loginreason": "AUTHENTICATED_FAILED" };
const isAt = ({ path }: Asked, resource: string) => path.join("/") === `rest/api/3/${resource}`;
const isMyself = (asked: Asked) => isAt(asked, "myself");

function answer(asked: Asked, state: OutsideState): HttpAnswer {
  const { tickets } = state;
  const { method, path, query } = asked;
  if (method === "GET" && isMyself(asked))
    return json(200, { accountId: "5b10a2844c20165700ede21g" });
  if (method === "GET" && isAt(asked, "users/search")) return users(query, state);
  const [rest, api, version, resource, key = "", ...more] = path;
  const at = [rest, api, version, resource].join("/");
  if (method === "GET" && at === "rest/api/3/project" && more.length === 0)
    return projectAt(query, key, state);
  const isIssue = at === "rest/api/3/issue";
  if (method !== "GET" || !isIssue || more.length > 0)
    throw new NotEmulated(`The sandbox's Jira has no ${method} /${path.join("/")}.`);
  onlyParameters(query, "fields", "updateHistory");
  const ticket = tickets.find((each) => each.service === "jira" && each.key === key);
  if (!ticket) return error(404, HIDDEN);
  const [project = ""] = key.split("-");
  return json(200, {
    id: "10002",
    key: ticket.movedTo ?? key,
    fields: {
      summary: ticket.title,
      status: { name: "Status", id: "3", statusCategory: { id: 2, key: ticket.status } },
      assignee: ticket.assignee === null ? null : person(ticket.assignee),
      reporter: person(ticket.reporter),
      project: { id: "10000", key: project },
      created: new Date(ticket.createdAt).toISOString().replace("Z", "+0000"),
    },
  });
}

/** A project is there once it has an issue. */
function projectAt(query: URLSearchParams, key: string, { tickets }: OutsideState): HttpAnswer {
  onlyParameters(query);
  const isThere = tickets.some((each) => each.service === "jira" && each.key.startsWith(`${key}-`));
  return isThere
    ? json(200, { id: "10000", key, name: key, projectTypeKey: "software", simplified: false })
    : error(404, noProject(key));
}

const noProject = (key: string) => `No project could be found with key '${key}'.`;

/** Inactive accounts and those of programs are in the list, and most e-mail addresses are hidden. */
function users(query: URLSearchParams, state: OutsideState): HttpAnswer {
  onlyParameters(query, "startAt", "maxResults");
  const from = numberIn(query, "startAt", { otherwise: 0, least: 0, most: 999_999 });
  const most = numberIn(query, "maxResults", { otherwise: 50, least: 1, most: 1_000 });
  const page = peopleAt(state, "jira").slice(from, from + most);
  return json(
    200,
    page.map(({ id, email, active, accountType }) => ({
      ...{ accountId: id, accountType, active, displayName: "Somebody" },
      ...(email === null ? {} : { emailAddress: email }),
    })),
  );
}

const person = (accountId: string) => ({ accountId, displayName: "Somebody", active: true });

export const JIRA: EmulatedService = {
  hosts: ["example.atlassian.net"],
  answer,
  isAuthorized: basic,
  // A token that is not taken is nobody's: an issue that is not public is not there.
  unauthorized: (asked) =>
    isMyself(asked) || isAt(asked, "users/search")
      ? error(401, "Client must be authenticated.", FAILED)
      : error(404, HIDDEN, FAILED),
  forbidden: error(403, "Forbidden"),
  gone: error(404, HIDDEN),
  outage: error(500, "Internal server error"),
  busy: (seconds) =>
    error(429, "Rate limit exceeded.", {
      "retry-after": String(seconds),
      "ratelimit-reason": "jira-burst-based",
    }),
};
