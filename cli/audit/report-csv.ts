/** The population as a table: one request a line. */
import type { AuditReport, ReportRow } from "../../shared/domain/evidence/report/audit-report.ts";
import { deciderText } from "../../shared/domain/evidence/report/population.ts";
import { csvRecord } from "./csv.ts";

const names = (row: ReportRow, wanted: "approve" | "deny") =>
  row.decisions.flatMap((one) => (one.verdict === wanted ? deciderText(one) : [])).join(", ");

/** In this order. An empty field did not happen, or is not known. */
const COLUMNS: Readonly<Record<string, (row: ReportRow) => string | number | boolean | null>> = {
  requestId: (row) => row.requestId,
  requester: (row) => row.requester,
  cluster: (row) => row.cluster,
  access: (row) => row.access,
  askedFor: (row) => row.askedFor,
  approvedFor: (row) => row.approvedFor,
  rule: (row) => row.rule,
  reason: (row) => row.reason,
  policyHash: (row) => row.policyHash,
  askedAt: (row) => row.askedAt,
  state: (row) => row.state,
  approvedBy: (row) => names(row, "approve"),
  deniedBy: (row) => names(row, "deny"),
  approvedAt: (row) => row.approvedAt,
  approvedByPolicy: (row) => row.byPolicy,
  breakGlass: (row) => row.breakGlass,
  reviewDueAt: (row) => row.review?.dueAt ?? null,
  reviewedBy: (row) => row.review?.closed?.person ?? null,
  reviewedAt: (row) => row.review?.closed?.at ?? null,
  activeAt: (row) => row.activeAt,
  expiresAt: (row) => row.expiresAt,
  endedBy: (row) => row.endedBy,
  endedAt: (row) => row.endedAt,
  stayed: (row) => row.endProof?.stayed.join(", ") ?? null,
  stayedBy: (row) => row.endProof?.stayedBy.join(", ") ?? null,
  secondsLate: (row) => row.secondsLate,
  calls: (row) => row.calls.made,
  confirmed: (row) => row.calls.confirmed,
  unconfirmed: (row) => row.calls.unconfirmed,
  missing: (row) => row.calls.missing,
  attempts: (row) => row.attempts,
  changes: (row) => row.changes,
  findings: (row) => row.findings.join(", "),
  machine: (row) => row.machine,
  via: (row) => row.via,
};

export function* reportCsv({ rows, sample }: AuditReport): Generator<string> {
  const columns = Object.values(COLUMNS);
  const breakGlass = new Set(sample?.breakGlass);
  const drawn = new Set(sample?.drawn);
  const sampled = (id: string) =>
    breakGlass.has(id) ? "break-glass" : drawn.has(id) ? "drawn" : "";
  yield csvRecord([...Object.keys(COLUMNS), "sample"]);
  for (const row of rows)
    yield csvRecord([...columns.map((value) => String(value(row) ?? "")), sampled(row.requestId)]);
}
