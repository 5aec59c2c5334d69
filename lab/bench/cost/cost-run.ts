/** Plays the broker hour by hour: what the clock starts, what queues bring, and what people do. */
import { clusterSubject } from "../../../shared/ports/converge-queue.ts";
import { checkCluster } from "../../../shared/usecases/clusters/check-cluster.ts";
import { countLateStanding } from "../../../shared/usecases/clusters/late-standing.ts";
import { readStanding } from "../../../shared/usecases/clusters/read-standing.ts";
import { converge } from "../../../shared/usecases/converge/converge.ts";
import { sweep } from "../../../shared/usecases/converge/sweep.ts";
import { archive } from "../../../shared/usecases/evidence/archive.ts";
import { archivePolicy } from "../../../shared/usecases/evidence/archive-policy.ts";
import { lookUpCalls } from "../../../shared/usecases/evidence/look-up-calls.ts";
import { publishSeals } from "../../../shared/usecases/evidence/publish-seals.ts";
import { takeMessages } from "../../../shared/usecases/evidence/take-messages.ts";
import { lookAtSchedules } from "../../../shared/usecases/facts/look-at-schedules.ts";
import { sweepTickets } from "../../../shared/usecases/facts/sweep-tickets.ts";
import { countUnknownSchedules } from "../../../shared/usecases/facts/unknown-schedules.ts";
import { notify } from "../../../shared/usecases/notices/notify.ts";
import { countOverdueReviews } from "../../../shared/usecases/requests/overdue-reviews.ts";
import { recordOf } from "../../fakes/correlate-broker.ts";
import type { SentMessage } from "../../fakes/memory-converge-queue.ts";
import { busEvent } from "../../fakes/raw-trail-events.ts";
import type { CostWorld } from "./cost-world.ts";
import type { Invoked } from "./meter.ts";

/** How often a rule starts each part, in seconds. Every six hours, a run of standing reads the clusters. */
export const EVERY = {
  sweep: 60,
  outside: 60,
  search: 300,
  standing: 300,
  archive: 3_600,
  reading: 21_600,
} as const;
export type Rhythmic = keyof typeof EVERY;

/** How long CloudTrail and EventBridge take to bring an event: AWS names no figure, and says minutes. */
const TRAIL_SECONDS = 300;
/** How often the play looks whether something is due. */
const STEP_SECONDS = 10;
const MILLIS_LEFT = 30_000;

const quiet = () => undefined;
const lines = ({ meter }: CostWorld) => ({ log: () => meter.line() });
const millisLeft = () => MILLIS_LEFT;

/** The functions that the clock starts, and how. */
const STARTED: Readonly<Record<Rhythmic, (world: CostWorld) => Promise<unknown>>> = {
  sweep: (world) =>
    invoke(world, "sweep", async () => {
      await sweep(world.front, world.sweepMemory);
      await countOverdueReviews(world.front);
      await countLateStanding({ ...world.front, standing: world.standing.store });
      await countUnknownSchedules(world.front);
      await sweepTickets(world.front);
    }),
  outside: ({ meter, outside }) =>
    meter.invoke("outside", () => lookAtSchedules(outside, { log: quiet, isTimeUp: () => false })),
  search: (world) =>
    invoke(
      world,
      "correlate",
      () => lookUpCalls(world.correlate, { ...lines(world), millisLeft }),
      { part: "search" },
    ),
  standing: (world) => readAll(world),
  reading: (world) => readAll(world),
  archive: ({ meter, archive: ports }) =>
    meter.invoke("archive", async () => {
      await archive(ports, () => false);
      await archivePolicy(ports);
      await publishSeals(ports);
    }),
};

const readAll = (world: CostWorld) =>
  invoke(world, "standing", () =>
    readStanding(world.standing, { ...lines(world), isTimeUp: () => false }),
  );

/** Functions that wake notify do so as their last step. */
export const invoke = <Result>(
  { meter, waker }: CostWorld,
  name: string,
  work: () => Promise<Result>,
  how: Invoked = {},
): Promise<Result> =>
  meter.invoke(
    name,
    async () => {
      const result = await work();
      await waker.wakeNotify();
      return result;
    },
    how,
  );

