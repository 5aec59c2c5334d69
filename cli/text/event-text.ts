/** A request's history for people. */
import type { AuditEvent } from "../../shared/domain/requests/request.ts";
import type { Column } from "../terminal/table.ts";
import { visible } from "../terminal/visible-text.ts";
import { styleOf } from "./request-text.ts";
import { shortTime } from "./time-text.ts";

/** The columns of a request's history, as seen at `now`. */
export const eventColumns = (now: string): readonly Column<AuditEvent>[] => [
  { title: "#", text: ({ seq }) => String(seq) },
  { title: "WHEN", text: ({ at }) => shortTime(at, now) },
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

type Members = Readonly<Record<string, unknown>>;

const textOf = (value: unknown) => (typeof value === "string" ? visible(value) : "");
const listOf = (value: unknown): readonly Members[] =>
  Array.isArray(value)
    ? value.filter((item): item is Members => typeof item === "object" && item !== null)
    : [];

/** What people want to see of an event's details; the export holds the rest. */
export function detailText({ type, details }: AuditEvent): string {
  // The first event repeats the request, which stands above its history.
  if (type === "request") return "";
  const { note, detail, calls, findings, coveredBy } = details as Members;
  const told = [
    textOf(note),
    textOf(detail),
    ...listOf(calls).map(({ operation, result }) => `${textOf(operation)} ${textOf(result)}`),
    ...listOf(findings).map(({ code }) => `found: ${textOf(code)}`),
    Array.isArray(coveredBy) && coveredBy.length > 0
      ? `covered by ${coveredBy.map(textOf).join(", ")}`
      : "",
  ];
  return told.filter((part) => part !== "").join("; ");
}
