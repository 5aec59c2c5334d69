/** Jira's issues. https://developer.atlassian.com/cloud/jira/platform/rest/v3/ */
import { type HttpAnswer, json } from "../slack/http.ts";
import {
  type Asked,
  type EmulatedService,
  failed,
  NotEmulated,
  onlyParameters,
} from "./service.ts";
import type { OutsideState } from "./state.ts";

const error = (status: number, message: string, headers = {}): HttpAnswer =>
  failed(status, { errorMessages: [message], errors: {} }, headers);

const HIDDEN = "Issue does not exist or you do not have permission to see it.";
const FAILED = { "x-seraph-loginreason": "AUTHENTICATED_FAILED" };
const isMyself = ({ path }: Asked) => path.join("/") === "rest/api/3/myself";

function answer(asked: Asked, { tickets }: OutsideState): HttpAnswer {
  const { method, path, query } = asked;
  if (method === "GET" && isMyself(asked))
    return json(200, { accountId: "5b10a2844c20165700ede21g" });
  const [rest, api, version, resource, key = "", ...more] = path;
  const isIssue = [rest, api, version, resource].join("/") === "rest/api/3/issue";
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

const person = (accountId: string) => ({ accountId, displayName: "Somebody", active: true });

export const JIRA: EmulatedService = {
  hosts: ["example.atlassian.net"],
  answer,
  authorization: (token) => `Basic ${Buffer.from(token, "utf8").toString("base64")}`,
  // A token that is not taken is nobody's: an issue that is not public is not there.
  unauthorized: (asked) =>
    isMyself(asked)
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
