import { visibleJson } from "../../shared/domain/values/visible-text.ts";
import { type ClusterStanding, clustersOf, standingOn } from "../api/clusters.ts";
import { standingCsv } from "../audit/standing-csv.ts";
import { writeToOutput } from "../audit/write-whole.ts";
import { answer, type Context, remark } from "../context.ts";
import { Failure } from "../failures/failure.ts";
import { renderFacts } from "../terminal/facts.ts";
import { renderTable } from "../terminal/table.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import { checkFacts, nextCommands } from "../text/cluster-check-text.ts";
import { clusterColumns } from "../text/cluster-columns.ts";
import { standingText, unreadText } from "../text/standing-text.ts";

export const STANDING_FORMATS = ["text", "csv", "json"] as const;

export interface StandingOptions {
  readonly format?: (typeof STANDING_FORMATS)[number];
}

/** `timelatch clusters`: every cluster of the policy. */
export async function listClusters(context: Context): Promise<void> {
  const clusters = await clustersOf(await context.api());
  answer(context, { clusters }, () =>
    clusters.length === 0
      ? "access.yaml has no clusters.\n"
      : renderTable(clusters, clusterColumns(context.now()), context.screen.out),
  );
}

/** `timelatch clusters standing`: what stands on one cluster, or on all of them. */
export async function clusterStanding(
  context: Context,
  name: string | undefined,
  options: StandingOptions,
): Promise<void> {
  const format = formatOf(context, options);
  const api = await context.api();
  const names = name === undefined ? (await clustersOf(api)).map((one) => one.name) : [name];
  const clusters: ClusterStanding[] = [];
  for (const each of names) clusters.push(await standingOn(api, each));
  // Text is for a terminal; the other formats may be long, and are whole or an error.
  for (const text of texts(context, format, clusters))
    if (format === "text") context.screen.out.write(text);
    else await writeToOutput(text);
  if (format !== "csv") return;
  for (const { cluster } of clusters.filter(({ cluster: { standing } }) => standing === null))
    remark(context, `${cluster.name}: ${unreadText(cluster, context.now())}\n`);
}

function* texts(
  { now, screen }: Context,
  format: (typeof STANDING_FORMATS)[number],
  clusters: readonly ClusterStanding[],
): Generator<string> {
  if (format === "csv") yield* standingCsv(clusters);
  else if (format === "json") yield `${visibleJson({ clusters }, 2)}\n`;
  else yield clusters.map((one) => standingText(one, now(), screen.out)).join("\n");
}

function formatOf({ json }: Context, { format }: StandingOptions) {
  if (json && format !== undefined && format !== "json")
    throw new Failure("usage", "usage", {
      what: "--json and --format exclude each other.",
      notDone: "Nothing was sent.",
      next: ["Next: see timelatch clusters standing --help."],
    });
  return json ? "json" : (format ?? "text");
}

/** `timelatch clusters check`: how one cluster is set up, and what to do next. */
export async function checkCluster(context: Context, name: string): Promise<void> {
  const standing = await standingOn(await context.api(), name);
  answer(context, { cluster: standing.cluster, next: nextCommands(standing) }, () => {
    const { out } = context.screen;
    const facts = renderFacts(checkFacts(standing, context.now()), out);
    // A command is to be copied, so it is never wrapped.
    const next = nextCommands(standing).map(
      ({ what, command }) => `\n${wrapLines(what, out.columns)}\n  ${command}\n`,
    );
    return facts + next.join("");
  });
}
