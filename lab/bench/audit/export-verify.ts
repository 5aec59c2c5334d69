import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Api } from "../../../cli/api/api-client.ts";
import { exportPages } from "../../../cli/audit/export-events.ts";
import { EXPORT_FORMATS } from "../../../cli/audit/export-format.ts";
import { verifyExport } from "../../../cli/audit/verify-export.ts";
import { writeExport } from "../../../cli/audit/write-export.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { cpuMillis, liveBytes } from "./live-memory.ts";
import { histories } from "./long-history.ts";

/** The number of events on a page of the API. */
const PAGE = 1_000;
/** How often memory is looked at. */
const LOOKS = 10;
const FROM = "2026-11-24T00:00:00.000Z";
const TO = "2027-11-24T00:00:00.000Z";

export interface ExportRun {
  readonly events: number;
  /** The most bytes that the export and its verification held at once. */
  readonly mostBytes: number;
  /** Milliseconds of processor time for an event, its making included. */
  readonly millisPerEvent: number;
}

/**
 * Exports the histories page by page and verifies the lines as they come, without a file between.
 *
 * @throws Error where the verification does not find each event sound
 */
export async function exportAndVerify(requests: number, each: number): Promise<ExportRun> {
  const total = requests * each;
  const before = liveBytes();
  let mostBytes = 0;
  let looking = 0;
  const began = cpuMillis();
  const look = () => {
    const lookedAt = cpuMillis();
    mostBytes = Math.max(mostBytes, liveBytes() - before);
    looking += cpuMillis() - lookedAt;
  };
  const stream = new PassThrough();
  const api = listOf(histories(requests, each), Math.ceil(total / PAGE / LOOKS), look);
  const pages = exportPages(api, { from: FROM, to: TO, known: new Set() });
  const write = async (text: string) => {
    if (!stream.write(text)) await once(stream, "drain");
  };
  const written = writeExport(
    { pages, format: EXPORT_FORMATS.ndjson },
    { write },
    undefined,
  ).finally(() => stream.end());
  const { events, requests: found, faults } = await verifyExport(stream);
  await written;
  if (events !== total || found !== requests || faults.length > 0)
    throw new Error(`Of ${total} events, ${events} were verified, with ${faults.length} faults.`);
  return { events, mostBytes, millisPerEvent: (cpuMillis() - began - looking) / total };
}

/** An API that lists events, and looks at memory after every `every` pages. */
function listOf(events: Generator<AuditEvent>, every: number, look: () => void): Api {
  let page = 0;
  return {
    address: "memory",
    async send<Answer>(): Promise<Answer> {
      page += 1;
      if (page % every === 0) look();
      const own = nextOf(events, PAGE);
      const next = own.length < PAGE ? null : `page-${page}`;
      return { events: own, to: TO, next } as Answer;
    },
  };
}

function nextOf(events: Generator<AuditEvent>, most: number): readonly AuditEvent[] {
  const own: AuditEvent[] = [];
  while (own.length < most) {
    const { done, value } = events.next();
    if (done) break;
    own.push(value);
  }
  return own;
}
