/** The open requests of a person, from lists that may lag. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { clusterNamed } from "../../domain/policy/policy.ts";
import { LONGEST_LAPSE_SECONDS } from "../../domain/policy/rule-times.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { Page, PageQuery, RequestStore } from "../../ports/request-store.ts";

type Requests = Pick<RequestStore, "grants" | "requestedBy">;

export interface OpenRequests {
  /** Grants through which access may exist, on the cluster that was asked for, or on all. */
  readonly granted: readonly AccessRequest[];
  /** The same on other clusters. */
  readonly elsewhere: readonly AccessRequest[];
  /** Requests there that wait for a decision, the newest first. */
  readonly pending: readonly AccessRequest[];
  /** Requests on all clusters of the last 24 hours, whatever became of them, the newest first. */
  readonly lately: readonly AccessRequest[];
}

/** How far back `lately` looks: 24 hours. */
export const LATELY_SECONDS = 86_400;

/** @param of the person's name, the cluster's name or undefined for all, and now in ISO 8601 UTC */
export async function readOpen(
  { requests, policy }: { readonly requests: Requests; readonly policy: AccessPolicy },
  {
    name,
    cluster,
    at,
  }: { readonly name: string; readonly cluster: string | undefined; readonly at: string },
): Promise<OpenRequests> {
  const [granted, newest] = await Promise.all([
    grantsOf(requests, name),
    newestOf(requests, name, at),
  ]);
  const pending = newest.filter(({ state, lapsesAt }) => state === "pending" && lapsesAt > at);
  const since = plusSeconds(at, -LATELY_SECONDS);
  const arn = cluster === undefined ? undefined : clusterNamed(policy, cluster)?.arn;
  const isThere = (request: AccessRequest) => arn === undefined || request.cluster.arn === arn;
  return {
    granted: granted.filter(isThere),
    elsewhere: granted.filter((grant) => !isThere(grant)),
    pending: pending.filter(isThere),
    lately: newest.filter(({ createdAt }) => createdAt >= since),
  };
}

/** Every page: without one of them, "no other grant" could be false. */
const grantsOf = (requests: Requests, name: string): Promise<readonly AccessRequest[]> =>
  everyItem((page) => requests.grants(page, ({ requester }) => requester === name));

/** Reading stops once every older request has lapsed. */
function newestOf(
  requests: Requests,
  name: string,
  now: string,
): Promise<readonly AccessRequest[]> {
  const oldest = plusSeconds(now, -Math.max(LONGEST_LAPSE_SECONDS, LATELY_SECONDS));
  return everyItem(
    (page) => requests.requestedBy(name, page),
    (request) => request.createdAt < oldest,
  );
}

const PAGE = 100;

/** The items of all pages, or up to the page with an item for which `isLast` holds. */
async function everyItem(
  read: (page: PageQuery) => Promise<Page<AccessRequest>>,
  isLast: (request: AccessRequest) => boolean = () => false,
): Promise<readonly AccessRequest[]> {
  const found: AccessRequest[] = [];
  let after: string | undefined;
  do {
    const page = await read({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    found.push(...page.items);
    after = page.items.some(isLast) ? undefined : page.next;
  } while (after !== undefined);
  return found;
}
