import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import { grantsOf, requestsOf } from "../api/lists.ts";
import { stoppedIfKnown } from "../api/stopped.ts";
import { answer, type Context, remark } from "../context.ts";
import { renderTable } from "../terminal/table.ts";
import { requestColumns } from "../text/request-text.ts";
import { stoppedText } from "../text/stopped-text.ts";

export interface ListOptions {
  readonly toApprove?: true;
  /** States of a request, as `parseState` reads them. */
  readonly state?: readonly string[];
}

/** `timelatch list`: one's own requests, or those that wait for one's decision. */
export async function list(context: Context, { toApprove, state }: ListOptions): Promise<void> {
  const api = await context.api();
  const all = await requestsOf(api, toApprove ? "to-approve" : "mine");
  const stopped = context.json ? undefined : await stoppedIfKnown(api);
  const { err } = context.screen;
  if (stopped) remark(context, `${stoppedText(stopped, err)}\n`);
  const requests = state ? all.filter((request) => state.includes(request.state)) : all;
  const none = toApprove ? "No request waits for your approval." : "You have no requests.";
  const filtered = `None of your ${all.length === 1 ? "1 request" : `${all.length} requests`} is ${state?.join(" or ")}.`;
  show(context, requests, all.length > 0 ? filtered : none);
}

/** `timelatch grants`: everything through which access may exist now. */
export async function grants(context: Context): Promise<void> {
  show(context, await grantsOf(await context.api()), NO_GRANTS);
}

export const NO_GRANTS = "No active access that you can see.";

function show(context: Context, requests: readonly RequestSummary[], none: string): void {
  answer(context, { requests }, () =>
    requests.length === 0
      ? `${none}\n`
      : renderTable(requests, requestColumns(context.now(), requests), context.screen.out),
  );
}
