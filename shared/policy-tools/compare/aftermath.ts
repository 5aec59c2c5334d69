/** The fate of lent access when a policy changes. A deployment ends none of it. Pure. */
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import { clusterUses } from "../../policy-file/assembly-record.ts";
import { departedClusters } from "../../policy-file/faults/departure-faults.ts";
import type { ChangedSubject } from "./changed-subjects.ts";

export interface Aftermath {
  readonly kind: /** The cluster `of`, an ARN, leaves while it lends: a synthesis refuses that. */
    | "left-while-lending"
    /** The cluster `of`, an ARN, leaves, and was retired before. */
    | "retired-leaves"
    /** Nothing new begins on the cluster `of`, an ARN. */
    | "retires"
    /** The person `of` leaves. */
    | "person-leaves"
    /** The rule `of` lends less to somebody, or nothing. */
    | "rule-lends-less"
    /** The deployment has the name `of` no more: a synthesis refuses that. */
    | "renamed";
  readonly of: string;
}

/** Kinds that a synthesis refuses. */
export const REFUSED: readonly Aftermath["kind"][] = ["left-while-lending", "renamed"];

export function aftermathOf(
  before: AccessPolicy,
  after: AccessPolicy,
  changes: readonly ChangedSubject[],
): readonly Aftermath[] {
  const [uses, later] = [clusterUses(before), clusterUses(after)];
  const each = (kind: Aftermath["kind"], names: readonly string[]) =>
    [...new Set(names)].map((of): Aftermath => ({ kind, of }));
  const departed = departedClusters(uses, later);
  const lost = changes.filter((change) => change.after.length === 0);
  const name = deploymentOf(before);
  return [
    ...each("renamed", name === deploymentOf(after) ? [] : [name]),
    ...each(
      "left-while-lending",
      departed.filter((arn) => uses[arn] === "lends"),
    ),
    ...each(
      "retired-leaves",
      departed.filter((arn) => uses[arn] === "retired"),
    ),
    ...each(
      "retires",
      Object.keys(uses).filter((arn) => uses[arn] === "lends" && later[arn] === "retired"),
    ),
    ...each(
      "person-leaves",
      Object.keys(before.people).filter((one) => !Object.hasOwn(after.people, one)),
    ),
    ...each(
      "rule-lends-less",
      lost.flatMap((change) => change.before.map(({ rule }) => rule)),
    ),
  ];
}
