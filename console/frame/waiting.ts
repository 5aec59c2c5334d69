/** How many requests and reviews wait for the person. */
import { useEffect } from "react";
import type { RequestList } from "../../shared/http/contract/answers.ts";
import { SELDOM, SOON, useRead } from "../api/use-read.ts";
import type { Route } from "./route.ts";

/** Reads again with each view, and more often where somebody decides. */
export function useWaiting(route: Route): number {
  const seconds = route.view === "decide" || route.view === "request" ? SOON : SELDOM;
  const approvals = useRead<RequestList>("/v1/requests?view=to-approve", seconds);
  const reviews = useRead<RequestList>("/v1/requests?view=to-review", seconds);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another view has it read again
  useEffect(() => {
    approvals.again();
    reviews.again();
  }, [route]);
  return (approvals.answer?.requests.length ?? 0) + (reviews.answer?.requests.length ?? 0);
}
