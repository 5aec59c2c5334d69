import { setImmediate as turn } from "node:timers/promises";
import type { Api } from "../../../cli/api/api-client.ts";
import { exportPages } from "../../../cli/audit/export-events.ts";
import { EXPORT_FORMATS } from "../../../cli/audit/export-format.ts";
import { verifyExport } from "../../../cli/audit/verify-export.ts";
import { writeExport } from "../../../cli/audit/write-export.ts";
import { cpuMillis } from "./live-memory.ts";
import { histories } from "./long-history.ts";

/** The number of events on a page of the API. */
const PAGE = 1_000;
const FROM = "2026-11-24T00:00:00.000Z";
const TO = "2027-11-24T00:00:00.000Z";

/** Events in a second of processor time. */
export interface ExportRates {
  readonly exported: number;
  readonly verified: number;
  /** The cost of exporting an event, divided by the cost of verifying it. */
  readonly toVerifying: number;
}

/**
 * Exports the histories, and then verifies what was written. The API's answers are made before, as
 * texts; to parse them is part of exporting.
 *
 * @throws Error where the verification does not find each event sound
 */
export async function exportRates(requests: number, each: number): Promise<ExportRates> {
  const answers = answersOf(requests, each);
  const written: string[] = [];
  const exporting = await costOf(async () => {
    const pages = exportPages(listOf(answers), { from: FROM, to: TO, known: new Set() });
    const write = async (text: string) => {
      written.push(text);
    };
    await writeExport({ pages, format: EXPORT_FORMATS.ndjson }, { write }, undefined);
  });
  const chunks = written.splice(0).map((text) => Buffer.from(text));
  let sound = 0;
  const verifying = await costOf(async () => {
    const { events, faults } = await verifyExport(inTurns(chunks));
    sound = faults.length === 0 ? events : 0;
  });
  const total = requests * each;
  if (sound !== total) throw new Error(`Of ${total} events, ${sound} were verified.`);
  return {
    exported: total / (exporting / 1_000),
    verified: total / (verifying / 1_000),
    toVerifying: exporting / verifying,
  };
}

async function costOf(act: () => Promise<void>): Promise<number> {
  const began = cpuMillis();
  await act();
  return cpuMillis() - began;
}

/** The texts of the API's answers, page by page. */
function answersOf(requests: number, each: number): readonly string[] {
  const events = [...histories(requests, each)];
  const pages = Math.ceil(events.length / PAGE);
  return Array.from({ length: pages }, (_, at) => {
    const next = at + 1 < pages ? `page-${at + 1}` : null;
    return JSON.stringify({ events: events.slice(at * PAGE, (at + 1) * PAGE), to: TO, next });
  });
}

function listOf(answers: readonly string[]): Api {
  const left = [...answers].values();
  return {
    address: "memory",
    async send<Answer>(): Promise<Answer> {
      return JSON.parse(left.next().value ?? "") as Answer;
    },
  };
}

/** Not all in one turn of the event loop: a file is not read so either. */
async function* inTurns(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    await turn();
    yield chunk;
  }
}
