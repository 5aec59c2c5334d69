import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { CorrelatePorts } from "../../../shared/ports/function-ports.ts";
import { lookUpCalls } from "../../../shared/usecases/evidence/look-up-calls.ts";
import { takeMessages } from "../../../shared/usecases/evidence/take-messages.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";
import { type Ending, type Invocation, invoke } from "../invocation.ts";
import { never } from "../network/network-call.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { EvidenceWatch } from "../oracle/evidence.ts";
import { isDocumented } from "../oracle/runs.ts";
import type { Random } from "../random.ts";
import { ACCOUNT, fuseRoleIn, POLICY } from "../sim-policy.ts";
import { STACK, type Stage } from "../stage.ts";
import { instantOf } from "../virtual-time.ts";
import { EvidenceCalls } from "./evidence-calls.ts";
import type { EvidenceProfile } from "./evidence-profile.ts";
import { EvidenceQueue, type ReceivedEvent } from "./evidence-queue.ts";
import { SimHistory } from "./sim-history.ts";
import { SimTrail } from "./sim-trail.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** As in `infra/constructs/evidence-queue.ts`. */
const TIMEOUT_SECONDS = 30;
const VISIBILITY_TIMEOUTS = 6;
const RECEIVES = 10;
/** Longer than any call waits for its turn. */
const EVER_SECONDS = 30 * 86_400;
const SEARCH_EVERY = 5 * MINUTE;

export interface EvidenceRunsOptions {
  readonly stage: Stage;
  /** Its own, so that evidence changes nothing of what the seed gives the other functions. */
  readonly random: Random;
  readonly profile: EvidenceProfile;
  readonly tables: MemoryTables;
  readonly evidence: CorrelatePorts["evidence"];
  readonly watch: EvidenceWatch;
  readonly isDown: (service: "dynamodb" | "sqs") => boolean;
  readonly disturbed: (invocation: Invocation, site: string) => void;
}

/** CloudTrail, the queue in front of correlate, correlate itself, and the clock that starts its search. */
export class EvidenceRuns {
  readonly trail: SimTrail;
  readonly calls: EvidenceCalls;
  readonly #options: EvidenceRunsOptions;
  readonly #queue: EvidenceQueue;
  readonly #behind: CorrelatePorts;
  #invocations = 0;

  constructor(options: EvidenceRunsOptions) {
    this.#options = options;
    const { stage, random, profile, tables, evidence, watch, isDown, disturbed } = options;
    const { time, startedAt, note, tally } = stage;
    this.calls = new EvidenceCalls({
      time,
      startedAt,
      random,
      profile,
      watch,
      tally,
      note,
      disturbed,
      isTableDown: () => isDown("dynamodb"),
    });
    this.#queue = this.#makeQueue();
    const throttled = () => (this.#isFaulty ? profile.trail.throttled : 0);
    const history = new SimHistory({ time, random, throttled });
    this.trail = new SimTrail({
      time,
      random,
      watch,
      history,
      profile: profile.trail,
      isAbsent: profile.isAbsent,
      note: (what) => note("trail", what),
      send: (eventId, body) => this.#queue.send(eventId, body),
    });
    this.#behind = {
      requests: memoryRequestStore(tables),
      evidence,
      clock: { now: () => instantOf(time.now) },
      policy: POLICY,
      settings: STACK.broker,
      fuseRoleArn: fuseRoleIn(ACCOUNT),
      lookup: { eventsOf: (sessions, page) => history.eventsOf(sessions, page) },
      pause: { for: (millis) => time.delay(millis) },
    };
  }

