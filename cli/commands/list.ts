import type { RequestAnswer, RequestList } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { pages } from "../api/pages.ts";
import { answer, type Context } from "../context.ts";
import { renderTable } from "../terminal/table.ts";
import { requestColumns } from "../text/request-text.ts";

export interface ListOptions {
  readonly toApprove?: true;
  readonly state?: readonly string[];
}

/** `timelatch list`: one's own requests, or those that wait for one's decision. */
export async function list(context: Context, { toApprove, state }: ListOptions): Promise<void> {
  const view = toApprove ? "to-approve" : "mine";
  const all = await collect(await context.api(), "/v1/requests", { view });
  const requests = state ? all.filter((request) => state.includes(request.state)) : all;
  const none = toApprove ? "Nothing waits for your approval." : "You have no requests.";
  show(context, requests, all.length > 0 ? `None is ${state?.join(" or ")}.` : none);
}

/** `timelatch grants`: everything through which access may exist now. */
export async function grants(context: Context): Promise<void> {
  show(context, await liveGrants(await context.api()), NO_GRANTS);
}

export const NO_GRANTS = "No access is lent that you may see.";

/** Everything through which access may exist now, as far as one may see it. @throws Failure */
export const liveGrants = (api: Api): Promise<readonly RequestAnswer[]> =>
  collect(api, "/v1/grants");

async function collect(
  api: Api,
  path: string,
  query?: Readonly<Record<string, string>>,
): Promise<readonly RequestAnswer[]> {
  const found: RequestAnswer[] = [];
  for await (const { requests } of pages<RequestList>(api, path, query)) found.push(...requests);
  return found;
}

function show(context: Context, requests: readonly RequestAnswer[], none: string): void {
  answer(context, { requests }, () =>
    requests.length === 0
      ? `${none}\n`
      : renderTable(requests, requestColumns(context.now()), context.screen.out),
  );
}
