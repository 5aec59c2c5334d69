import type { ReachAnswer } from "../../shared/http/contract/reach-answer.ts";
import type { Api } from "../api/api-client.ts";
import { clustersOf, standingOn } from "../api/clusters.ts";
import { grantsOf } from "../api/lists.ts";
import { readPersonAccess } from "../api/person-access.ts";
import { reachOf } from "../api/reach.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { pastInstant } from "../text/past-instant.ts";
import { type AskedPerson, partOf } from "../text/reach-person-text.ts";
import { type ClusterReach, reachText } from "../text/reach-text.ts";
import { reachThenText } from "../text/reach-then-text.ts";
import { everywhere } from "../text/time-text.ts";
import { reachArchive } from "./reach-archive.ts";

export interface ReachOptions {
  /** A cluster, by its name in access.yaml. */
  readonly cluster?: string;
  /** The person, by the name in access.yaml; without it, everyone. */
  readonly who?: string;
  /** An instant of the past, as people write it; without it, now. */
  readonly at?: string;
  /** With `at`: the folder of a synced archive, in place of the API, and the public key that sealed it. */
  readonly archive?: string;
  readonly key?: string;
}

/** `timelatch reach`: everyone with access to one cluster, or to each, through grants and standing. */
export async function reach(context: Context, options: ReachOptions): Promise<void> {
  const { at: then, archive, key } = options;
  if ((archive === undefined) !== (key === undefined))
    throw usage("--archive and --key belong together: an archive is worth what its key proves.");
  if (archive !== undefined && then === undefined)
    throw usage("--archive is about the past, and --at is not there.");
  if (then !== undefined) return await reachThen(context, then, options);
  const api = await context.api();
  const person = await askedPerson(api, options);
  const grants = await grantsOf(api);
  const clusters: ClusterReach[] = [];
  for (const each of await namesOf(context, options.cluster)) {
    const standing = await standingOn(api, each);
    clusters.push({ ...standing, grants: grants.filter(({ cluster }) => cluster === each) });
  }
  const at = context.now();
  answer(context, { at, ...partOf(clusters, person) }, () =>
    clusters.map((one) => reachText(one, at, context.screen.out, person)).join("\n"),
  );
}

/** A name that access.yaml does not have may be misspelt, or of somebody who has left. @throws Failure */
async function askedPerson(
  api: Api,
  { who, cluster }: ReachOptions,
): Promise<AskedPerson | undefined> {
  if (who === undefined) return undefined;
  try {
    await readPersonAccess(api, who, cluster);
    return { name: who, isNamed: true };
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "person-not-found") throw error;
    return { name: who, isNamed: false };
  }
}

/** The same at an instant of the past, by audit events and the last reading before it. */
async function reachThen(context: Context, text: string, options: ReachOptions): Promise<void> {
  const { cluster: name, who, archive, key } = options;
  const now = context.now();
  const at = pastInstant("--at", text, now, usage);
  if (archive !== undefined && key !== undefined)
    return await reachArchive(context, at, { cluster: name, who, archive, key });
  const api = await context.api();
  const person = await askedPerson(api, options);
  const clusters: ReachAnswer[] = [];
  for (const each of await namesOf(context, name)) clusters.push(await reachOf(api, each, at));
  remark(context, `Who could reach it at ${everywhere(at)}.\n`);
  answer(context, { at, ...partOf(clusters, person) }, () =>
    clusters.map((one) => reachThenText(one, now, context.screen.out, person)).join("\n"),
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