  /** Whether every record has arrived and was taken, and no call waits for its own. */
  async isSettled(): Promise<boolean> {
    if (!this.trail.isIdle || !this.#queue.isIdle) return false;
    const { time } = this.#options.stage;
    const ever = plusSeconds(instantOf(time.now), EVER_SECONDS);
    return (await this.#behind.evidence.unconfirmed(ever, 1)).length === 0;
  }

  get #isFaulty(): boolean {
    const { stage, profile } = this.#options;
    return stage.time.now - stage.startedAt <= profile.faultsUntil.correlate;
  }

  /** Starts the clock that looks for calls that CloudTrail has not shown. */
  begin(): void {
    const { profile, stage, random } = this.#options;
    if (profile.isAbsent) return;
    const search = () => {
      void this.#search();
      stage.time.after(SEARCH_EVERY, search);
    };
    stage.time.after(random.between(0, SEARCH_EVERY), search);
  }

  #makeQueue(): EvidenceQueue {
    const { stage, random, profile, watch, isDown } = this.#options;
    return new EvidenceQueue({
      time: stage.time,
      random,
      visibilitySeconds: TIMEOUT_SECONDS * VISIBILITY_TIMEOUTS,
      receives: RECEIVES,
      concurrency: STACK.correlateConcurrency,
      isUp: () => {
        if (isDown("sqs")) watch.troubled();
        return !isDown("sqs");
      },
      duplicated: () => profile.queue.duplicated,
      receive: (received) => this.#take(received),
      dead: (eventId, redriveAt) => {
        stage.note("evidence", () => `${eventId} becomes a dead letter`);
        watch.troubled(redriveAt);
      },
    });
  }

  async #search(): Promise<void> {
    const { stage, watch } = this.#options;
    await this.#run("search", async (ports, { name, deadline }) => {
      const log = (message: string, facts: object) =>
        stage.note(name, () => `${message} ${JSON.stringify(facts)}`);
      const millisLeft = () => deadline - stage.time.now;
      const { correlated, error } = await lookUpCalls(ports, { log, millisLeft });
      for (const each of correlated) stage.note(name, () => each.outcome);
      if (error !== undefined && !isDocumented(error)) watch.surprised(name, error);
    });
  }

  /** @returns whether the message can be deleted */
  async #take({ eventId, body, hide }: ReceivedEvent): Promise<boolean> {
    const { random, profile, isDown, stage, watch } = this.#options;
    let isDone = false;
    await this.#run("correlate", async (ports, { name }) => {
      const again = await takeMessages(ports, [{ id: eventId, body, receiptHandle: eventId }], {
        log: (message, facts) => stage.note(name, () => `${message} ${JSON.stringify(facts)}`),
        report: (_level, message, facts) => {
          stage.note(name, () => `${message} ${eventId}`);
          const error = "error" in facts ? facts.error : undefined;
          if (error !== undefined && !isDocumented(error)) watch.surprised(name, error);
        },
        delay: async (_receiptHandle, seconds) => {
          if (isDown("sqs") || random.chance(profile.queue.undelayed))
            throw new ServiceFailed("The message was not hidden.");
          hide(seconds);
        },
        count: () => {},
      });
      isDone = again.length === 0;
    });
    return isDone;
  }

  async #run(
    kind: "correlate" | "search",
    work: (ports: CorrelatePorts, invocation: Invocation) => Promise<void>,
  ): Promise<Ending> {
    const { stage, random, watch } = this.#options;
    const { time, profile } = stage;
    this.#invocations += 1;
    const name = `${kind}#${this.#invocations}`;
    const skew = random.between(-1, 1) * profile.skewSeconds * SECOND;
    const millis = TIMEOUT_SECONDS * SECOND;
    const ending = await invoke(
      time,
      { name, binding: undefined, skew, spared: false, millis },
      (invocation) => {
        const ports = {
          ...this.calls.correlate(this.#behind, invocation),
          clock: { now: () => instantOf(time.now + skew) },
          pause: {
            for: (millis: number) =>
              time.delay(millis).then(() => (invocation.isCut() ? never() : undefined)),
          },
        };
        return work(ports, invocation);
      },
    );
    if (ending.kind === "failed" && !isDocumented(ending.error))
      watch.surprised(name, ending.error);
    return ending;
  }
}
