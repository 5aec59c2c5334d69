import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import { everyonesRequests } from "../api/everyone.ts";
import { grantsOf, requestsOf } from "../api/lists.ts";
import { stoppedIfKnown } from "../api/stopped.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { pastMoment } from "../prompts/moment-option.ts";
import { progressLine } from "../terminal/progress.ts";
import { renderTable } from "../terminal/table.ts";
import { counted } from "../text/bundle-text.ts";
import { requestColumns } from "../text/request-text.ts";
import { stoppedText } from "../text/stopped-text.ts";
import { fullTime } from "../text/time-text.ts";

export interface ListOptions {
  readonly toApprove?: true;
  /** Everyone's, for auditors. */
  readonly all?: true;
  /** With `all`: a person's name, and from when on it was asked. */
  readonly who?: string;
  readonly since?: string;
  readonly cluster?: string;
  /** States of a request, as `parseState` reads them. */
  readonly state?: readonly string[];
}

/** `timelatch list`: one's own requests, those that wait for one's decision, or everyone's. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  checkOptions(options);
  if (options.all) return await listAll(context, options);
  const { toApprove } = options;
  const api = await context.api();
  const all = await requestsOf(api, toApprove ? "to-approve" : "mine");
  const stopped = context.json ? undefined : await stoppedIfKnown(api);
  const { err } = context.screen;
  if (stopped) remark(context, `${stoppedText(stopped, err)}\n`);
  const none = toApprove ? "No request waits for your approval." : "You have no requests.";
  const filtered = `None of your ${counted(all.length, "request")} is ${wantedText(options)}.`;
  show(context, all.filter(isWanted(options)), all.length > 0 ? filtered : none);
}

/** An auditor's week is seldom longer than a page. */
const DEFAULT_SINCE = "7d";

async function listAll(context: Context, options: ListOptions): Promise<void> {
  const now = context.now();
  const from = pastMoment("--since", options.since ?? DEFAULT_SINCE, now, usage);
  const api = await context.api();
  const line = progressLine(context);
  const { requests, to, forgotten } = await everyonesRequests(
    api,
    { from, to: now },
    (count, all) => line.show(`Read ${count} of ${counted(all, "request")}`),
  ).finally(() => line.end());
  remark(context, `Everyone's requests, asked from ${fullTime(from)} to ${fullTime(to)}.\n`);
  if (forgotten.length > 0)
    remark(
      context,
      `No record is left of ${counted(forgotten.length, "request")} of that time, only events: timelatch audit report has all.\n`,
    );
  const wanted = requests.filter(isWanted(options));
  const filtered = `None of ${counted(requests.length, "request")} is ${wantedText(options)}.`;
  const none = forgotten.length > 0 ? "Nobody asked for anything else then." : "Nobody asked then.";
  show(context, wanted, requests.length > 0 ? filtered : none);
}

const isWanted =
  ({ state, who, cluster }: ListOptions) =>
  (request: Pick<RequestSummary, "state" | "requester" | "cluster">): boolean =>
    (state === undefined || state.includes(request.state)) &&
    (who === undefined || request.requester === who) &&
    (cluster === undefined || request.cluster === cluster);

/** `ended, of alice, on prod`. */
const wantedText = ({ state, who, cluster }: ListOptions): string =>
  [
    state?.join(" or "),
    who === undefined ? undefined : `of ${visible(who)}`,
    cluster === undefined ? undefined : `on ${visible(cluster)}`,
  ]
    .filter((part) => part !== undefined)
    .join(", ");

/** @throws Failure `usage` where an option is about everyone's requests, and `--all` is not there */
function checkOptions({ all, who, since }: ListOptions): void {
  if (all) return;
  const alone = who === undefined ? (since === undefined ? undefined : "--since") : "--who";
  if (alone !== undefined)
    throw usage(`${alone} is about everyone's requests, and --all is not there.`);
}

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: ["Next: timelatch list --all --since 7d"],
  });

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
