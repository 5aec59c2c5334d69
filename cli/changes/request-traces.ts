/** Reads that prove a change of a request, by version and actor. */

import type { AuditEvent, EventType } from "../../shared/domain/requests/audit-event.ts";
import { canonicalJson } from "../../shared/domain/values/canonical-json.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type {
  EventList,
  RequestAnswer,
  RequestSummary,
} from "../../shared/http/contract/answers.ts";
import type { AskedAnswer } from "../../shared/http/contract/asked-answer.ts";
import type { Api } from "../api/api-client.ts";
import { requestsOf } from "../api/lists.ts";
import { pages } from "../api/pages.ts";
import type { Look, RequestChange, Sent } from "./change.ts";

/** This machine's clock may be ahead of the API's by as much. */
const CLOCK_SECONDS = 60;

/** Whether the instant is not before the call left, by clocks that may differ. */
export const isSince = (instant: string, since: string): boolean =>
  instant >= plusSeconds(since, -CLOCK_SECONDS);

const read = (api: Api, id: string) =>
  api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` });

/** The request, once its history has this person's event after the version that was read before. */
export const byEvent =
  (type: EventType) =>
  async (
    { api, who }: Look,
    { subject, before }: Sent<RequestChange>,
  ): Promise<RequestAnswer | undefined> => {
    const isOurs = ({ type: eventType, actor, seq }: AuditEvent) =>
      eventType === type && actor === who.person && seq > (before?.version ?? 0);
    for await (const { events } of pages<EventList>(api, `/v1/requests/${subject}/events`))
      if (events.some(isOurs)) return await read(api, subject);
    return undefined;
  };

/** One of the caller's own requests. A list may lag, so that one is missing proves nothing. */
async function amongMine(
  api: Api,
  isIt: (request: RequestSummary) => boolean,
): Promise<RequestAnswer | undefined> {
  const found = (await requestsOf(api, "mine")).find(isIt);
  return found && (await read(api, found.id));
}

/** A request with the terms that were sent. */
export async function requestAsSent(
  { api, since }: Look,
  { call }: Sent<RequestChange>,
): Promise<RequestAnswer | undefined> {
  const terms = termsIn(call.body as Terms);
  return amongMine(api, (one) => isSince(one.createdAt, since) && termsIn(one) === terms);
}

/** All requests of an ask that was sent: they are stored together or not at all. */
export async function askAsSent(
  { api, since }: Look,
  { call }: Sent<"createAsk">,
): Promise<AskedAnswer | undefined> {
  const { requests: sent } = call.body as { readonly requests: readonly Terms[] };
  const terms = new Set(sent.map(termsIn));
  const found = await amongMine(
    api,
    (one) =>
      one.askedWith?.length === sent.length - 1 &&
      isSince(one.createdAt, since) &&
      terms.has(termsIn(one)),
  );
  if (!found) return undefined;
  const others = await Promise.all((found.askedWith ?? []).map((id) => read(api, id)));
  return { requests: [found, ...others] };
}

type Terms = Pick<RequestSummary, "cluster" | "access" | "reason">;

const termsIn = ({ cluster, access, reason }: Terms): string =>
  canonicalJson({ cluster, access, reason });

/** An extension of the grant that was made since. */
export const extensionOf = (
  { api, since }: Look,
  { subject }: Sent<RequestChange>,
): Promise<RequestAnswer | undefined> =>
  amongMine(api, (one) => one.extends === subject && isSince(one.createdAt, since));
