/** Chooses what an export writes, by its format, and where it goes on. */
import type { Api } from "../api/api-client.ts";
import { type ExportPage, exportPages } from "./export-events.ts";
import { EXPORT_FORMATS } from "./export-format.ts";
import { ocsfSource } from "./export-ocsf.ts";
import { type SelectedRequests, selectedRequests } from "./selected-requests.ts";
import {
  type ExportSoFar,
  type ExportSource,
  type ExportTarget,
  type WholeTally,
  writeExport,
} from "./write-export.ts";

/** Writes the rest of an export, filtered as its head says. @param now ISO 8601 UTC */
export async function writeRest(
  api: Api,
  soFar: ExportSoFar & ExportTarget,
  now: string,
): Promise<WholeTally> {
  const { head, done } = soFar;
  const source = exportSource(api, soFar, now, await selectedRequests(api, head, done));
  return writeExport(source, soFar, done && { ...done, requests: done.requests.length });
}

/**
 * The rest of an export.
 *
 * @param now ISO 8601 UTC
 * @param selected the only requests that are wanted; undefined for all
 */
function exportSource(
  api: Api,
  soFar: ExportSoFar,
  now: string,
  selected: SelectedRequests | undefined,
): ExportSource {
  const { head, done } = soFar;
  const start = {
    from: head.from,
    to: done?.to ?? selected?.to ?? head.to,
    known: new Set(done?.requests),
    after: done?.last ?? null,
    ...(selected ? { only: selected.requests } : {}),
  };
  const source: ExportSource =
    head.format === "ocsf"
      ? ocsfSource(api, soFar, start, now)
      : { format: EXPORT_FORMATS[head.format], pages: exportPages(api, start) };
  return done?.complete ? { ...source, pages: nothingMore() } : source;
}

async function* nothingMore(): AsyncGenerator<ExportPage> {}
