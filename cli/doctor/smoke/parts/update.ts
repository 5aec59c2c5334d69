/** Calls about access entries while their cluster is updated. The update switches one type of the cluster's own logs. */
import type { EKS } from "@aws-sdk/client-eks";
import { accessPolicyArn } from "../../../../shared/domain/values/arn.ts";
import { type Fact, judged, unsettled } from "../fact.ts";
import type { Part } from "../part.ts";
import { refusalOf } from "../refusal.ts";
import { named, type RedactableText, redactable, seconds } from "../report/redactable.ts";
import { clientsOf, createEntry, NAMESPACE, type Scratch, scratchRole } from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import type { LogType, Thing } from "../thing.ts";

export const update: Part = {
  name: "update",
  onlyByName: true,
  does: "switches a type of log of each named cluster on, changes a scratch access entry while EKS updates the cluster, and switches the log off",
  makes:
    "an update of the cluster and one back, and lines of that log, which CloudWatch charges for",
  async play(stage) {
    const facts: Fact[] = [];
    for (const cluster of stage.clusters) facts.push(await on(stage, cluster));
    return facts;
  },
};

/** The audit log is never among them. */
const LOGS: readonly LogType[] = ["scheduler", "controllerManager", "authenticator", "api"];

async function on(stage: Stage, cluster: SmokeCluster): Promise<Fact> {
  const eks = await clientsOf(stage, cluster).eks();
  const log = await logThatIsOff(eks, cluster);
  const where = named("cluster", cluster.name);
  if (!log) return later(redactable`${where} writes each of its logs`);
  const scratch = await scratchRole(stage, cluster, "update");
  if (!(await createEntry(stage, scratch)))
    return later(
      redactable`EKS did not know the scratch role in ${seconds(stage.pace.roleSeconds)}`,
    );
  const { account, region, name } = cluster.at;
  const thing: Thing = { kind: "log", account, region, name, log };
  const began = stage.now();
  const { update: started } = await stage.journal.make(thing, () =>
    eks.updateClusterConfig({
      name,
      logging: { clusterLogging: [{ types: [log], enabled: true }] },
    }),
  );
  const seen = await during(stage, scratch, started?.id ?? "");
  if (!seen) return later(redactable`EKS did not end the update of ${where} in time`);
  return factOf(stage, where, seen, (stage.now() - began) / 1_000);
}

async function logThatIsOff(eks: EKS, { at }: SmokeCluster): Promise<LogType | undefined> {
  const { cluster } = await eks.describeCluster({ name: at.name });
  const enabled = (cluster?.logging?.clusterLogging ?? []).flatMap(({ types = [], enabled }) =>
    enabled ? types : [],
  );
  return LOGS.find((log) => !enabled.includes(log));
}

/** The calls while the update went on. */
interface Seen {
  calls: number;
  refused: number;
  /** The name of the last refusal. */
  error?: string;
  /** The longest time without a call that EKS took, in milliseconds. */
  longestMs: number;
}

/** @returns undefined where the update does not end in time */
async function during(stage: Stage, scratch: Scratch, updateId: string): Promise<Seen | undefined> {
  const { eks, address, cluster } = scratch;
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSViewPolicy");
  const accessScope = { type: "namespace" as const, namespaces: [NAMESPACE] };
  const seen: Seen = { calls: 0, refused: 0, longestMs: 0 };
  let takenAt = stage.now();
  return stage.until(
    redactable`EKS to end the update of ${named("cluster", cluster.name)}`,
    stage.pace.updateSeconds,
    async () => {
      const answer = await eks.describeUpdate({ name: cluster.at.name, updateId });
      if (answer.update?.status !== "InProgress") return seen;
      for (const call of [
        () => eks.associateAccessPolicy({ ...address, policyArn, accessScope }),
        () => eks.disassociateAccessPolicy({ ...address, policyArn }),
      ]) {
        const error = await refusalOf(call);
        seen.calls += 1;
        if (error === undefined) takenAt = stage.now();
        else Object.assign(seen, { error, refused: seen.refused + 1 });
        seen.longestMs = Math.max(seen.longestMs, stage.now() - takenAt);
      }
      return undefined;
    },
  );
}

function factOf(stage: Stage, where: RedactableText, seen: Seen, took: number): Fact {
  const { policySkewSeconds } = stage.deployed.settings;
  const longest = seen.longestMs / 1_000;
  const numbers = { calls: seen.calls, refused: seen.refused, tookSeconds: took };
  if (seen.calls === 0)
    return unsettled(
      "entry-while-updating",
      redactable`the update of ${where} was over before a call`,
      redactable`run it again: timelatch doctor --smoke <cluster> --only update`,
      numbers,
    );
  const refusals =
    seen.error === undefined ? redactable`` : redactable` (${named("error", seen.error)})`;
  return judged(longest < policySkewSeconds, "entry-while-updating", {
    says: redactable`EKS updated ${where} for ${seconds(took)}, and refused ${seen.refused} of ${seen.calls} calls about an entry meanwhile${refusals}, for at most ${seconds(longest)}; the broker tries for ${seconds(policySkewSeconds)}`,
    next: redactable`raise policySkewSeconds above ${Math.ceil(longest)} in infra/synth/settings.ts, and deploy`,
    numbers: { ...numbers, longestSeconds: longest },
  });
}

const later = (why: RedactableText): Fact =>
  unsettled(
    "entry-while-updating",
    why,
    redactable`run it on another cluster: timelatch doctor --smoke <cluster> --only update`,
  );