/** An action of a person, `at` seconds after the start. */
export interface Act {
  readonly at: number;
  readonly act: () => Promise<unknown>;
}

/** Every function that the clock starts, where `access.yaml` asks no other service. */
const RHYTHMIC = (Object.keys(EVERY) as Rhythmic[]).filter((part) => part !== "outside");

/**
 * Plays this number of seconds.
 * @param parts the functions that the clock starts; those that every deployment has by default
 */
export async function play(
  world: CostWorld,
  seconds: number,
  acts: readonly Act[] = [],
  parts: readonly Rhythmic[] = RHYTHMIC,
): Promise<void> {
  const start = Date.parse(world.clock.now());
  for (let passed = 0; passed < seconds; passed += STEP_SECONDS) {
    world.clock.set(new Date(start + passed * 1_000).toISOString());
    for (const { at, act } of acts)
      if (at === passed) {
        await act();
        await takeQueues(world);
      }
    await fireTimers(world);
    await takeQueues(world);
    for (const part of parts) if (passed % EVERY[part] === 0) await STARTED[part](world);
    await takeEvents(world);
    await takeQueues(world);
  }
  world.clock.set(new Date(start + seconds * 1_000).toISOString());
}

/** Scheduler deletes a schedule once it has fired. */
async function fireTimers({ timers, clock, queues, meter }: CostWorld): Promise<void> {
  for (const [name, timer] of [...timers]) {
    if (timer.at > clock.now()) continue;
    timers.delete(name);
    if (timer.kind === "fuse")
      throw new Error(`The fuse ${name} fired: the end was not confirmed.`);

    meter.add("scheduleInvocations");
    meter.add("fifoRequests");
    await queues.converge.send(timer.binding, "revocation-time");
  }
}

/** CloudTrail's events of the broker's calls: each is sent to the queue, received and deleted. */
async function takeEvents(world: CostWorld): Promise<void> {
  const { answered, meter, clock, correlate: ports } = world;
  const until = new Date(Date.parse(clock.now()) - TRAIL_SECONDS * 1_000).toISOString();
  while (answered[0] !== undefined && answered[0].at <= until) {
    const [call] = answered.splice(0, 1);
    if (call === undefined) continue;
    const body = JSON.stringify(busEvent(recordOf(call)));
    const run = { ...lines(world), report: quiet, count: quiet, delay: refuseDelay };
    const again = await invoke(world, "correlate", () => {
      meter.add("serviceEvents");
      meter.add("queueRequests", 3);
      return takeMessages(ports, [{ id: "1", body, receiptHandle: "1" }], run);
    });
    if (again.length > 0) throw new Error(`Correlate did not take the event of ${call.operation}.`);
  }
}

const refuseDelay = async () => {
  throw new Error("An event waits for its call, although the call was stored long ago.");
};

/** Until both are empty: each message is received and deleted. */
async function takeQueues(world: CostWorld): Promise<void> {
  const { converge: toConverge, notify: toNotify } = world.queues;
  while (toConverge.sent.length > 0 || toNotify.sent.length > 0) {
    for (const sent of toConverge.sent.splice(0)) await takeSubject(world, sent);
    for (const subject of toNotify.sent.splice(0))
      await world.meter.invoke("notify", () => {
        world.meter.add("fifoRequests", 2);
        return notify(world.notify, subject, { ...lines(world), millisLeft });
      });
  }
}

const CLUSTER = clusterSubject("");

function takeSubject(world: CostWorld, { subject, cause }: SentMessage): Promise<unknown> {
  const { converge: ports, meter } = world;
  const cluster = subject.startsWith(CLUSTER) ? subject.slice(CLUSTER.length) : undefined;
  const isDriftCheck = cause === "drift-check";
  const extend = () => {
    if (isDriftCheck) meter.line();
    meter.add("fifoRequests");
    return meter.call("aws", async () => true);
  };
  const run = { ...lines(world), millisLeft: () => 8_000, hold: { extend }, isDriftCheck };
  const work = async () => {
    meter.add("fifoRequests", 2);
    if (cluster === undefined) await converge(ports, subject, run);
    else await checkCluster(ports, cluster, run);
  };
  const part = cluster === undefined ? "converge" : "check";
  return invoke(world, "converge", work, { part, isQuiet: isDriftCheck });
}
