/** ServiceNow's Table API, for incidents, changes and people. */
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
  onlyValue,
} from "./service.ts";
import type { OutsideState } from "./state.ts";
import { databaseTime, type Ticket } from "./tickets.ts";

const error = (status: number, message: string, detail: string, headers = {}): HttpAnswer =>
  failed(status, { error: { message, detail }, status: "failure" }, headers);

const PREFIXES: Readonly<Record<string, string>> = { incident: "INC", change_request: "CHG" };

function answer({ method, path, query }: Asked, state: OutsideState): HttpAnswer {
  const [api, now, part, table = "", ...rest] = path;
  const prefix = PREFIXES[table];
  const isTable = [api, now, part].join("/") === "api/now/table" && rest.length === 0;
  if (method === "GET" && isTable && table === "sys_user") return users(query, state);
  if (method !== "GET" || !isTable || prefix === undefined)
    throw new NotEmulated(`The sandbox's ServiceNow has no ${method} /${path.join("/")}.`);
  onlyParameters(
    query,
    ...["sysparm_query", "sysparm_fields", "sysparm_display_value"],
    ...["sysparm_exclude_reference_link", "sysparm_limit"],
  );
  if (query.has("sysparm_display_value")) onlyValue(query, "sysparm_display_value", "false");
  if (query.has("sysparm_exclude_reference_link"))
    onlyValue(query, "sysparm_exclude_reference_link", "true");
  const rows = state.tickets
    .filter(({ service, key }) => service === "serviceNow" && key.startsWith(prefix))
    .filter(matching(query.get("sysparm_query") ?? ""))
    .slice(0, Number(query.get("sysparm_limit") ?? "10000"));
  const bare = query.has("sysparm_exclude_reference_link");
  return json(200, { result: rows.map((row) => asked(query, shown(row, bare))) });
}

/** `sysparm_query` sorts them, and nothing else of it is known. */
function users(query: URLSearchParams, state: OutsideState): HttpAnswer {
  onlyParameters(query, ...["sysparm_query", "sysparm_fields", "sysparm_limit", "sysparm_offset"]);
  if (query.has("sysparm_query")) onlyValue(query, "sysparm_query", "ORDERBYsys_id");
  const from = numberIn(query, "sysparm_offset", { otherwise: 0, least: 0, most: 999_999 });
  const most = numberIn(query, "sysparm_limit", { otherwise: 10_000, least: 1, most: 10_000 });
  const rows = peopleAt(state, "serviceNow")
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(from, from + most)
    .map(({ id, email, active }) => ({
      ...{ sys_id: id, user_name: id, name: id, email: email ?? "", active: String(active) },
    }));
  return json(200, { result: rows.map((row) => asked(query, row)) });
}

/** The fields that were asked for; all where no field was. */
const asked = (query: URLSearchParams, row: Readonly<Record<string, unknown>>) => {
  const fields = query.get("sysparm_fields")?.split(",");
  return Object.fromEntries(Object.entries(row).filter(([name]) => fields?.includes(name) ?? true));
};

/** A part of a query that it does not know is ignored, so that every row comes. */
const matching = (query: string) => {
  const [, number] = /^number=(.*)$/.exec(query) ?? [];
  return ({ key }: Ticket) => number === undefined || key === number;
};

/** @param bare whether a reference to a person is their id only */
function shown(ticket: Ticket, bare: boolean) {
  const isOver = ticket.status === "7" || ticket.status === "8";
  const person = (id: string) =>
    bare || id === "" ? id : { link: `https://example.service-now.com${SYS_USER}${id}`, value: id };
  return {
    number: ticket.key,
    state: ticket.status,
    active: isOver ? "false" : "true",
    short_description: ticket.title,
    approval: ticket.approval,
    start_date: ticket.window[0],
    end_date: ticket.window[1],
    assigned_to: person(ticket.assignee ?? ""),
    opened_by: person(ticket.reporter),
    sys_created_on: databaseTime(ticket.createdAt),
  };
}

const SYS_USER = "/api/now/table/sys_user/";

export const SERVICE_NOW: EmulatedService = {
  hosts: ["example.service-now.com"],
  answer,
  isAuthorized: basic,
  unauthorized: error(401, "User Not Authenticated", "Required to provide Auth information"),
  forbidden: error(403, "Operation Failed", "ACL Exception"),
  // A list without a visible row is empty, and no error.
  gone: json(200, { result: [] }),
  outage: error(500, "Internal", "Something went wrong"),
  busy: (seconds) =>
    error(429, "Rate limit exceeded", "Rate limit exceeded", { "retry-after": String(seconds) }),
};
