/** Records of evidence and findings, as the API lists them for auditors. */
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";

interface RecordPage {
  readonly records: readonly ArchivedRecord[];
  /** Up to when the list is complete. */
  readonly to: string;
  readonly next?: string;
}

/** Every page of what was recorded with `from` ≤ `at` < `to`, oldest first. @throws Failure */
export const recordPages = (
  api: Api,
  { from, to }: { readonly from: string; readonly to: string },
): AsyncGenerator<RecordPage> => pages<RecordPage>(api, "/v1/audit/records", { from, to });
