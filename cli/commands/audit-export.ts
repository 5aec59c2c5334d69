import { open, rename, rm } from "node:fs/promises";
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { AuditEventList, EventList } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";
import { EXPORT_FORMATS, type ExportFormat } from "../audit/export-format.ts";
import { type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { parseMoment } from "../text/time-text.ts";

export interface AuditExportOptions {
  readonly from: string;
  readonly to?: string;
  readonly format?: "ndjson" | "csv";
  readonly out?: string;
}

/**
 * `timelatch audit export`: every event with `from` ≤ `at` < `to`, as far as the API lists them: it
 * leaves the latest ones to the next export, and says up to when this one is complete. Of a request that began before
 * `from`, its earlier events come too, so that each chain starts at its start and can be verified.
 */
export async function auditExport(context: Context, options: AuditExportOptions): Promise<void> {
  if (context.json && options.format)
    throw usage("--json and --format exclude each other: --json is a format of its own.");
  const from = momentOf("--from", options.from);
  const to = options.to === undefined ? context.now() : momentOf("--to", options.to);
  if (from >= to) throw usage("--from has to be earlier than --to.");
  const format = EXPORT_FORMATS[context.json ? "json" : (options.format ?? "ndjson")];
  const api = await context.api();
  const found = completed(api, pages<AuditEventList>(api, "/v1/audit/events", { from, to }), from);
  const { out } = context.screen;
  const tally = options.out
    ? await intoFile(options.out, (write) => writeAll(found, format, write))
    : await writeAll(found, format, async (text) => out.write(text));
  const earlier = tally.earlier > 0 ? `, ${tally.earlier} of them from before --from` : "";
  const upTo = visible(tally.to);
  const where = options.out ? ` written to ${options.out}` : "";
  remark(
    context,
    `${tally.events} events of ${tally.requests} requests${earlier}${where}; complete from ${from} to ${upTo}.\nNext: continue later with --from ${upTo}\n`,
  );
}

function momentOf(option: string, text: string): string {
  const moment = parseMoment(text);
  if (moment === undefined)
    throw usage(
      `${option} "${text}" is neither a day (2026-10-01, in UTC) nor an instant with its zone (2026-10-01T00:00Z).`,
    );
  return moment;
}

const usage = (happened: string) =>
  new Failure("usage", "usage", {
    happened,
    undone: "Nothing was exported.",
    next: ["Next: timelatch audit export --help"],
  });

/** An event; or, after the last event of a page, up to when the list is complete. */
type Found =
  | {
      readonly event: AuditEvent;
      /** From before the time that was asked for. */
      readonly earlier: boolean;
    }
  | { readonly to: string };

/** The events of the pages, each request's preceded by what happened to it before `from`. */
async function* completed(
  api: Api,
  found: AsyncIterable<AuditEventList>,
  from: string,
): AsyncGenerator<Found> {
  const known = new Set<string>();
  for await (const { events, to } of found) {
    for (const event of events) {
      if (!known.has(event.requestId) && event.seq > 1)
        for (const before of await historyBefore(api, event.requestId, from))
          yield { event: before, earlier: true };
      known.add(event.requestId);
      yield { event, earlier: false };
    }
    yield { to };
  }
}

async function historyBefore(api: Api, id: string, from: string): Promise<readonly AuditEvent[]> {
  const history: AuditEvent[] = [];
  const path = `/v1/requests/${encodeURIComponent(id)}/events`;
  for await (const page of pages<EventList>(api, path)) history.push(...page.events);
  return history.filter(({ at }) => at < from);
}

interface Tally {
  readonly events: number;
  readonly requests: number;
  readonly earlier: number;
  /** Up to when the export is complete. */
  readonly to: string;
}

async function writeAll(
  found: AsyncIterable<Found>,
  format: ExportFormat,
  write: (text: string) => Promise<void>,
): Promise<Tally> {
  const requests = new Set<string>();
  let events = 0;
  let early = 0;
  let to = "";
  await write(format.head);
  for await (const one of found) {
    if ("to" in one) {
      to = one.to;
      continue;
    }
    await write(`${events > 0 ? format.between : ""}${format.event(one.event)}`);
    requests.add(one.event.requestId);
    events += 1;
    if (one.earlier) early += 1;
  }
  await write(format.tail(to));
  return { events, requests: requests.size, earlier: early, to };
}

/** The file appears whole or not at all. It names people, so it is for its owner alone. */
async function intoFile<Result>(
  path: string,
  fill: (write: (text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const partial = `${path}.partial`;
  const file = await open(partial, "w", 0o600).catch((error: unknown) => {
    throw cannotWrite(path, error);
  });
  try {
    const result = await fill(async (text) => {
      await file.write(text);
    });
    await file.close();
    await rename(partial, path);
    return result;
  } catch (error) {
    await file.close();
    await rm(partial, { force: true });
    throw error instanceof Error && "code" in error && "syscall" in error
      ? cannotWrite(path, error)
      : error;
  }
}

const cannotWrite = (path: string, error: unknown) =>
  new Failure(
    "usage",
    "cannot-write",
    {
      happened: `Cannot write ${path}: ${error instanceof Error ? error.message : error}.`,
      undone: "Nothing was exported.",
      next: ["Next: name a file in a folder that you may write to with --out."],
    },
    { cause: error },
  );
