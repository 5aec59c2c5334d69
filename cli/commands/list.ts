import { visible } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import { everyonesRequests } from "../api/everyone.ts";
import { grantsOf, type Lent, lentOn, requestsOf } from "../api/lists.ts";
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
  /** With `all` and a cluster: the interval in which grants were live there. */
  readonly from?: string;
  readonly to?: string;
  readonly cluster?: string;
  /** States of a request, as `parseState` reads them. */
  readonly state?: readonly string[];
}

/** `timelatch list`: one's own requests, those that wait for one's decision, or everyone's. */
export async function list(context: Context, options: ListOptions): Promise<void> {
  checkOptions(options);
  if (isOfInterval(options)) return await listLent(context, options);
  if (options.all) return await listAll(context, options);
  const { toApprove } = options;
  const api = await context.api();
  const all = await requestsOf(api, toApprove ? "to-approve" : "mine");
  const stopped = context.json ? undefined : await stoppedIfKnown(api);
  const { err } = context.screen;
  if (stopped) remark(context, `${stoppedText(stopped, err)}\n`);
  const none = toApprove ? "No request waits for your approval." : NO_REQUESTS;
  const filtered = `None of your ${counted(all.length, "request")} is ${wantedText(options)}.`;
  show(context, all.filter(isWanted(options)), all.length > 0 ? filtered : none);
}

/** An approver may look here for what others asked. */
const NO_REQUESTS =
  "You have no requests.\nWhat waits for your approval: timelatch list --to-approve";

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

/** Lists the grants of a cluster between two moments, whenever they were asked. */
async function listLent(
  context: Context,
  { cluster = "", from = DEFAULT_SINCE, to, ...options }: ListOptions,
): Promise<void> {
  const now = context.now();
  const between = {
    from: pastMoment("--from", from, now, usage),
    to: to === undefined ? now : pastMoment("--to", to, now, usage),
  };
  if (between.from >= between.to) throw usage("--from has to be earlier than --to.");
  const found = await lentOn(await context.api(), cluster, between);
  const wanted = found.requests.filter(isWanted(options));
  const [start, end] = [fullTime(between.from), fullTime(between.to)];
  remark(context, `What was lent on ${visible(cluster)} from ${start} to ${end}.\n`);
  for (const line of gapsText(found, between.from)) remark(context, `${line}\n`);
  answer(context, { ...found, requests: wanted }, () =>
    wanted.length === 0
      ? `No grant in the list is ${wantedText(options) || "of that time"}.\n`
      : renderTable(wanted, requestColumns(now, wanted), context.screen.out),
  );
}

/** Says what the list may lack. */
const gapsText = ({ since, leftOut }: Lent, from: string): readonly string[] => [
  ...(since === null
    ? ["The list has no grant that this release approved there. Earlier ones may be missing."]
    : since > from
      ? [`Grants that were approved before ${fullTime(since)} may be missing.`]
      : []),
  ...(leftOut === 0
    ? []
    : [
        `${counted(leftOut, "item")} of the list ${leftOut === 1 ? "has" : "have"} no sound record: timelatch audit report has the events.`,
      ]),
];

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

const isOfInterval = ({ from, to }: ListOptions): boolean => from !== undefined || to !== undefined;

/** @throws Failure `usage` where an option is about everyone's requests, and `--all` is not there */
function checkOptions(options: ListOptions): void {
  const { all, cluster, since } = options;
  const alone = (["who", "since", "from", "to"] as const).find((name) => options[name]);
  if (!all && alone !== undefined)
    throw usage(`--${alone} is about everyone's requests, and --all is not there.`);
  if (!isOfInterval(options)) return;
  if (cluster === undefined)
    throw usage("--from and --to are about one cluster, and --cluster is not there.");
  if (since !== undefined)
    throw usage(
      "--since is about when it was asked, and --from about when it was lent. Write one.",
    );
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
