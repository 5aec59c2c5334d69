/** Which calls end all that one person's requests may give. Pure. */
import type { EndVerb } from "../../shared/domain/requests/audit-event.ts";
import type { State } from "../../shared/domain/requests/request.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";

/** One call. The API ends the others of a chain of extensions in the same transaction. */
export interface End {
  readonly verb: EndVerb;
  readonly request: RequestSummary;
  /** Others of its chain, which end with it. */
  readonly others: readonly RequestSummary[];
}

export interface EndPlan {
  readonly person: string;
  /** Undefined for every cluster. */
  readonly cluster: string | undefined;
  /** They are the caller's own. */
  readonly isOwn: boolean;
  readonly ends: readonly End[];
  /** Ended before, and not read back yet. */
  readonly underway: readonly RequestSummary[];
  /** Wait for a decision, and are not the caller's to cancel. */
  readonly pending: readonly RequestSummary[];
}

/** @param requests open or over, of anybody, in any order, each perhaps twice */
export function planEnds(
  requests: readonly RequestSummary[],
  whose: Pick<EndPlan, "person" | "cluster" | "isOwn">,
): EndPlan {
  const { person, cluster, isOwn } = whose;
  const once = [...new Map(requests.map((each) => [each.id, each])).values()];
  const wanted = once
    .filter((each) => each.requester === person)
    .filter((each) => cluster === undefined || each.cluster === cluster)
    .toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1));
  const open = wanted.filter(({ state }) => OPEN.has(state));
  const ends = chainsOf(open).flatMap((chain) => (isOwn ? ownEnds(chain) : revocations(chain)));
  const ended = new Set(ends.flatMap(({ request, others }) => [request, ...others]));
  return {
    ...whose,
    ends,
    underway: wanted.filter(({ state }) => state === "ending"),
    pending: open.filter((each) => each.state === "pending" && !ended.has(each)),
  };
}

const OPEN: ReadonlySet<State> = new Set(["pending", "approved", "active"]);

/** Requests that extend one another, the oldest first. */
function chainsOf(requests: readonly RequestSummary[]): readonly (readonly RequestSummary[])[] {
  const byId = new Map(requests.map((each) => [each.id, each]));
  const firstOf = (each: RequestSummary, hops: number): string => {
    const before = each.extends === undefined ? undefined : byId.get(each.extends);
    // Limited, because an answer could name a circle.
    return before && hops > 0 ? firstOf(before, hops - 1) : each.id;
  };
  return Object.values(Object.groupBy(requests, (each) => firstOf(each, requests.length))).map(
    (chain) => chain ?? [],
  );
}

/** A requester returns what is active, which ends its chain. Else each request is cancelled alone. */
function ownEnds(chain: readonly RequestSummary[]): readonly End[] {
  const last = chain.findLast(({ state }) => state === "active");
  return last
    ? [{ verb: "return", request: last, others: chain.filter((each) => each !== last) }]
    : chain.map((request) => ({ verb: "cancel", request, others: [] }));
}

/** What only waits for a decision is nobody else's to end. */
function revocations(chain: readonly RequestSummary[]): readonly End[] {
  const last = chain.findLast(({ state }) => state !== "pending");
  return last
    ? [{ verb: "revoke", request: last, others: chain.filter((each) => each !== last) }]
    : [];
}
