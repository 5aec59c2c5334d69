import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import { csvRecord } from "./csv.ts";

/** How events become a file: what stands before, between and after them. `export-source.ts` has OCSF. */
export interface ExportFormat {
  readonly head: string;
  readonly event: (event: AuditEvent) => string;
  readonly between: string;
  /** @param to up to when the file is complete */
  readonly tail: (to: string) => string;
}

const text = (value: unknown) =>
  value === null || value === undefined
    ? ""
    : typeof value === "object"
      ? visibleJson(value)
      : String(value);

/** In this order; `details` is JSON. A table is for reading: only NDJSON can be verified. */
const CELLS = [
  "at",
  "requestId",
  "seq",
  "type",
  "from",
  "to",
  "actor",
  "details",
  "policyHash",
  "previousHash",
  "hash",
  "schema",
] as const satisfies readonly (keyof AuditEvent)[];

export const EXPORT_FORMATS = {
  ndjson: {
    head: "",
    event: (event) => `${visibleJson(event)}\n`,
    between: "",
    tail: () => "",
  },
  csv: {
    head: csvRecord(CELLS),
    event: (event) => csvRecord(CELLS.map((name) => text(event[name]))),
    between: "",
    tail: () => "",
  },
  json: {
    head: '{"events":[',
    event: (event) => visibleJson(event),
    between: ",\n",
    tail: (to) => `],"to":${visibleJson(to)}}\n`,
  },
} as const satisfies Readonly<Record<string, ExportFormat>>;

export type ExportFormatName = keyof typeof EXPORT_FORMATS | "ocsf";
