import type { Ticket, TicketLook, TicketStatus } from "../../domain/facts/ticket-look.ts";
import { type Tracker, ticketNamed } from "../../domain/facts/tracker.ts";
import { idIn, instantIn, type Json, memberOf } from "../json-answer.ts";
import { NoAnswer } from "../no-answer.ts";
import { bodyOf, type OutsideAnswer, type OutsideClient } from "../outside-client.ts";
import { textIn } from "./ticket-text.ts";

type Jira = Extract<Tracker, { readonly service: "jira" }>;

const KEY = /^[A-Z][A-Z0-9_]{1,9}-[1-9]\d{0,8}$/;

/**
 * The categories of Jira's statuses. Names of statuses are anybody's to change, and translated.
 * `undefined` is the category of statuses that nobody put into another.
 */
const STATUSES: Readonly<Record<string, TicketStatus>> = {
  new: "open",
  indeterminate: "in-progress",
  done: "done",
  undefined: "neither",
};

/**
 * Looks at an issue of Jira Cloud.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-get
 *
 * @throws NoAnswer where nothing is known
 */
export async function jiraTicket(
  client: OutsideClient,
  tracker: Jira,
  key: string,
): Promise<TicketLook> {
  if (ticketNamed(tracker, key) !== key) return { missing: "not-found" };
  const answer = loggedIn(
    await client.get(`/rest/api/3/issue/${encodeURIComponent(key)}`, [
      ["fields", "summary,status,assignee,reporter,project,created"],
      ["updateHistory", "false"],
    ]),
  );
  if (answer.status === 404) return await missing(client);
  const body = bodyOf(answer);
  const found = memberOf(body, "key");
  if (typeof found !== "string" || !KEY.test(found)) throw new NoAnswer("odd");
  // Jira answers for a moved issue under its old key, with the new one.
  if (found !== key) return { missing: "moved" };
  return { ticket: ticketIn(key, memberOf(body, "fields")) };
}

/** A token that expired is answered as nobody is. Only who is logged in may be told that there is nothing. */
async function missing(client: OutsideClient): Promise<TicketLook> {
  const me = loggedIn(await client.get("/rest/api/3/myself", []));
  if (me.status !== 200 || idIn(me.body, "accountId") === undefined)
    throw new NoAnswer("token-refused");
  return { missing: "not-found" };
}

/** https://github.com/MrRefactoring/jira.js/issues/418 */
function loggedIn(answer: OutsideAnswer): OutsideAnswer {
  const reason = answer.headers.get("x-seraph-loginreason");
  if (reason !== null && reason !== "OK") throw new NoAnswer("token-refused");
  return answer;
}

function ticketIn(key: string, fields: Json): Ticket {
  const category = memberOf(memberOf(memberOf(fields, "status"), "statusCategory"), "key");
  const status = typeof category === "string" ? STATUSES[category] : undefined;
  if (status === undefined) throw new NoAnswer("odd");
  const assignee = personIn(fields, "assignee");
  const reporter = personIn(fields, "reporter");
  return {
    key,
    status,
    title: textIn(fields, "summary"),
    assignees: assignee === undefined ? [] : [assignee],
    ...(reporter === undefined ? {} : { reporter }),
    createdAt: new Date(instantIn(fields, "created")).toISOString(),
  };
}

/** Undefined where it is nobody. While Atlassian's user service is away, ids are made up: `unknown`. */
function personIn(fields: Json, name: string): string | undefined {
  const person = memberOf(fields, name);
  if (person === undefined || person === null) return undefined;
  const id = idIn(person, "accountId");
  if (id === undefined || id === "unknown") throw new NoAnswer("odd");
  return id;
}
