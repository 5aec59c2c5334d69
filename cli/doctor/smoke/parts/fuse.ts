/** A fuse that fires: the last line that takes access away, armed as converge arms it. */
import { GROUPS } from "../../../../shared/domain/entries/access.ts";
import { fuseSchedule, onceInGroup } from "../../../../shared/domain/entries/fuse-schedule.ts";
import { accessPolicyArn } from "../../../../shared/domain/values/arn.ts";
import { contradicted, type Fact, holds } from "../fact.ts";
import type { Part } from "../part.ts";
import { refusalOf } from "../refusal.ts";
import { named, type RedactableText, redactable, seconds } from "../report/redactable.ts";
import {
  associate,
  associationsOf,
  clientsOf,
  createEntry,
  describedEntry,
  NAMESPACE,
  type Scratch,
  scratchRole,
} from "../scratch.ts";
import type { SmokeCluster, Stage } from "../stage.ts";
import { PREFIX } from "../thing.ts";
import { unsettledElsewhere } from "../unnamed-places.ts";

export const fuse: Part = {
  name: "fuse",
  does: "arms fuses on a scratch access entry on each named cluster, and watches the access and the entry go",
  makes:
    "a role that nobody can take, its access entry, and two schedules that fire and are then gone",
  async play(stage) {
    const facts: Fact[] = [];
    for (const cluster of stage.clusters) facts.push(...(await on(stage, cluster)));
    return [...facts, ...unsettledElsewhere(stage, "fuse-fires")];
  },
};

async function on(stage: Stage, cluster: SmokeCluster): Promise<readonly Fact[]> {
  const scratch = await scratchRole(stage, cluster, "fuse");
  if ((await createEntry(stage, scratch)) === undefined)
    return [
      contradicted(
        "fuse-fires",
        redactable`EKS took no entry for the scratch role on ${named("cluster", cluster.name)}`,
        redactable`run it again: timelatch doctor --smoke --only fuse`,
      ),
    ];
  const policyArn = accessPolicyArn(cluster.at.partition, "AmazonEKSViewPolicy");
  await associate(stage, scratch, policyArn, [NAMESPACE]);
  const { fuseSeconds, fuseLateSeconds, fuseApartSeconds } = stage.pace;
  const at = stage.now() + fuseSeconds * 1_000;
  // The second fires when the first has to be over: a fuse that finds nothing is a lost one, which alarms.
  const later = at + (fuseLateSeconds + fuseApartSeconds) * 1_000;
  const refusals = [
    await arm(stage, scratch, { target: policyArn, at, ends: "policy" }),
    await arm(stage, scratch, { target: GROUPS, at: later, ends: "entry" }),
  ].filter((error) => error !== undefined);
  const [refused] = refusals;
  if (refused !== undefined) return [refusedFact(cluster, refused)];
  return [
    await watched(stage, scratch, {
      at,
      what: redactable`access`,
      isGone: async () => !(await associationsOf(scratch)).has(policyArn),
    }),
    await watched(stage, scratch, {
      at: later,
      what: redactable`access entry`,
      isGone: async () => (await describedEntry(scratch)) === undefined,
    }),
  ];
}

interface Order {
  readonly target: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly ends: string;
}

/** @returns the name of the error where Scheduler refuses it */
async function arm(
  { deployed, journal, run, ...stage }: Stage,
  { cluster, address }: Scratch,
  { target, at, ends }: Order,
): Promise<string | undefined> {
  const { fuses, group } = deployed;
  const { account, region } = cluster.at;
  const name = `${PREFIX}-${run}-${cluster.name}`.slice(0, 56).concat(`-${ends}`);
  const scheduler = await clientsOf({ ...stage, deployed, journal, run }, cluster).scheduler();
  const { principalArn } = address;
  const order = {
    name,
    target,
    at: new Date(at).toISOString(),
    address: { cluster: cluster.at, principalArn },
  };
  const schedule = onceInGroup(fuseSchedule(fuses, order), group);
  return journal.make({ kind: "schedule", account, region, group, name }, () =>
    refusalOf(() => scheduler.createSchedule(schedule)),
  );
}

const refusedFact = ({ name }: SmokeCluster, error: string): Fact =>
  contradicted(
    "fuse-taken",
    redactable`Scheduler refuses the fuse on ${named("cluster", name)} with ${named("error", error)}: there is no last line, and grants go on without`,
    redactable`compare the role for fuses and the schedule group: timelatch doctor --only iam-drift; then tell us`,
  );

interface Watched {
  /** When it is to fire, milliseconds since 1970. */
  readonly at: number;
  readonly what: RedactableText;
  readonly isGone: () => Promise<boolean>;
}

/** Waits until it has to be gone, and says when it was. */
async function watched(
  stage: Stage,
  { cluster }: Scratch,
  { at, what, isGone }: Watched,
): Promise<Fact> {
  const { pace, deployed } = stage;
  const place = redactable`${what} on ${named("cluster", cluster.name)}`;
  const lag = deployed.settings.readLagSeconds;
  const isEarly = await goneBefore(stage, at, place, isGone);
  if (isEarly)
    return contradicted(
      "fuse-fires",
      redactable`the ${place} was gone before the fuse was to fire`,
      redactable`somebody else removed it: run it again with --only fuse`,
    );
  const gone = await stage.until(
    redactable`the fuse on the ${place}`,
    pace.fuseLateSeconds + lag,
    async () => ((await isGone()) ? stage.now() : undefined),
  );
  const where = redactable`the deployment's queue for lost fuses in ${named("region", cluster.at.region)}`;
  if (gone === undefined)
    return contradicted(
      "fuse-fires",
      redactable`the ${place} was still there ${seconds(pace.fuseLateSeconds + lag)} after the fuse was to fire`,
      redactable`read the messages of ${where}, and CloudTrail for AccessDenied of the role for fuses`,
    );
  const late = Math.max(0, (gone - at) / 1_000);
  return holds(
    "fuse-fires",
    redactable`the fuse took the ${place} away ${seconds(late)} after its time, as EKS shows it`,
    { lateSeconds: late },
  );
}

/** Reads before a fuse is due. One of them may show an earlier state, and all of them do not. */
const READS = 5;
/** Reads take their time. */
const LEAST_MS = 1_000;

/** Whether it is gone just before its time. It waits until then. */
async function goneBefore(
  stage: Stage,
  at: number,
  place: RedactableText,
  isGone: () => Promise<boolean>,
): Promise<boolean> {
  const { pollMs } = stage.pace;
  const from = at - Math.max(LEAST_MS, READS * pollMs * 2);
  await stage.until(
    redactable`the time of the fuse on the ${place}`,
    Math.max(0, (from - stage.now()) / 1_000),
    async () => (stage.now() >= from ? true : undefined),
  );
  for (let reads = 0; reads < READS; reads += 1) {
    if (stage.now() >= at - pollMs) return false;
    if (!(await isGone())) return false;
    await stage.pause(pollMs);
  }
  return true;
}
