import { describe, expect, it } from "vitest";
import type { Api } from "../../../cli/api/api-client.ts";
import { type ExportStart, exportPages } from "../../../cli/audit/export-events.ts";
import type { AuditEvent } from "../../../shared/domain/requests/audit-event.ts";
import { historyOf } from "./histories.ts";

/** As the API sorts events. */
const placeOf = ({ at, requestId, seq }: AuditEvent) => `${at} ${requestId} ${seq}`;

const EVENTS = [historyOf(1, [0, 0, 2, 0]), historyOf(2, [1]), historyOf(3, [0, 3])]
  .flat()
  .toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
const FROM = "2026-11-24T00:00:00.000Z";
const TO = "2026-11-25T00:00:00.000Z";

/** An API that lists the events, everyone's or a request's own, in pages of a size. */
function listing(events: readonly AuditEvent[], size: number): Api {
  return {
    address: "http://api",
    async send<Answer>({ path, query = {} }: Parameters<Api["send"]>[0]): Promise<Answer> {
      const [, id] = /^\/v1\/requests\/([^/]+)\/events$/.exec(path) ?? [];
      const listed = events.filter(({ at, requestId }) =>
        id === undefined ? at >= String(query["from"]) : requestId === id,
      );
      const start = Number(query["cursor"] ?? 0);
      const more = start + size < listed.length ? { next: String(start + size) } : {};
      return { events: listed.slice(start, start + size), to: TO, ...more } as Answer;
    },
  };
}

async function exported(api: Api, more: Partial<ExportStart> = {}) {
  const start = { from: FROM, to: "2027-01-01T00:00:00.000Z", known: new Set<string>(), ...more };
  const found: AuditEvent[] = [];
  for await (const page of exportPages(api, start)) found.push(...page.events);
  return found;
}

describe("The pages of an export", () => {
  it.each([1, 2, 3, 100])("An export continues after any event, in pages of %i", async (size) => {
    const api = listing(EVENTS, size);
    expect(await exported(api)).toEqual(EVENTS);
    for (const [at, after] of EVENTS.entries()) {
      const known = new Set(EVENTS.slice(0, at + 1).map(({ requestId }) => requestId));
      expect(await exported(api, { after, known })).toEqual(EVENTS.slice(at + 1));
    }
  });

  it.each([1, 2, 3])(
    "An export has a request's earlier events, of every page of %i",
    async (size) => {
      const history = historyOf(1, [0, 0, 2, 0]);
      const from = String(history.at(-1)?.at);
      expect(await exported(listing(history, size), { from })).toEqual(history);
    },
  );

  it("An export is not completed where an earlier event of a request is not listed", async () => {
    const history = historyOf(1, [0, 0, 2, 0]);
    const from = String(history.at(-1)?.at);
    for (const gone of [0, 1, history.length - 2])
      await expect(exported(listing(history.toSpliced(gone, 1), 2), { from })).rejects.toThrow(
        "does not list every event",
      );
  });

  it.each([0, EVENTS.length - 1])(
    "An export does not continue where event %i, the last exported, is not in the record",
    async (at) => {
      const after = EVENTS[at] as AuditEvent;
      const api = listing(EVENTS.toSpliced(at, 1), 2);
      await expect(exported(api, { after })).rejects.toThrow("no longer in the record");
    },
  );
});
