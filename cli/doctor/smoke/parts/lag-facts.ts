/** Facts from measured reads. Pure. */
import { contradicted, type Fact, judged } from "../fact.ts";
import { named, redactable, seconds } from "../report/redactable.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import type { Lag } from "./read-lag.ts";

/** The measurements on one cluster. */
export interface Measured {
  readonly entry: Lag;
  readonly associations: Lag;
  readonly role: Lag;
}

export const neverKnown = (stage: Stage, cluster: SmokeCluster): Fact =>
  contradicted(
    "role-lag",
    redactable`EKS refused a new role as principal on ${named("cluster", cluster.name)} for ${seconds(stage.pace.roleSeconds)}`,
    redactable`run it again; if it stays, raise policySkewSeconds above what the next run says`,
  );

export const lagFacts = (
  { deployed: { settings } }: Stage,
  cluster: SmokeCluster,
  { entry, associations }: Measured,
): readonly Fact[] =>
  (
    [
      ["entry", entry],
      ["associations", associations],
    ] as const
  ).map(([what, { behind, reads, stale }]) =>
    judged(behind < settings.readLagSeconds, "read-lag", {
      says: redactable`reads of the ${what === "entry" ? redactable`entry` : redactable`associations`} on ${named("cluster", cluster.name)} were at most ${seconds(behind)} behind: ${stale} of ${reads} reads showed an earlier state; the broker waits ${seconds(settings.readLagSeconds)}`,
      next: redactable`raise readLagSeconds above ${Math.ceil(behind)}, twice that at best, in infra/synth/settings.ts, and deploy`,
      numbers: { behindSeconds: behind, reads, stale, readLagSeconds: settings.readLagSeconds },
    }),
  );

export function roleFact(
  { deployed: { settings } }: Stage,
  cluster: SmokeCluster,
  { behind, reads }: Lag,
  known: number,
): Fact {
  const most = Math.max(behind, known);
  return judged(most < settings.policySkewSeconds, "role-lag", {
    says: redactable`GetRole was at most ${seconds(behind)} behind in ${reads} reads of a new role, and EKS knew it after ${seconds(known)} on ${named("cluster", cluster.name)}; the broker tries for ${seconds(settings.policySkewSeconds)}`,
    next: redactable`raise policySkewSeconds above ${Math.ceil(most)} in infra/synth/settings.ts, and deploy`,
    numbers: { behindSeconds: behind, knownSeconds: known },
  });
}
