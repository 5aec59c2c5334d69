/** Everyone's requests, for auditors: found by the audit events in which they were asked. */
import type { AuditEventList, RequestAnswer } from "../../shared/http/contract/answers.ts";
import { Failure } from "../failures/failure.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

export interface EveryonesRequests {
  /** Newest first. */
  readonly requests: readonly RequestAnswer[];
  /** Up to when the list is complete, ISO 8601 UTC: a later request may be missing. */
  readonly to: string;
  /** Ids of requests that the API has no record of any more. Their events are kept. */
  readonly forgotten: readonly string[];
}

/** How many requests are read at the same time. */
const AT_ONCE = 8;

/**
 * The requests that were asked between two instants, each as it is now.
 *
 * @param read called with the number of requests that were read, and of all
 * @throws Failure `forbidden` for whoever is no auditor
 */
export async function everyonesRequests(
  api: Api,
  period: { readonly from: string; readonly to: string },
  read: (count: number, all: number) => void,
): Promise<EveryonesRequests> {
  const { ids, to } = await askedIn(api, period);
  const found: (RequestAnswer | undefined)[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    found.push(...(await Promise.all(some.map((id) => requestIfKept(api, id)))));
    read(found.length, ids.length);
  }
  return {
    requests: found.filter((each) => each !== undefined),
    to,
    forgotten: ids.filter((_, at) => found[at] === undefined),
  };
}

async function askedIn(api: Api, period: { readonly from: string; readonly to: string }) {
  const ids: string[] = [];
  let { to } = period;
  for await (const page of pages<AuditEventList>(api, "/v1/audit/events", period)) {
    for (const { type, requestId } of page.events) if (type === "request") ids.push(requestId);
    to = page.to;
  }
  return { ids: ids.reverse(), to };
}

/** A request; undefined where the API has no record of it, or the caller may not see it. @throws Failure */
export async function requestIfKept(api: Api, id: string): Promise<RequestAnswer | undefined> {
  try {
    return await api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` });
  } catch (error) {
    if (error instanceof Failure && error.exit === "notFound") return undefined;
    throw error;
  }
}
