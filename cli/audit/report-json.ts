/** The report as one JSON document, a request a line. */
import type { AuditReport } from "../../shared/domain/evidence/report/audit-report.ts";
import { visibleJson } from "../../shared/domain/values/visible-text.ts";

export function* reportJson({ rows, ...rest }: AuditReport): Generator<string> {
  yield `${visibleJson({ schema: 1, ...rest }).slice(0, -1)},"rows":[`;
  for (const [at, row] of rows.entries()) yield `${at > 0 ? "," : ""}\n${visibleJson(row)}`;
  yield "\n]}\n";
}
