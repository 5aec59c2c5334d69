import type { TicketLook, TicketStatus } from "../../domain/facts/ticket-look.ts";
import { type Json, listIn, memberOf } from "../json-answer.ts";
import { NoAnswer } from "../no-answer.ts";
import { bodyOf, type OutsideClient } from "../outside-client.ts";
import { textIn } from "./ticket-text.ts";

const TABLES: Readonly<Record<string, "incident" | "change_request">> = {
  INC: "incident",
  CHG: "change_request",
};

/** `^`, `=` and line ends would be more of a query. */
const NUMBER = /^(INC|CHG)\d{4,12}$/;

const FIELDS = [
  ...["number", "state", "active", "approval", "start_date", "end_date", "short_description"],
  ...["assigned_to", "opened_by", "sys_created_on"],
];

/**
 * Looks at an incident or a change of ServiceNow, by its number. The table answers rows for a query of
 * which it does not know a part, so the number is compared.
 * https://www.servicenow.com/docs/bundle/zurich-api-reference/page/integrate/inbound-rest/concept/c_TableAPI.html
 *
 * @throws NoAnswer where nothing is known
 */
export async function serviceNowTicket(
  client: OutsideClient,
  key: string,
  nowMs: number,
): Promise<TicketLook> {
  const table = TABLES[NUMBER.exec(key)?.[1] ?? ""];
  if (!table) return { missing: "not-found" };
  const answer = await client.get(`/api/now/table/${table}`, [
    ["sysparm_query", `number=${key}`],
    ["sysparm_fields", FIELDS.join(",")],
    ["sysparm_display_value", "false"],
    ["sysparm_exclude_reference_link", "true"],
    ["sysparm_limit", "2"],
  ]);
  const rows = listIn(bodyOf(answer), "result");
  if (rows.length === 0) return { missing: "not-found" };
  const [row] = rows;
  if (rows.length > 1 || memberOf(row, "number") !== key) throw new NoAnswer("odd");
  const status = table === "incident" ? incidentStatus(row) : changeStatus(row, nowMs);
  const [assignee, reporter] = [personIn(row, "assigned_to"), personIn(row, "opened_by")];
  return {
    ticket: {
      key,
      status,
      title: textIn(row, "short_description"),
      assignees: assignee === undefined ? [] : [assignee],
      ...(reporter === undefined ? {} : { reporter }),
      createdAt: new Date(utcIn(row, "sys_created_on")).toISOString(),
    },
  };
}

/** A resolved incident is active, and may be opened again. */
const INCIDENT: Readonly<Record<string, TicketStatus>> = {
  "1": "open",
  "2": "in-progress",
  "3": "in-progress",
  "6": "neither",
  "7": "done",
  "8": "done",
};

/** A state that somebody added says nothing to us, unless the incident is no longer active. */
function incidentStatus(row: Json): TicketStatus {
  const active = memberOf(row, "active");
  if (active !== "true" && active !== "false") throw new NoAnswer("odd");
  const status = INCIDENT[String(memberOf(row, "state"))] ?? "neither";
  const isOver = status === "done";
  // Both must say the same, since either list may be an instance's own.
  if (active === "false") return isOver ? "done" : "neither";
  return isOver ? "neither" : status;
}

/** A change may be done while it is to be implemented, is approved, and its window is open. */
function changeStatus(row: Json, nowMs: number): TicketStatus {
  const state = String(memberOf(row, "state"));
  if (state === "3" || state === "4") return "done";
  if (state !== "-1" || memberOf(row, "approval") !== "approved") return "neither";
  const [from, to] = [utcIn(row, "start_date"), utcIn(row, "end_date")];
  return from <= nowMs && nowMs < to ? "in-progress" : "neither";
}

/** The id of a person, which is empty where it is nobody. A hidden field is missing: then nothing is known. */
function personIn(row: Json, name: string): string | undefined {
  const id = memberOf(row, name);
  if (id === "") return undefined;
  if (typeof id !== "string" || !/^[0-9a-f]{32}$/.test(id)) throw new NoAnswer("odd");
  return id;
}

const TIME = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})$/;

/** Database values are in UTC. */
function utcIn(row: Json, name: string): number {
  const [, day, time] = TIME.exec(String(memberOf(row, name))) ?? [];
  const at = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(at)) throw new NoAnswer("odd");
  return at;
}
