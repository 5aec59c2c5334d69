/**
 * Admins who suspend people, drain the broker and lift that, or try to. An intruder who has taken over
 * the API writes lifts that nobody may make.
 */
import {
  type StopRecord,
  type StopType,
  stopRecord,
  stopsAfter,
} from "../../../shared/domain/stops/stops.ts";
import { previewRequest } from "../../../shared/usecases/requests/preview-request.ts";
import { changeStops } from "../../../shared/usecases/stops/change-stops.ts";
import type { Hardships } from "../faults/hardship.ts";
import { type Random, seededRandom } from "../random.ts";
import { ADMINS, POLICY, role } from "../sim-policy.ts";
import type { StatusReaders } from "../status/status-readers.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import type { People, Place } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Stops have random numbers of their own, so that they shift nothing in the life of other seeds. */
const STOP_SEED = 0x570b;

/** In how many seeds somebody is stopped, and which: none of those by which a mutant of others is caught. */
const SHARE = 1 / 8;
const BUSY_SEED = 0x2d7479;

/** People who may be stopped, and people who stop them. */
const VICTIMS = ["ann", "ben", "eve", "cat", "dan"];

/** The person whom a stop is about; null for everyone. */
interface Plot {
  readonly person: string | null;
  readonly stop: StopType;
  readonly lift: StopType;
}

/** Whether anybody is stopped in the life of a seed. */
export const areStopping = (seed: number, hardships: Pick<Hardships, "has">): boolean =>
  seededRandom(-seed ^ BUSY_SEED).chance(SHARE) || hardships.has("stopsUnread");

interface Hands {
  readonly people: Pick<People, "later" | "during" | "ask">;
  readonly status: Pick<StatusReaders, "suspended">;
}

export class Stoppers {
  readonly #world: World;
  readonly #people: Pick<People, "later" | "during" | "ask">;
  readonly #status: Pick<StatusReaders, "suspended">;
  readonly #random: Random;
  readonly #areBusy: boolean;

  constructor(seed: number, world: World, { people, status }: Hands) {
    this.#world = world;
    this.#people = people;
    this.#status = status;
    this.#areBusy = areStopping(seed, world.hardships);
    this.#random = seededRandom(seed ^ STOP_SEED);
  }

  /** Plans who is stopped, and when. @param span when most is asked for, in milliseconds */
  plan(places: readonly Place[], span: number): void {
    if (!this.#areBusy) return;
    const random = this.#random;
    for (let left = random.whole(1, 3); left > 0; left -= 1) {
      const isDrain = random.chance(0.15);
      const plot: Plot = isDrain
        ? { person: null, stop: "drain", lift: "undrain" }
        : { person: random.pick(VICTIMS), stop: "suspend", lift: "lift" };
      const at = this.#world.startedAt + random.between(0, span + 15 * MINUTE);
      const pause = random.pick([1, 1, 10]) * random.between(SECOND, MINUTE);
      const place = random.pick(places);
      const by = random.pick(ADMINS);
      this.#people.later(at, () => void this.#change(plot.stop, plot.person, by));
      if (random.chance(0.2))
        this.#people.later(at + random.between(0, 2 * MINUTE), () => this.#forge(plot, by));
      // They ask while they are stopped too.
      if (random.chance(0.5))
        this.#people.later(at + random.between(0, pause), () => void this.#people.ask(place));
      // Never lifted, sometimes.
      if (random.chance(0.85))
        this.#people.later(at + pause, () => {
          void this.#people.during(() => this.#lift(plot, place));
        });
    }
  }

  /** Several admins try, one after the other: not all of them may. */
  async #lift(plot: Plot, place: Place): Promise<void> {
    const random = this.#random;
    const first = random.pick([...ADMINS, "ann"]);
    for (const by of [first, ...ADMINS]) {
      await this.#change(plot.lift, plot.person, by);
      await this.#world.time.delay(random.between(0, 3 * SECOND));
    }
    await this.#askAgain(place);
    if (random.chance(0.7)) void this.#people.ask(place);
  }

  async #change(type: StopType, person: string | null, by: string): Promise<void> {
    const { front, note } = this.#world;
    await front(undefined, async (ports) => {
      await changeStops(ports, actorIn(ports.policy, by), type, person, "their laptop is gone");
      note(by, () => `${type}s ${person ?? "everyone"}`);
      if (type === "suspend" && person !== null) this.#status.suspended(by, person);
    });
  }

  /** A dry run by everyone who could ask here. */
  async #askAgain({ cluster, principal, holders }: Place): Promise<void> {
    const { front, oracle } = this.#world;
    for (const name of holders)
      await front(undefined, async (ports) => {
        const answer = await previewRequest(ports, actorIn(ports.policy, name), {
          cluster,
          access: { groups: ["viewers"] },
          durationSeconds: 300,
          reason: "INC-4711 stuck rollout",
          principalArn: role(principal),
          startsAt: null,
          rule: null,
        });
        if (!answer.allowed) oracle.stops.refused(name, answer.code);
      });
  }

  /** Writes a lift by somebody who may not lift this. */
  #forge({ person, lift }: Plot, by: string): void {
    const { stopRecords, time, oracle, note } = this.#world;
    const last: StopRecord | undefined = stopRecords.at(-1);
    const stop = person === null ? last?.details.after.drain : last?.details.after.people[person];
    if (!last || !stop) return;
    const actor = this.#random.pick([stop.by, stop.by, person ?? by, "ann", "nobody"]);
    const mayLift = ADMINS.includes(actor) && actor !== stop.by && actor !== person;
    if (mayLift) return;
    oracle.stops.wasForged();
    note("intruder", () => `forges a lift of ${person ?? "everyone"} by ${actor}`);
    const details = { person, reason: "", surface: "api" as const, proof: { callerId: "forged" } };
    const at = instantOf(time.now);
    const draft = { type: lift, actor, at, policyHash: POLICY.hash, details };
    const record = stopRecord(stopsAfter(last), draft);
    stopRecords.push(record);
    // Messages show what is stored.
    oracle.notices.stopStored(record);
  }
}
