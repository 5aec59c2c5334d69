import type { NotifyPorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import { sweep } from "../../../shared/usecases/converge/sweep.ts";
import { notify } from "../../../shared/usecases/notices/notify.ts";
import { countedIds } from "../../fakes/counted-ids.ts";
import { memoryBindingStore } from "../../fakes/memory-binding-store.ts";
import { memoryClusterFactsStore } from "../../fakes/memory-cluster-stores.ts";
import { memoryDelegationStore } from "../../fakes/memory-delegation-store.ts";
import { memoryNoticeStore } from "../../fakes/memory-notice-store.ts";
import { nothingOutside } from "../../fakes/memory-outside-queue.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { memoryStopStore } from "../../fakes/memory-stop-stores.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";
import { type Ending, invoke } from "../invocation.ts";
import { FifoQueue } from "../network/fifo-queue.ts";
import { never } from "../network/network-call.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { NoticeWatch } from "../oracle/notices.ts";
import type { Random } from "../random.ts";
import { STACK, type Stage } from "../stage.ts";
import { instantOf } from "../virtual-time.ts";
import type { NoticeProfile } from "./notice-profile.ts";
import { NotifyCalls } from "./notify-calls.ts";
import { simEventBus } from "./sim-event-bus.ts";
import { SimSlack } from "./sim-slack.ts";

const SECOND = 1_000;
/** As in `infra/constructs/notify-queue.ts` and `infra/stacks/broker-stack.ts`. */
const VISIBILITY_TIMEOUTS = 6;
const RECEIVES = 5;
const CONCURRENCY = 2;
/** With more subjects than this, a crowd's messages may come late: while Slack does not answer, one takes seconds. */
const MOST_AT_ONCE = 20;
/** A late message arrives within these milliseconds. */
const LATENESS = 30 * SECOND;

export interface NotifyRunsOptions {
  readonly stage: Stage;
  /** Its own, so that notices change nothing of what the seed gives the other functions. */
  readonly random: Random;
  readonly profile: NoticeProfile;
  readonly tables: MemoryTables;
  readonly findings: NotifyPorts["findings"];
  readonly stops: NotifyPorts["stops"];
  readonly watch: NoticeWatch;
  readonly isDown: (service: "dynamodb" | "sqs") => boolean;
}

/** Notify, the queue that wakes it, and what is on the other side of its calls. */
export class NotifyRuns {
  readonly #options: NotifyRunsOptions;
  readonly #calls: NotifyCalls;
  readonly #queue: FifoQueue;
  readonly #behind: NotifyPorts;
  #invocations = 0;
  /** Wakes on their way, before the queue has them. */
  #late = 0;
  #ids = 0;

  constructor(options: NotifyRunsOptions) {
    this.#options = options;
    const { stage, random, profile, tables, findings, stops, watch, isDown } = options;
    const { time, startedAt } = stage;
    const common = { time, startedAt, random, profile, watch };
    this.#calls = new NotifyCalls({
      ...common,
      isTableDown: () => isDown("dynamodb"),
      note: stage.note,
    });
    this.#queue = this.#makeQueue();
    const slack = new SimSlack({ ...common, note: (what) => stage.note("slack", what) });
    this.#behind = {
      requests: memoryRequestStore(tables),
      notices: memoryNoticeStore(tables),
      findings,
      delegations: memoryDelegationStore(tables),
      // Stops have no notices here, but messages show them.
      stops,
      bus: simEventBus({ ...common, note: (what) => stage.note("bus", what) }),
      messenger: {
        send: (notice, thread, mark) => slack.send(notice, thread, mark),
        find: (mark) => slack.find(mark),
        remove: (place) => slack.remove(place),
        update: (place, notice) => slack.update(place, notice),
      },
      clock: { now: () => instantOf(time.now) },
      pause: { for: (millis) => time.delay(millis) },
      random,
      ids: countedIds(),
      get policy() {
        return stage.deployed.now;
      },
    };
  }

  /** Whether no message waits or is under way. */
  get isIdle(): boolean {
    return this.#queue.isIdle && this.#late === 0;
  }

  /** Wakes notify, as the functions do that store steps. @throws ServiceFailed where the wake is lost */
  wake(subject: string): void {
    this.#ids += 1;
    this.#send(subject, `wake ${this.#ids}`);
  }

  /**
   * The ports of one sweep. Its calls about notices take no time, so that they shift none of the
   * calls by which it ends access.
   */
  sweepPortsFor(ports: Omit<SweepPorts, "notices" | "notifyQueue">): SweepPorts {
    const { tables, isDown, watch } = this.#options;
    let hasAsked = false;
    return {
      ...ports,
      notices: {
        due: async (now, limit) => {
          hasAsked = true;
          if (isDown("dynamodb")) throw new ServiceFailed("ServiceUnavailable");
          return memoryNoticeStore(tables).due(now, limit);
        },
      },
      notifyQueue: { wakeOnce: async (id, turn) => this.#send(id, `${id} ${turn}`) },
      queue: {
        ...ports.queue,
        sendOnce: (subject, cause, turn) => {
          if (hasAsked && cause === "sweep") watch.sentAfterNotices(subject);
          return ports.queue.sendOnce(subject, cause, turn);
        },
      },
    };
  }

  /** A sweep that finds only notices: for lives without a sweep of the bindings. */
  async sweep(): Promise<void> {
    const { tables } = this.#options;
    const { requests: _part, ...common } = this.#behind;
    const ports = this.sweepPortsFor({
      ...common,
      requests: memoryRequestStore(tables),
      delegations: memoryDelegationStore(tables),
      bindings: { ...memoryBindingStore(tables), due: async () => [] },
      queue: { send: async () => {}, sendOnce: async () => {}, backlog: async () => 0 },
      clusters: memoryClusterFactsStore(),
      stops: memoryStopStore(),
      ...nothingOutside(),
      ids: countedIds(),
      settings: STACK.broker,
    });
    await sweep(ports, {});
  }

  #send(subject: string, deduplicationId: string): void {
    const { stage, random, profile, watch, isDown } = this.#options;
    const { notify: faults } = profile;
    const { time, note, startedAt } = stage;
    const strikes = (probability: number) =>
      time.now - startedAt <= profile.faultsUntil && random.chance(probability);
    if (isDown("sqs") || strikes(faults.wakeLost)) {
      watch.troubled(subject, "wakeLost");
      note("notify-queue", () => `loses a wake for ${subject.slice(-4)}`);
      throw new ServiceFailed("The wake was lost.");
    }
    if (strikes(faults.wakeDuplicated)) this.#queue.send(subject, "again", `${deduplicationId}+`);
    if (!strikes(faults.wakeLate)) {
      this.#queue.send(subject, "wake", deduplicationId);
      return;
    }
    const late = random.between(0, LATENESS);
    watch.troubled(subject, "wakeLate", time.now + late);
    this.#late += 1;
    time.after(late, () => {
      this.#late -= 1;
      this.#queue.send(subject, "wake", deduplicationId);
    });
  }

  #makeQueue(): FifoQueue {
    const { stage, random, profile, watch, isDown } = this.#options;
    const visibilitySeconds = STACK.notifyTimeoutSeconds * VISIBILITY_TIMEOUTS;
    return new FifoQueue({
      time: stage.time,
      random,
      visibilitySeconds,
      receives: RECEIVES,
      concurrency: CONCURRENCY,
      batch: STACK.notifyBatch,
      isUp: () => !isDown("sqs"),
      duplicated: () => profile.notify.wakeDuplicated / 4,
      overlap: () => profile.notify.overlap,
      dead: (id) => watch.troubled(id, "deadLetter"),
      kept: (id, until) => watch.troubled(id, "wakeDuplicated", until),
      receive: ({ group }) => this.take(group),
    });
  }

  /** Runs notify for one subject. */
  async take(subject: string): Promise<Ending> {
    const { stage, random, watch } = this.#options;
    const { time, note, profile } = stage;
    this.#invocations += 1;
    const name = `notify#${this.#invocations}`;
    const skew = random.between(-1, 1) * profile.skewSeconds * SECOND;
    if (stage.hardships.has("crowd") && this.#queue.size > MOST_AT_ONCE) watch.allDelayed();
    watch.runBegan(subject);
    const ending = await invoke(
      time,
      {
        name,
        binding: undefined,
        skew,
        spared: false,
        millis: STACK.notifyTimeoutSeconds * SECOND,
      },
      async (invocation) => {
        const pause = (millis: number) =>
          time.delay(millis).then(() => (invocation.isCut() ? never() : undefined));
        const ports = {
          ...this.#calls.portsFor(this.#behind, invocation, subject),
          clock: { now: () => instantOf(time.now + skew) },
          pause: { for: pause },
        };
        const report = await notify(ports, subject, {
          millisLeft: () => invocation.deadline - time.now,
          log: (message, facts) => note(name, () => `${message} ${JSON.stringify(facts)}`),
        });
        note(name, () => `${subject.slice(-4)} ${JSON.stringify(report)}`);
      },
    );
    watch.runEnded(subject, name, ending);
    return ending;
  }
}
