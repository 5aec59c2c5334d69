/** People who take turns, a service that says so, and requests around the ends of their shifts. */
import {
  afterLook,
  type Shift,
  type UnknownWhy,
} from "../../../shared/domain/facts/schedule-reading.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import type { Random } from "../random.ts";
import { CALLED, CALLERS, hasShifts, SCHEDULE, shiftRandom, UNNAMED } from "../shift-policy.ts";
import { role } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import { bindingOf, type People, type Place } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

export class Shifts {
  readonly #world: World;
  readonly #people: Pick<People, "later">;
  readonly #random: Random;
  readonly #areTaken: boolean;
  /** The present turn: somebody, or a gap, and until when. */
  #turn: { readonly name: string | undefined; readonly until: number };
  #failing: { readonly why: UnknownWhy; readonly until: number } | undefined;

  constructor(seed: number, world: World, people: Pick<People, "later">) {
    this.#world = world;
    this.#people = people;
    this.#areTaken = hasShifts(seed);
    this.#random = shiftRandom(seed);
    this.#turn = { name: undefined, until: world.startedAt };
  }

  /** Plans looks, turns and requests. @param span milliseconds */
  plan(places: readonly Place[], span: number): void {
    if (!this.#areTaken) return;
    const { startedAt, time } = this.#world;
    const random = this.#random;
    const over = startedAt + span + 40 * MINUTE;
    const look = () => {
      this.#look();
      if (time.now < over) time.after(MINUTE, look);
    };
    look();
    for (let left = random.whole(4, 12); left > 0; left -= 1)
      this.#people.later(startedAt + random.between(SECOND, span + 10 * MINUTE), () =>
        this.#ask(random.pick(places)),
      );
    // Somebody takes a shift over before its end.
    for (let left = random.whole(0, 3); left > 0; left -= 1)
      this.#people.later(startedAt + random.between(SECOND, span + 10 * MINUTE), () =>
        this.#hand(),
      );
  }

  /** The next turn, or a gap. */
  #hand(): void {
    const { time, note } = this.#world;
    const random = this.#random;
    const drawn = random.pick([...Object.keys(CALLERS), "nobody"]);
    const name = drawn === "nobody" ? undefined : drawn;
    const until = Math.ceil((time.now + random.between(4, 40) * MINUTE) / SECOND) * SECOND;
    this.#turn = { name, until };
    note("pager", () => `${name ?? "nobody"} is on call until ${instantOf(until).slice(11, 19)}`);
  }

  /** One look of `outside`: what it stores, the oracle is told as well. */
  #look(): void {
    const { time, readings, oracle, note } = this.#world;
    const random = this.#random;
    if (time.now >= this.#turn.until) this.#hand();
    if (this.#failing && time.now >= this.#failing.until) this.#failing = undefined;
    else if (!this.#failing && random.chance(0.06)) {
      const why = random.pick(["unreachable", "busy", "denied", "unclear"] as const);
      this.#failing = { why, until: time.now + random.between(1, 14) * MINUTE };
      note("pager", () => `fails: ${why}`);
    }
    const at = instantOf(time.now);
    const failing = this.#failing;
    const shifts = this.#shifts();
    const look = failing ? { unknown: failing.why } : { shifts };
    readings.set(SCHEDULE, afterLook(SCHEDULE, readings.get(SCHEDULE), look, at));
    if (failing) oracle.shifts.failed(failing.why, at);
    else oracle.shifts.answered(at, shifts);
  }

  #shifts(): readonly Shift[] {
    const { name, until } = this.#turn;
    const person = name === undefined ? undefined : CALLERS[name];
    return person === undefined ? [] : [{ person, until: instantOf(until) }];
  }

  /** Sam or tom asks, by the rule's name or for whatever lends it, perhaps for later. */
  #ask(place: Place): void {
    const { front, note, time, profile } = this.#world;
    const random = this.#random;
    const name = random.pick(Object.keys(CALLERS));
    const rule = random.pick([CALLED, null]);
    const later = random.chance(0.3) ? random.between(3, 20) * MINUTE : 0;
    // Only the sweep starts a grant that was approved for later.
    const isLater = profile.sweep && later > 0 && rule !== null;
    const ask = {
      cluster: place.cluster,
      access: {
        policy: "AmazonEKSEditPolicy",
        scope: { type: "namespace", namespaces: [random.pick(["app-a", "app-b"])] },
      },
      reason: rule === null ? UNNAMED : "woken at night",
      rule,
      startsAt: isLater ? instantOf(Math.round(time.now + later)) : null,
      durationSeconds: random.pick([300, 600, 900]),
      principalArn: role(place.principal),
    } as const;
    void front(bindingOf(place), async (ports) => {
      const request = await createRequest(ports, actorIn(ports.policy, name), ask, undefined);
      note(name, () => `asks by ${rule}: ${request.id.slice(-4)} under ${request.rule}`);
    });
  }
}
