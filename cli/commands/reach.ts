import { clustersOf, standingOn } from "../api/clusters.ts";
import { grantsOf } from "../api/lists.ts";
import { answer, type Context } from "../context.ts";
import { type ClusterReach, reachText } from "../text/reach-text.ts";

export interface ReachOptions {
  /** A cluster, by its name in access.yaml. */
  readonly cluster?: string;
}

/** `timelatch reach`: everyone with access to one cluster now, or to each, through grants and standing. */
export async function reach(context: Context, { cluster: name }: ReachOptions): Promise<void> {
  const api = await context.api();
  const names = name === undefined ? (await clustersOf(api)).map((one) => one.name) : [name];
  const grants = await grantsOf(api);
  const clusters: ClusterReach[] = [];
  for (const each of names) {
    const standing = await standingOn(api, each);
    clusters.push({ ...standing, grants: grants.filter(({ cluster }) => cluster === each) });
  }
  const at = context.now();
  answer(context, { at, clusters }, () =>
    clusters.map((one) => reachText(one, at, context.screen.out)).join("\n"),
  );
}
