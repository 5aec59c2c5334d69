/** ServiceNow's Table API, for incidents and changes. */
import { type HttpAnswer, json } from "../slack/http.ts";
import {
  type Asked,
  type EmulatedService,
  failed,
  NotEmulated,
  onlyParameters,
  onlyValue,
} from "./service.ts";
import type { OutsideState } from "./state.ts";
import { databaseTime, type Ticket } from "./tickets.ts";

const error = (status: number, message: string, detail: string, headers = {}): HttpAnswer =>
  failed(status, { error: { message, detail }, status: "failure" }, headers);

const PREFIXES: Readonly<Record<string, string>> = { incident: "INC", change_request: "CHG" };

function answer({ method, path, query }: Asked, { tickets }: OutsideState): HttpAnswer {
  const [api, now, part, table = "", ...rest] = path;
  const prefix = PREFIXES[table];
  const isTable = [api, now, part].join("/") === "api/now/table";
  if (method !== "GET" || !isTable || prefix === undefined || rest.length > 0)
    throw new NotEmulated(`The sandbox's ServiceNow has no ${method} /${path.join("/")}.`);
  onlyParameters(
    query,
    ...["sysparm_query", "sysparm_fields", "sysparm_display_value"],
    ...["sysparm_exclude_reference_link", "sysparm_limit"],
  );
  onlyValue(query, "sysparm_display_value", "false");
  onlyValue(query, "sysparm_exclude_reference_link", "true");
  const rows = tickets
    .filter(({ service, key }) => service === "serviceNow" && key.startsWith(prefix))
    .filter(matching(query.get("sysparm_query") ?? ""))
    .slice(0, Number(query.get("sysparm_limit") ?? "10000"));
  const fields = (query.get("sysparm_fields") ?? "").split(",");
  return json(200, { result: rows.map((row) => only(row, fields)) });
}

/** A part of a query that it does not know is ignored, so that every row comes. */
const matching = (query: string) => {
  const [, number] = /^number=(.*)$/.exec(query) ?? [];
  return ({ key }: Ticket) => number === undefined || key === number;
};

function only(ticket: Ticket, fields: readonly string[]) {
  const isOver = ticket.status === "7" || ticket.status === "8";
  const row: Readonly<Record<string, string>> = {
    number: ticket.key,
    state: ticket.status,
    active: isOver ? "false" : "true",
    short_description: ticket.title,
    approval: ticket.approval,
    start_date: ticket.window[0],
    end_date: ticket.window[1],
    assigned_to: ticket.assignee ?? "",
    opened_by: ticket.reporter,
    sys_created_on: databaseTime(ticket.createdAt),
  };
  return Object.fromEntries(Object.entries(row).filter(([name]) => fields.includes(name)));
}

export const SERVICE_NOW: EmulatedService = {
  hosts: ["example.service-now.com"],
  answer,
  authorization: (token) => `Basic ${Buffer.from(token, "utf8").toString("base64")}`,
  unauthorized: error(401, "User Not Authenticated", "Required to provide Auth information"),
  forbidden: error(403, "Operation Failed", "ACL Exception"),
  // A list without a visible row is empty, and no error.
  gone: json(200, { result: [] }),
  outage: error(500, "Internal", "Something went wrong"),
  busy: (seconds) =>
    error(429, "Rate limit exceeded", "Rate limit exceeded", { "retry-after": String(seconds) }),
};
