/** A request's history for people. */
import { describeTerms } from "../../shared/domain/requests/access-text.ts";
import {
  type AuditEvent,
  behalfIn,
  callsIn,
  escalationIn,
  findingsIn,
  lessIn,
  onCallIn,
  ticketIn,
} from "../../shared/domain/requests/audit-event.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Column } from "../terminal/table.ts";
import { onCallText } from "./on-call-text.ts";
import { styleOf } from "./request-text.ts";
import { leanedOnTicket } from "./ticket-text.ts";
import { exactShortTime } from "./time-text.ts";

/** The columns of a request's history, as seen at `now`. */
export const eventColumns = (now: string): readonly Column<AuditEvent>[] => [
  { title: "#", text: ({ seq }) => String(seq) },
  { title: "WHEN", text: ({ at }) => exactShortTime(at, now) },
  { title: "EVENT", text: ({ type }) => visible(type) },
  { title: "BY", text: ({ actor }) => visible(actor), least: 6 },
  {
    title: "STATE",
    text: ({ from, to }) => visible(from === null || from === to ? to : `${from} → ${to}`),
    style: ({ to }) => styleOf(to),
    least: 8,
  },
  { title: "DETAILS", text: detailText, folds: 1 },
];

/** The part of an event's details that people read; the export has all of it. */
function detailText(event: AuditEvent): string {
  const { type, details } = event;
  // The first event repeats the request, which is shown above its history.
  if (type === "request") return "";
  const coveredBy = ("coveredBy" in details && details.coveredBy) || [];
  const less = lessIn(event);
  const behalf = behalfIn(event);
  const leanedOn = onCallIn(event);
  const ticket = ticketIn(event);
  const parts = [
    behalf ? `on behalf of ${visible(behalf.person)}` : "",
    less
      ? visible(`for less: ${describeTerms(less)}, in place of ${describeTerms(less.insteadOf)}`)
      : "",
    visible(("note" in details && details.note) || ""),
    leanedOn ? onCallText(leanedOn) : "",
    ticket ? leanedOnTicket(ticket) : "",
    ...escalationText(event),
    "extension" in details ? `by ${visible(details.extension)}` : "",
    visible("detail" in details ? details.detail : ""),
    ...callsIn(event).map(({ operation, result }) => visible(`${operation} ${result}`)),
    ...findingsIn(event).map(({ code }) => `found: ${visible(code)}`),
    coveredBy.length > 0 ? `covered by ${coveredBy.map(visible).join(", ")}` : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}

/** `break-glass in place of payments-edit, without bob and carol` */
function escalationText(event: AuditEvent): readonly string[] {
  const glass = escalationIn(event);
  if (!glass) return [];
  const without = event.type === "escalate" ? event.details.skipped : [];
  const skipped = without.length > 0 ? `, without ${without.map(visible).join(", ")}` : "";
  return [`${visible(glass.rule)} in place of ${visible(glass.insteadOf.rule)}${skipped}`];
}
