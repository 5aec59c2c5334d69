import type { RequestList, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { GrantList, GrantSummary } from "../../shared/http/contract/grant-answer.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** One's own requests, or those that wait for one's decision or review: every page. @throws Failure */
export const requestsOf = (
  api: Api,
  view: "mine" | "to-approve" | "to-review",
): Promise<readonly RequestSummary[]> => collect(api, "/v1/requests", { view });

/**
 * The first requests that one may see and whose id begins so, at most `most`, oldest first.
 * @throws Failure
 */
export const requestsBeginningWith = (
  api: Api,
  idPrefix: string,
  most: number,
): Promise<readonly RequestSummary[]> =>
  collect(api, "/v1/requests", { idPrefix, limit: String(most) }, most);

/** Everything through which access may exist now, as far as one may see it. @throws Failure */
export const grantsOf = (api: Api): Promise<readonly RequestSummary[]> =>
  collect(api, "/v1/grants");

/** Grants that were live on a cluster in an interval, and how far the list is whole. */
export interface Lent {
  /** In the order of their starts. */
  readonly requests: readonly GrantSummary[];
  /** Every grant that was approved from then on is there; null before the first one. */
  readonly since: string | null;
  /** Entries without a sound record. */
  readonly leftOut: number;
}

/** For auditors and admins: every page. @param between instants, ISO 8601 UTC @throws Failure */
export async function lentOn(
  api: Api,
  cluster: string,
  between: { readonly from: string; readonly to: string },
): Promise<Lent> {
  const requests: GrantSummary[] = [];
  let [since, leftOut]: [string | null, number] = [null, 0];
  for await (const page of pages<GrantList>(api, "/v1/grants", {
    view: "all",
    cluster,
    ...between,
  })) {
    requests.push(...page.requests);
    since ??= page.since ?? null;
    leftOut += page.leftOut ?? 0;
  }
  return { requests, since, leftOut };
}

async function collect(
  api: Api,
  path: string,
  query?: Readonly<Record<string, string>>,
  most = Number.POSITIVE_INFINITY,
): Promise<readonly RequestSummary[]> {
  const found: RequestSummary[] = [];
  for await (const { requests } of pages<RequestList>(api, path, query)) {
    found.push(...requests);
    if (found.length >= most) return found.slice(0, most);
  }
  return found;
}
