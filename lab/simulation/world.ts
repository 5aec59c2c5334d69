/** One broker and everything around it, connected on virtual time. */

import type { Ledger } from "../../shared/domain/entries/ledger.ts";
import type { ScheduleReading } from "../../shared/domain/facts/schedule-reading.ts";
import type { StopRecord } from "../../shared/domain/stops/stops.ts";
import type { EvidenceStore } from "../../shared/ports/evidence-store.ts";
import type { FindingStore } from "../../shared/ports/finding-store.ts";
import type { SweepPorts } from "../../shared/ports/function-ports.ts";
import type { MemoryAccessEntries } from "../fakes/memory-access-entries.ts";
import type { ArmedTimer } from "../fakes/memory-schedules.ts";
import { memoryStopStore } from "../fakes/memory-stop-stores.ts";
import type { MemoryTables } from "../fakes/memory-tables.ts";
import {
  type EvidenceHealth,
  type EvidenceProfile,
  evidenceProfileOf,
} from "./evidence/evidence-profile.ts";
import { EvidenceRuns } from "./evidence/evidence-runs.ts";
import { Others } from "./evidence/others.ts";
import type { Modes } from "./faults/entry-rules.ts";
import type { Span } from "./faults/hardship.ts";
import { fireTimer } from "./fire-timer.ts";
import { FunctionRuns } from "./function-runs.ts";
import type { Ending } from "./invocation.ts";
import { FifoQueue } from "./network/fifo-queue.ts";
import { Network } from "./network/network.ts";
import { noticeProfileOf, type SlackHealth } from "./notices/notice-profile.ts";
import { NotifyRuns } from "./notices/notify-runs.ts";
import { Oracle } from "./oracle/oracle.ts";
import { watchedEvidence, watchedFindings } from "./oracle/watched-ports.ts";
import type { Without } from "./profile.ts";
import { type Random, seededRandom } from "./random.ts";
import { scheduleModel } from "./schedule-model.ts";
import { STACK, type Stage } from "./stage.ts";
import { stageOf } from "./stage-of.ts";
import { type TicketFakes, type WorldFakes, worldFakes } from "./world-fakes.ts";
import { worldPorts } from "./world-ports.ts";

const SECOND = 1_000;
/** Notices have random numbers of their own, so that they shift nothing else in a seed's life. */
const NOTICE_SEED = 0x51ac4;
/** So has evidence. */
const EVIDENCE_SEED = 0x7a11;
/** How long a call to the store of evidence takes where it is slow, in milliseconds. */
const SLOW_EVIDENCE = [20, 700] as const;

export interface World extends Stage {
  readonly tables: MemoryTables;
  readonly findings: FindingStore;
  readonly entries: MemoryAccessEntries;
  readonly timers: Map<string, ArmedTimer>;
  readonly ledgers: Map<string, Ledger>;
  readonly principals: Map<string, string>;
  readonly stopRecords: StopRecord[];
  /** Readings of schedules, by their keys. */
  readonly readings: Map<string, ScheduleReading>;
  readonly tickets: TicketFakes;
  /** By ARN, the clusters that exist. */
  readonly clusters: Map<string, true>;
  /** By ARN, when principals and clusters were created again. */
  readonly createdAt: Map<string, string>;
  readonly queue: FifoQueue;
  readonly oracle: Oracle;
  /** Decides what approvers offer. */
  readonly offers: Random;
  /** By binding, what happens during its next run. */
  readonly duringRun: Map<string, (() => void)[]>;
  /** Runs what people do through the API. */
  readonly front: (
    binding: string | undefined,
    work: (ports: SweepPorts) => Promise<void>,
  ) => Promise<Ending>;
  readonly sweepOnce: () => Promise<Ending>;
  /** Wakes the sweep for tickets that were read. @param keys of tickets */
  readonly wakeSweep: (keys: readonly string[]) => Promise<Ending>;
  readonly notify: NotifyRuns;
  readonly evidence: EvidenceRuns;
  readonly evidenceStore: EvidenceStore;
  /** Others, as CloudTrail shows them. */
  readonly others: Others;
  readonly evidenceProfile: EvidenceProfile;
  /** When the broker's own region is down. */
  readonly ownRegionDown: Span | undefined;
  /** By ARN, clusters' authentication modes. */
  readonly modes: Modes;
  /** How many calls the broker's functions have made to their ports. */
  readonly calls: () => number;
}

export interface WorldOptions {
  readonly without: Without;
  readonly slack: SlackHealth;
  readonly evidence: EvidenceHealth;
}

