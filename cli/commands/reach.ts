import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import { clustersOf, standingOn } from "../api/clusters.ts";
import { grantsOf } from "../api/lists.ts";
import { reachOf } from "../api/reach.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { pastInstant } from "../text/past-instant.ts";
import { type ClusterReach, reachText } from "../text/reach-text.ts";
import { reachThenText } from "../text/reach-then-text.ts";
import { fullTime, utcTime } from "../text/time-text.ts";

export interface ReachOptions {
  /** A cluster, by its name in access.yaml. */
  readonly cluster?: string;
  /** An instant of the past, as people write it; without it, now. */
  readonly at?: string;
}

/** `timelatch reach`: everyone with access to one cluster, or to each, through grants and standing. */
export async function reach(context: Context, options: ReachOptions): Promise<void> {
  if (options.at !== undefined) return await reachThen(context, options.at, options.cluster);
  const api = await context.api();
  const grants = await grantsOf(api);
  const clusters: ClusterReach[] = [];
  for (const each of await namesOf(context, options.cluster)) {
    const standing = await standingOn(api, each);
    clusters.push({ ...standing, grants: grants.filter(({ cluster }) => cluster === each) });
  }
  const at = context.now();
  answer(context, { at, clusters }, () =>
    clusters.map((one) => reachText(one, at, context.screen.out)).join("\n"),
  );
}

/** The same at an instant of the past, by audit events and the last reading before it. */
async function reachThen(context: Context, text: string, name: string | undefined): Promise<void> {
  const now = context.now();
  const at = pastInstant("--at", text, now, usage);
  const api = await context.api();
  const clusters: ReachAnswer[] = [];
  for (const each of await namesOf(context, name)) clusters.push(await reachOf(api, each, at));
  remark(context, `Who could reach it at ${fullTime(at)} (${utcTime(at)}).\n`);
  answer(context, { at, clusters }, () =>
    clusters.map((one) => reachThenText(one, now, context.screen.out)).join("\n"),
  );
}

const namesOf = async (context: Context, name: string | undefined): Promise<readonly string[]> =>
  name === undefined ? (await clustersOf(await context.api())).map((one) => one.name) : [name];

const usage = (what: string) =>
  new Failure("usage", "usage", {
    what,
    notDone: "Nothing was sent.",
    next: ['Next: timelatch reach --cluster NAME --at "yesterday 15:33"'],
  });
