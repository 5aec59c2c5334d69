import { visible } from "../../shared/domain/values/visible-text.ts";
import type { ClusterAnswer } from "../../shared/http/contract/cluster-answer.ts";
import type { Column } from "../terminal/table.ts";
import { awayText } from "./time-text.ts";

/** The columns of the list of clusters, as seen at `now`. */
export const clusterColumns = (now: string): readonly Column<ClusterAnswer>[] => [
  { title: "CLUSTER", text: ({ name }) => visible(name), least: 8 },
  { title: "MODE", text: ({ setup }) => visible(setup?.cluster?.authenticationMode ?? "unknown") },
  {
    title: "AUDIT LOG",
    text: ({ setup }) => (setup?.cluster ? (setup.cluster.auditLog ? "on" : "off") : "unknown"),
    style: ({ setup }) => (setup?.cluster?.auditLog === false ? "yellow" : undefined),
  },
  { title: "ENTRIES", text: ({ standing }) => (standing ? String(standing.read) : "unknown") },
  { title: "READ", text: (cluster) => readText(cluster, now) },
];

function readText({ standing, unread, failure }: ClusterAnswer, now: string): string {
  if (unread !== null) return "no: retired";
  if (standing) return awayText(standing.completedAt, now);
  return failure ? `not yet: ${visible(failure.code)}` : "not yet";
}
