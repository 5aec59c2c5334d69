/** Standing access as a table: one policy, or all groups, of an entry a line. */
import type { StandingEntryAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { ClusterStanding } from "../api/clusters.ts";
import { csvRecord } from "./csv.ts";

const COLUMNS = [
  "cluster",
  "clusterArn",
  "readAt",
  "kind",
  "power",
  "principalArn",
  "principal",
  "policy",
  "scope",
  "namespaces",
  "groups",
  "username",
  "type",
  "createdAt",
  "tagged",
  "isCut",
  "claimedBy",
  "people",
];

/** A cluster that was not read has no line, and the caller says so. */
export function* standingCsv(clusters: readonly ClusterStanding[]): Generator<string> {
  yield csvRecord(COLUMNS);
  for (const { cluster, entries } of clusters)
    for (const entry of entries)
      for (const line of linesOf(entry))
        yield csvRecord([
          cluster.name,
          cluster.clusterArn,
          entry.readAt,
          entry.kind,
          line.power,
          entry.principalArn,
          entry.principal,
          ...line.cells,
          entry.username,
          entry.type,
          entry.createdAt,
          String(entry.tagged),
          String(entry.isCut),
          entry.claimedBy?.join(", ") ?? "",
          entry.people?.join(", ") ?? "",
        ]);
}

/** An entry without policies and groups has a line as well. */
function linesOf({ policies, groups, power }: StandingEntryAnswer) {
  const lines = policies.map(({ policy, power: own, scope }) => ({
    power: own as string,
    cells: [policy, scope.type, scope.type === "cluster" ? "" : scope.namespaces.join(", "), ""],
  }));
  const rest = { power, cells: ["", "", "", groups.join(", ")] };
  return groups.length > 0 || lines.length === 0
    ? [...lines, { ...rest, power: groups.length > 0 ? "unknown" : power }]
    : lines;
}