/** @param note called for every event; it evaluates `what` only where it needs the text */
export function makeWorld(
  seed: number,
  { without, slack, evidence: health }: WorldOptions,
  note: (at: number, actor: string, what: () => string) => void,
): World {
  const { stage, offers } = stageOf(seed, without, note);
  const fakes = worldFakes(stage);
  const oracle = oracleOf(stage, fakes);
  const runs = new FunctionRuns(
    stage,
    oracle,
    () => network,
    () => notify,
  );
  const queue = convergeQueue(stage, oracle, runs, () => !network.isDown("sqs"));
  const network: Network = networkOf(stage, fakes, oracle, {
    queue,
    evidence: () => around.evidence,
  });
  const notify: NotifyRuns = new NotifyRuns({
    stage,
    ...noticesOf(seed, slack),
    tables: fakes.tables,
    findings: fakes.findings,
    stops: memoryStopStore(fakes.stopRecords),
    watch: oracle.notices,
    isDown: (service) => network.isDown(service),
  });
  const around: Around = evidenceOf(seed, health, stage, { fakes, oracle, network });
  return {
    ...stage,
    offers,
    ...fakes,
    findings: watchedFindings(fakes.findings, oracle.notices),
    ...around,
    timers: fakes.schedules.timers,
    queue,
    oracle,
    duringRun: runs.duringRun,
    front: (binding, work) => runs.api(binding, work),
    calls: () => network.calls,
    ownRegionDown: network.ownRegionDown,
    sweepOnce: () => runs.sweep(),
    wakeSweep: (keys) => runs.sweepTickets(keys),
    notify,
  };
}

const noticesOf = (seed: number, slack: SlackHealth) => ({
  random: seededRandom(seed ^ NOTICE_SEED),
  profile: noticeProfileOf(seededRandom(-seed ^ NOTICE_SEED), slack),
});

function oracleOf(stage: Stage, fakes: WorldFakes): Oracle {
  const { timers } = fakes.schedules;
  const peek = fakes.entries.peek.bind(fakes.entries);
  const policy = () => stage.deployed.now;
  return new Oracle({ ...stage, ...fakes, policy, stack: STACK, timers, peek });
}

type Around = Pick<World, "evidence" | "evidenceProfile" | "others">;

/** CloudTrail, correlate, and others as CloudTrail shows them. */
function evidenceOf(
  seed: number,
  health: EvidenceHealth,
  stage: Stage,
  {
    fakes,
    oracle,
    network,
  }: { readonly fakes: WorldFakes; readonly oracle: Oracle; readonly network: Network },
): Around {
  const { time } = stage;
  const random = seededRandom(seed ^ EVIDENCE_SEED);
  const drawn = evidenceProfileOf(seededRandom(-seed ^ EVIDENCE_SEED), health);
  // Lives that are compared have evidence that takes no time.
  const isSlow = health === "drawn" && stage.hardships.has("evidenceSlow");
  const profile = isSlow ? { ...drawn, convergeMillis: SLOW_EVIDENCE } : drawn;
  const evidence = new EvidenceRuns({
    stage,
    random,
    profile,
    tables: fakes.tables,
    evidence: watchedEvidence(fakes.evidenceStore, oracle.evidence),
    watch: oracle.evidence,
    isDown: (service) => network.isDown(service),
    disturbed: (invocation, site) => oracle.disturbed(invocation, time.now, site),
  });
  const { trail } = evidence;
  const others = new Others({ ...fakes, time, random, trail });
  return { evidence, evidenceProfile: profile, others };
}

/** The queue in front of converge, set up as in the stack. */
function convergeQueue(
  { time, random, profile }: Stage,
  oracle: Oracle,
  runs: FunctionRuns,
  isUp: () => boolean,
): FifoQueue {
  return new FifoQueue({
    time,
    random,
    visibilitySeconds: STACK.convergeVisibilitySeconds,
    receives: STACK.convergeReceives,
    concurrency: STACK.convergeConcurrency,
    isUp,
    duplicated: () => profile.duplicated / 4,
    overlap: () => profile.overlap,
    dead: (group, body) => oracle.deadLetter(group, body),
    kept: (group, until) => oracle.heldUp(group, until),
    receive: (received) => runs.receive(received),
  });
}

/** The network in front of the fakes, with Scheduler behind it. */
function networkOf(
  stage: Stage,
  fakes: WorldFakes,
  oracle: Oracle,
  { queue, evidence }: { readonly queue: FifoQueue; readonly evidence: () => EvidenceRuns },
): Network {
  const trail = () => evidence().trail;
  const { profile } = stage;
  const schedules = scheduleModel({
    ...stage,
    memory: fakes.schedules,
    duplicated: profile.duplicated,
    lost: profile.scheduleLost,
    isUp: (timer) => !network.isDown("scheduler", regionOf(timer)),
    fire: (timer) =>
      fireTimer(stage, { queue, network, oracle, trail: trail(), entries: fakes.entries }, timer),
  });
  const network: Network = new Network({
    ...stage,
    watch: oracle,
    reserveMillis: STACK.broker.reserveSeconds * SECOND,
    behind: worldPorts(stage, fakes, oracle, { schedules, queue, trail }),
    withEvidence: (ports, invocation) => evidence().calls.converge(ports, invocation),
  });
  return network;
}

/** A fuse is in the region of its cluster. */
const regionOf = (timer: ArmedTimer) =>
  timer.kind === "fuse" ? timer.address.cluster.region : undefined;
