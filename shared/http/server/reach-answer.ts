import { askerOf } from "../../domain/policy/machines.ts";
import type { AccessPolicy } from "../../domain/policy/policy.ts";
import type { GrantThen } from "../../domain/requests/grant-then.ts";
import type { StandingEntry } from "../../domain/standing/standing-entry.ts";
import type { StandingThen } from "../../domain/standing/standing-then.ts";
import { deploymentOf } from "../../domain/values/deployment.ts";
import type { GrantThenAnswer, ReachAnswer, StandingThenAnswer } from "../contract/reach-answer.ts";
import { clusterAnswer, type Known, passAnswer, standingEntryAnswer } from "./cluster-answer.ts";
import { findingAnswer } from "./finding-answer.ts";

interface Reach extends Pick<ReachAnswer, "at" | "since" | "startedFrom" | "leftOut"> {
  readonly cluster: Known;
  readonly standing: StandingThen & Pick<StandingThenAnswer, "changed">;
  readonly grants: readonly GrantThen[];
  readonly findings: readonly Parameters<typeof findingAnswer>[0][];
  readonly entries: readonly StandingEntry[];
}

/** Everyone who could reach a cluster at an instant, as clients read it. */
export function reachAnswer(reach: Reach, policy: AccessPolicy): Omit<ReachAnswer, "next"> {
  const { cluster, at, since, startedFrom, standing, grants, findings, entries, leftOut } = reach;
  return {
    cluster: clusterAnswer(cluster, deploymentOf(policy)),
    at,
    since,
    startedFrom,
    standing: standingAnswer(standing),
    grants: grants.map((grant) => grantAnswer(grant, policy)),
    findings: findings.map(findingAnswer),
    entries: entries.map((entry) => standingEntryAnswer(entry, policy)),
    leftOut,
  };
}

const standingAnswer = ({
  pass,
  following,
  changed,
  unknown,
}: Reach["standing"]): StandingThenAnswer => ({
  reading: pass && passAnswer(pass),
  following: following?.completedAt ?? null,
  changed,
  unknown,
});

const grantAnswer = (grant: GrantThen, policy: AccessPolicy): GrantThenAnswer => ({
  ...grant,
  ...askerOf(policy, { requester: grant.requester }),
});
