/** The calls that end all that one person's requests may give. Pure. */
import { type ChainEnd, endsOf } from "../../shared/domain/requests/chain-ends.ts";
import type { State } from "../../shared/domain/requests/request.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";

/** One call. The API ends the others of a chain of extensions in the same transaction. */
export type End = ChainEnd<RequestSummary>;

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
    .filter((each) => cluster === undefined || each.cluster === cluster);
  const open = wanted.filter(({ state }) => OPEN.has(state));
  const ends = endsOf(open, isOwn);
  const ended = new Set(ends.flatMap(({ request, others }) => [request, ...others]));
  return {
    ...whose,
    ends,
    underway: wanted.filter(({ state }) => state === "ending"),
    // Access that is there or approved always ends, so only what waits for a decision is left.
    pending: open.filter((each) => !ended.has(each)),
  };
}

const OPEN: ReadonlySet<State> = new Set(["pending", "approved", "active"]);
