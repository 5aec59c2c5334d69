/** The requests and reviews that wait for the person: one reading for the menu, the title and the view. */
import { useEffect } from "react";
import type { RequestList } from "../../shared/http/contract/answers.ts";
import { type Reading, SELDOM, SOON, useRead } from "../api/use-read.ts";
import type { Route } from "./route.ts";

export interface Waiting {
  readonly approvals: Reading<RequestList>;
  readonly reviews: Reading<RequestList>;
}

/** Reads again with each view, and more often where somebody decides. */
export function useWaiting(route: Route | undefined): Waiting {
  const seconds = route?.view === "decide" ? SOON : SELDOM;
  const approvals = useRead<RequestList>("/v1/requests?view=to-approve", seconds);
  const reviews = useRead<RequestList>("/v1/requests?view=to-review", seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view has it read again
  useEffect(() => {
    approvals.again();
    reviews.again();
  }, [route]);
  return { approvals, reviews };
}

/** `3`, or `100+` where a list goes on; empty where nothing waits. */
export function countText({ approvals, reviews }: Waiting): string {
  const lists = [approvals.answer, reviews.answer];
  const count = lists.reduce((sum, list) => sum + (list?.requests.length ?? 0), 0);
  const goesOn = lists.some((list) => list?.next !== undefined);
  return count === 0 ? "" : `${count}${goesOn ? "+" : ""}`;
}
