/**
 * People who ask for somebody's access: at any instant, and directly after they ended something.
 * Nothing of it goes over the network, so that it shifts nothing in the life of a seed.
 */
import type { EndVerb } from "../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";
import { readPersonAccess } from "../../../shared/usecases/access/read-person-access.ts";
import { memoryDelegationStore } from "../../fakes/memory-delegation-store.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { memoryStopStore } from "../../fakes/memory-stop-stores.ts";
import { areDelegating } from "../deployed-policy.ts";
import { RemainingWatch } from "../oracle/remaining.ts";
import type { Question } from "../oracle/said-access.ts";
import type { Truth } from "../oracle/truth.ts";
import { actorIn } from "../people/actors.ts";
import type { Place } from "../people/people.ts";
import { type Random, seededRandom } from "../random.ts";
import { ADMINS } from "../sim-policy.ts";
import { STACK } from "../stage.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { StandingReadings } from "./standing-readings.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Readers of status have random numbers of their own, so that they shift nothing in the life of a
 * seed.
 */
const STATUS_SEED = 0x7e11;

/** How often somebody asks in a life, without the ends. */
const TIMES = [8, 16] as const;

/** Somebody who approves, and is no admin. */
const APPROVER = "cat";

export class StatusReaders {
  readonly #world: World;
  readonly #random: Random;
  readonly #readings: StandingReadings;
  readonly #watch: RemainingWatch;
  readonly #admins: readonly string[];

  constructor(seed: number, world: World) {
    this.#world = world;
    this.#random = seededRandom(seed ^ STATUS_SEED);
    this.#readings = new StandingReadings(world, seededRandom(-seed ^ STATUS_SEED));
    // If people delegate, the other admins are delegates.
    this.#admins = areDelegating(seed) ? ADMINS.slice(0, 1) : ADMINS;
    this.#watch = new RemainingWatch(world.oracle.facts);
  }

  /** Plans who asks when. @param span when most is asked for, in milliseconds */
  plan(places: readonly Place[], span: number): void {
    const { time, startedAt } = this.#world;
    const random = this.#random;
    this.#readings.plan(span);
    for (let left = random.whole(...TIMES); left > 0; left -= 1)
      time.at(startedAt + random.between(0, span + 40 * MINUTE), () =>
        this.#askAny(random.pick(places)),
      );
  }

  /** Somebody has ended a request, and is answered what remains. */
  ended(by: string, request: AccessRequest, verb: EndVerb): void {
    const { requester, cluster } = request;
    if (verb !== "cancel") this.#watch.checkChain(request);
    this.#ask(requester, by, cluster.name);
    // Around the removal, and around the read that proves it.
    for (let left = this.#random.whole(0, 2); left > 0; left -= 1)
      this.#world.time.after(
        this.#random.pick([3, 30, 120]) * this.#random.between(0, SECOND),
        () => this.#ask(requester, this.#anyReader(requester), cluster.name),
      );
  }

  /** An admin has suspended somebody, and looks at what they can still do. */
  suspended(by: string, person: string): void {
    const { truths } = this.#world.oracle;
    for (const { address } of truths.values()) this.#ask(person, by, address.cluster.name);
    this.#ask(person, by, undefined);
  }

  #askAny({ cluster, holders }: Place): void {
    const about = this.#random.pick(holders);
    const named = this.#random.chance(0.8) ? cluster : undefined;
    this.#ask(about, this.#anyReader(about), named);
  }

  #anyReader(about: string): string {
    return this.#random.pick([about, about, ...this.#admins, APPROVER]);
  }

  #ask(about: string, by: string, cluster: string | undefined): void {
    const { note, tally, deployed } = this.#world;
    const groups = deployed.now.people[by]?.groups ?? [];
    const question: Question = {
      about,
      by,
      cluster,
      truths: this.#truthsOf(about, cluster),
      sees:
        by === about || this.#admins.includes(by)
          ? undefined
          : (grant) => maySee(by, groups, grant),
      readingOf: (arn) => this.#readings.of(arn),
    };
    const reader = deployed.now.people[by] ? actorIn(deployed.now, by) : undefined;
    // The API knows nobody any more who has left.
    if (!reader) return;
    const ports = this.#ports();
    tally.count("status", cluster === undefined ? "everywhere" : "on one cluster");
    void readPersonAccess(ports, reader, about, cluster).then(
      (answer) => {
        note(by, () => `is answered of ${about}: ${JSON.stringify(answer)}`);
        this.#watch.judge(question, answer);
      },
      (error: unknown) => this.#refused(question, error),
    );
  }

  #refused(question: Question, error: unknown): void {
    const { about, by } = question;
    if (!(error instanceof BrokerError) || !this.#mayRefuse(question, error))
      this.#world.oracle.facts.broken("remaining-true", `${by} asks of ${about}: ${String(error)}`);
  }

  /**
   * Refusals are right about a person whom the asker may not see, a person who left and has no
   * grant, and a cluster that left.
   */
  #mayRefuse({ about, cluster, sees, truths }: Question, { code }: BrokerError): boolean {
    const { deployed, oracle } = this.#world;
    const { people, clusters } = deployed.now;
    const isLent = truths.some((truth) =>
      oracle.facts
        .open(truth)
        .some(({ id, requester }) => requester === about && oracle.facts.begun.has(id)),
    );
    if (code === "person-not-found") return sees !== undefined || (!people[about] && !isLent);
    return code === "cluster-not-found" && !clusters[cluster ?? ""] && !isLent;
  }

  #ports() {
    const { tables, stopRecords, time, deployed } = this.#world;
    return {
      requests: memoryRequestStore(tables),
      delegations: memoryDelegationStore(tables),
      standing: this.#readings.store,
      stops: memoryStopStore(stopRecords),
      policy: deployed.now,
      clock: { now: () => instantOf(time.now) },
      settings: STACK.broker,
    };
  }

  /** Entries of the principals that the person holds, and of those through which grants lend to them. */
  #truthsOf(about: string, cluster: string | undefined): readonly Truth[] {
    const { oracle, deployed } = this.#world;
    const { facts } = oracle;
    return [...facts.truths.values()].filter((truth) => {
      const { address } = truth;
      const isHeld =
        deployed.now.people[about]?.principals.includes(address.principalArn) ||
        facts.open(truth).some(({ requester }) => requester === about);
      return isHeld && (cluster === undefined || address.cluster.name === cluster);
    });
  }
}

/** A request is visible to everybody who could approve it, or did. */
const maySee = (
  by: string,
  own: readonly string[],
  { requester, requirements, approvals }: AccessRequest,
): boolean =>
  requester === by ||
  requirements.some(({ groups }) => groups.some((group) => own.includes(group))) ||
  approvals.some(({ person }) => person === by);
