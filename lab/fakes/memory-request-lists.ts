/** Lists of requests and of their events, in memory and page by page. */
import { isAuditEvent } from "../../shared/domain/requests/audit-event.ts";
import { filingOf } from "../../shared/domain/requests/filing.ts";
import { startOf } from "../../shared/domain/requests/grant-time.ts";
import { ACCESS_MAY_EXIST } from "../../shared/domain/requests/lifecycle.ts";
import { countOnPage } from "../../shared/domain/requests/page-bytes.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { openReviewOf } from "../../shared/domain/requests/review.ts";
import type { Page, PageQuery, RequestStore } from "../../shared/ports/request-store.ts";
import type { MemoryTables } from "./memory-tables.ts";

type RequestLists = Pick<
  RequestStore,
  | "history"
  | "historyPage"
  | "requestedBy"
  | "awaiting"
  | "openReviews"
  | "grants"
  | "lentOn"
  | "lentSince"
  | "beginningWith"
  | "auditBetween"
>;

export function memoryRequestLists({
  requests,
  events,
}: Pick<MemoryTables, "requests" | "events">): RequestLists {
  return {
    history: async (id) =>
      events
        .filter(({ requestId }) => requestId === id)
        .filter(isAuditEvent)
        .toSorted((a, b) => a.seq - b.seq),

    historyPage: async (id, page) =>
      boundedPage(
        events.filter(({ requestId }) => requestId === id),
        ({ seq }) => String(seq).padStart(6, "0"),
        page,
      ),

    requestedBy: async (person, page) =>
      onePage(
        [...requests.values()].filter(({ requester }) => requester === person),
        ({ createdAt, id }) => `${createdAt}#${id}`,
        "descending",
        page,
      ),

    awaiting: async (groups, page, isWanted = () => true) =>
      onePage(
        [...requests.values()]
          .filter(({ state }) => state === "pending")
          .filter((request) => filingOf(request).groups.some((group) => groups.includes(group)))
          .filter(isWanted),
        ({ createdAt, id }) => `${createdAt}#${id}`,
        "ascending",
        page,
      ),

    openReviews: async (page, isWanted = () => true) =>
      onePage(
        [...requests.values()]
          .filter((request) => openReviewOf(request) !== undefined)
          .filter(isWanted),
        ({ review, id }) => `${review?.dueAt}#${id}`,
        "ascending",
        page,
      ),

    grants: async (page, isWanted = () => true) =>
      onePage(
        [...requests.values()].filter(({ state }) => ACCESS_MAY_EXIST.has(state)).filter(isWanted),
        ({ expiresAt, id }) => `${expiresAt ?? "never"}#${id}`,
        "ascending",
        page,
      ),

    lentOn: async (clusterArn, { from, to }, page, isWanted = () => true) => ({
      ...boundedPage(
        [...requests.values()]
          .filter(({ cluster }) => cluster.arn === clusterArn)
          .filter((request) => startOf(request) !== null)
          .filter((request) => from <= startText(request) && startText(request) < to)
          .filter(isWanted),
        lentPlace,
        page,
      ),
      leftOut: 0,
    }),

    lentSince: async (clusterArn) =>
      [...requests.values()]
        .filter(({ cluster, listed }) => cluster.arn === clusterArn && listed)
        .toSorted(by(lentPlace))[0]?.approvedAt ?? undefined,

    beginningWith: async (prefix, page, isWanted = () => true) =>
      onePage(
        [...requests.values()].filter(({ id }) => id.startsWith(prefix)).filter(isWanted),
        ({ createdAt, id }) => `${createdAt}#${id}`,
        "ascending",
        page,
      ),

    auditBetween: async (from, to, page) =>
      boundedPage(
        events.filter(({ at }) => from <= at && at < to),
        ({ at, requestId, seq }) => `${at}#${requestId}#${String(seq).padStart(6, "0")}`,
        page,
      ),
  };
}

const startText = (request: AccessRequest): string => startOf(request) ?? "";
const lentPlace = (request: AccessRequest): string => `${startText(request)}#${request.id}`;

const by =
  <Item>(keyOf: (item: Item) => string) =>
  (a: Item, b: Item) =>
    keyOf(a) < keyOf(b) ? -1 : 1;

/** As `onePage`, oldest first, and with no more bytes than a page of them may have. */
function boundedPage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  page: PageQuery,
): Page<Item> {
  const whole = onePage(items, keyOf, "ascending", page);
  const limit = countOnPage(whole.items, page.limit);
  return onePage(items, keyOf, "ascending", { ...page, limit });
}

function onePage<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  order: "ascending" | "descending",
  { limit, after }: PageQuery,
): Page<Item> {
  const sorted = items.toSorted(by(keyOf));
  const ordered = order === "ascending" ? sorted : sorted.toReversed();
  const isAfter = (key: string) =>
    after === undefined || (order === "ascending" ? key > after : key < after);
  const rest = ordered.filter((item) => isAfter(keyOf(item)));
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page,
    ...(rest.length > limit && last !== undefined ? { next: keyOf(last) } : {}),
  };
}
