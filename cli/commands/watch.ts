import { setTimeout as pause } from "node:timers/promises";
import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import type { RequestSummary } from "../../shared/http/contract/answers.ts";
import type { Api } from "../api/api-client.ts";
import { grantsOf } from "../api/lists.ts";
import { answer, type Context } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { untilInterrupted } from "../terminal/interruption.ts";
import { liveView } from "../terminal/live-view.ts";
import { renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { byEnd, changeText, grantColumns } from "../text/grant-text.ts";
import { fullTime } from "../text/time-text.ts";
import { NO_GRANTS } from "./list.ts";

export interface WatchOptions {
  readonly once?: true;
}

export interface WatchTiming {
  readonly pollMs: number;
  readonly redrawMs: number;
}

const TIMING: WatchTiming = { pollMs: 5_000, redrawMs: 1_000 };

/**
 * `timelatch watch`: the live grants that one may see, counting down on a terminal. Elsewhere, and
 * under `--json`, it prints a line for each change. It runs until Ctrl-C, which is success.
 */
export async function watch(
  context: Context,
  { once }: WatchOptions,
  timing: WatchTiming = TIMING,
): Promise<void> {
  const api = await context.api();
  const { out } = context.screen;
  if (once) {
    const requests = (await grantsOf(api)).toSorted(byEnd);
    answer(context, { requests }, () => tableText(context, requests));
    return;
  }
  const show = out.terminal && !context.json ? drawing : changes;
  await untilInterrupted(
    (signal) => show(context, api, timing, signal),
    () => undefined,
  );
}

/** The last answer of the API, and since when it has not answered. */
interface Sight {
  readonly grants: readonly RequestSummary[];
  readonly lostAt: string | undefined;
}

/** Polls the API. A failure that may pass is reported in the sight, and polling goes on. */
async function* sights(
  context: Context,
  api: Api,
  pollMs: number,
  signal: AbortSignal,
): AsyncGenerator<Sight> {
  let sight: Sight = { grants: await grantsOf(api), lostAt: undefined };
  for (;;) {
    yield sight;
    if (await isOver(pollMs, signal)) return;
    try {
      sight = { grants: await grantsOf(api), lostAt: undefined };
    } catch (error) {
      if (!(error instanceof Failure) || error.exit !== "unavailable") throw error;
      sight = { ...sight, lostAt: sight.lostAt ?? context.now() };
    }
  }
}

const isOver = (ms: number, signal: AbortSignal): Promise<boolean> =>
  pause(ms, false, { signal }).catch(() => true);

async function drawing(
  context: Context,
  api: Api,
  { pollMs, redrawMs }: WatchTiming,
  signal: AbortSignal,
): Promise<void> {
  const { out } = context.screen;
  const looks = sights(context, api, pollMs, signal);
  // The first poll comes before the alternate screen, so that its error stays readable.
  let seen = await looks.next();
  if (signal.aborted) return;
  const view = liveView(out);
  const draw = () => {
    if (!seen.done) view.draw(frameText(context, seen.value));
  };
  const clock = setInterval(draw, redrawMs);
  const end = () => {
    clearInterval(clock);
    view.end();
  };
  signal.addEventListener("abort", end, { once: true });
  try {
    for (; !seen.done; seen = await looks.next()) draw();
  } finally {
    if (!signal.aborted) end();
  }
}

function frameText(context: Context, { grants, lostAt }: Sight): string {
  const { out } = context.screen;
  const now = context.now();
  const lost =
    lostAt === undefined
      ? ""
      : `The API has not answered since ${fullTime(lostAt)}; this is its last answer.\n`;
  const head = wrapLines(`${fullTime(now)}. Ctrl-C to quit.\n`, out.columns);
  return [
    out.paint("dim", head),
    out.paint("yellow", wrapLines(lost, out.columns)),
    `\n${tableText(context, grants.toSorted(byEnd))}`,
  ].join("");
}

const tableText = ({ screen, now }: Context, grants: readonly RequestSummary[]): string =>
  grants.length === 0
    ? wrapLines(`${NO_GRANTS}\n`, screen.out.columns)
    : renderTable(grants, grantColumns(now(), grants), screen.out);

async function changes(
  context: Context,
  api: Api,
  { pollMs }: WatchTiming,
  signal: AbortSignal,
): Promise<void> {
  const { out, err } = context.screen;
  const tell = (grant: RequestSummary) => {
    if (!signal.aborted)
      out.write(`${context.json ? visibleJson(grant) : changeText(grant, context.now())}\n`);
  };
  let known: readonly RequestSummary[] = [];
  let lost = false;
  for await (const { grants, lostAt } of sights(context, api, pollMs, signal)) {
    if (lostAt !== undefined && !lost && !context.json)
      err.write("The API does not answer; trying again. The grants stay as they are.\n");
    lost = lostAt !== undefined;
    const open: RequestSummary[] = [];
    for (const before of known.filter(({ id }) => !grants.some((grant) => grant.id === id))) {
      const last = await lastOf(api, before);
      if (last) tell(last);
      else open.push(before);
    }
    for (const grant of grants.toSorted(byEnd))
      if (known.find(({ id }) => id === grant.id)?.state !== grant.state) tell(grant);
    known = [...grants, ...open];
  }
}

/** The last state of a grant that is no longer live; undefined while the API does not answer. */
async function lastOf(api: Api, { id }: RequestSummary): Promise<RequestSummary | undefined> {
  try {
    return await api.send<RequestSummary>({ method: "GET", path: `/v1/requests/${id}` });
  } catch (error) {
    if (error instanceof Failure && error.exit === "unavailable") return undefined;
    throw error;
  }
}
