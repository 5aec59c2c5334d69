/** Reads an export from the API, page by page. */
import type { AuditEvent } from "../../shared/domain/requests/audit-event.ts";
import type { AuditEventList, EventList } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";
import { Failure } from "../failures/failure.ts";

/** Where an export begins, or continues. */
export interface ExportStart {
  readonly from: string;
  /**
   * The end asked for; once a page has come, the instant up to which the API says that its list is
   * complete.
   */
  readonly to: string;
  /** The last event that was exported before: what follows it is wanted. */
  readonly after?: ListedEvent | null;
  /** Requests whose earlier events were exported before. */
  readonly known: ReadonlySet<string>;
  /** Only events of these requests; without it, all. */
  readonly only?: ReadonlySet<string>;
}

/** An event by its place in the API's list. */
export type ListedEvent = Pick<AuditEvent, "at" | "hash">;

export interface ExportPage {
  readonly events: readonly AuditEvent[];
  /** How many of them precede the first event of their request in the API's list. */
  readonly earlier: number;
  /** Requests that had no event on an earlier page. */
  readonly requests: readonly string[];
  /** Up to when the export is complete: the same for every page. */
  readonly to: string;
  /** The last event of the list so far; null before the first. */
  readonly last: ListedEvent | null;
  /** Whether no page follows. */
  readonly complete: boolean;
  /** How many items the API left out of this page, since they are no events in their places; absent for 0. */
  readonly leftOut?: number;
  /** In OCSF: up to when confirmations were read, the same for every page. */
  readonly recordsTo?: string;
}

const PATH = "/v1/audit/events";

/** The pages of an export: each request's first event is preceded by what happened to it before. */
export async function* exportPages(api: Api, start: ExportStart): AsyncGenerator<ExportPage> {
  const known = new Set(start.known);
  let last = start.after ?? null;
  for await (const { events, to, next, leftOut } of lists(api, start)) {
    const page: AuditEvent[] = [];
    const requests: string[] = [];
    let earlier = 0;
    for (const event of events) {
      last = { at: event.at, hash: event.hash };
      if (start.only?.has(event.requestId) === false) continue;
      if (!known.has(event.requestId)) {
        const before = event.seq > 1 ? await historyBefore(api, event) : [];
        page.push(...before);
        earlier += before.length;
        requests.push(event.requestId);
        known.add(event.requestId);
      }
      page.push(event);
    }
    const complete = typeof next !== "string";
    const more = leftOut ? { leftOut } : {};
    yield { events: page, earlier, requests, to, last, complete, ...more };
  }
}

/** The API's pages, all up to what the first one says: an end that moved would give other bytes. */
async function* lists(api: Api, start: ExportStart): AsyncGenerator<AuditEventList> {
  const { after } = start;
  // Not by a cursor, which holds for an hour: the list is the same from any event on.
  const from = after?.at ?? start.from;
  const query = { from, to: start.to };
  const first = await api.send<AuditEventList>({ method: "GET", path: PATH, query });
  const { to, next } = first;
  const behind = after ? eventsBehind(after) : undefined;
  const rest = (page: AuditEventList): AuditEventList => ({
    ...page,
    events: behind?.of(page.events) ?? page.events,
    to,
  });
  yield rest(first);
  if (typeof next === "string")
    for await (const page of pages<AuditEventList>(api, PATH, { from, to, cursor: next }))
      yield rest(page);
  behind?.end();
}

/** Passes over what was exported before, up to its last event. @throws Failure if that is not listed */
function eventsBehind(last: ListedEvent) {
  let found = false;
  const gone = () =>
    new Failure("conflict", "record-changed", {
      what: "The last event that was exported is no longer in the record.",
      notDone: "The export was not completed.",
      next: ["Next: tell whoever runs Timelatch, and export it again from the beginning."],
    });
  return {
    of(events: readonly AuditEvent[]): readonly AuditEvent[] {
      if (found) return events;
      const place = events.findIndex(({ hash }) => hash === last.hash);
      if (place < 0 && events.some(({ at }) => at > last.at)) throw gone();
      found = place >= 0;
      return found ? events.slice(place + 1) : [];
    },
    end() {
      if (!found) throw gone();
    },
  };
}

/**
 * The history of a request before an event, every page of it.
 *
 * @throws Failure if any is missing
 */
export async function historyBefore(
  api: Api,
  { requestId, seq }: AuditEvent,
): Promise<readonly AuditEvent[]> {
  const history: AuditEvent[] = [];
  const path = `/v1/requests/${encodeURIComponent(requestId)}/events`;
  for await (const { events } of pages<EventList>(api, path)) {
    history.push(...events.filter((event) => event.seq < seq));
    if (events.some((event) => event.seq >= seq)) break;
  }
  if (history.length === seq - 1 && history.every((event, at) => event.seq === at + 1))
    return history;
  throw new Failure("unexpected", "history-incomplete", {
    what: `The API does not list every event of request ${requestId} before its event ${seq}.`,
    notDone: "The export was not completed.",
    next: ["Next: export it again; if it happens again, tell whoever runs Timelatch."],
  });
}
