/** Chooses what an export writes, by its format, and where it goes on. */
import type { Api } from "../api/api-client.ts";
import { type ExportPage, exportPages } from "./export-events.ts";
import { EXPORT_FORMATS } from "./export-format.ts";
import { ocsfSource } from "./export-ocsf.ts";
import type { ExportSoFar, ExportSource } from "./write-export.ts";

/** The rest of an export. @param now ISO 8601 UTC */
export function exportSource(api: Api, soFar: ExportSoFar, now: string): ExportSource {
  const { head, done } = soFar;
  const start = {
    from: head.from,
    to: done?.to ?? head.to,
    known: new Set(done?.requests),
    after: done?.last ?? null,
  };
  const source: ExportSource =
    head.format === "ocsf"
      ? ocsfSource(api, soFar, start, now)
      : { format: EXPORT_FORMATS[head.format], pages: exportPages(api, start) };
  return done?.complete ? { ...source, pages: nothingMore() } : source;
}

async function* nothingMore(): AsyncGenerator<ExportPage> {}
