import type { RequestList, RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** One's own requests, or those that wait for one's decision: every page. @throws Failure */
export const requestsOf = (
  api: Api,
  view: "mine" | "to-approve",
): Promise<readonly RequestSummary[]> => collect(api, "/v1/requests", { view });

/** Everything through which access may exist now, as far as one may see it. @throws Failure */
export const grantsOf = (api: Api): Promise<readonly RequestSummary[]> =>
  collect(api, "/v1/grants");

async function collect(
  api: Api,
  path: string,
  query?: Readonly<Record<string, string>>,
): Promise<readonly RequestSummary[]> {
  const found: RequestSummary[] = [];
  for await (const { requests } of pages<RequestList>(api, path, query)) found.push(...requests);
  return found;
}
