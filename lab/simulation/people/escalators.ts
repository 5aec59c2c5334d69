/** People who make a break-glass of a request that still waits, and others who try to. */
import { escalateRequest } from "../../../shared/usecases/requests/escalate-request.ts";
import { type Random, seededRandom } from "../random.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import { bindingOf, type People, placeOf } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * Escalations have random numbers of their own, so that nothing moves in the life of other seeds.
 */
const ESCALATION_SEED = 0x7c4;
/** In how many seeds people escalate. */
const SHARE = 1 / 8;

export class Escalators {
  readonly #world: World;
  readonly #people: Pick<People, "later" | "plan">;
  readonly #random: Random;
  readonly #areBusy: boolean;

  constructor(seed: number, world: World, people: Pick<People, "later" | "plan">) {
    this.#world = world;
    this.#people = people;
    this.#areBusy = seededRandom(-seed ^ ESCALATION_SEED).chance(SHARE);
    this.#random = seededRandom(seed ^ ESCALATION_SEED);
  }

  /** Plans when somebody cannot wait, while people ask. @param span milliseconds */
  begin(span: number): void {
    if (!this.#areBusy) return;
    const { startedAt } = this.#world;
    const random = this.#random;
    for (let left = random.whole(6, 16); left > 0; left -= 1)
      this.#people.later(startedAt + random.between(SECOND, span + 2 * MINUTE), () =>
        this.#escalate(),
      );
  }

  /**
   * Escalates a request that is pending, or was decided just now: no break-glass rule lends the
   * access of most.
   */
  #escalate(): void {
    const { tables, front, note, time } = this.#world;
    const random = this.#random;
    const all = [...tables.requests.values()];
    if (all.length === 0) return;
    const pending = all.filter(({ state }) => state === "pending");
    const request = random.pick(pending.length > 0 && random.chance(0.9) ? pending : all);
    const by = random.chance(0.9) ? request.requester : "cat";
    const rule = random.pick([null, null, null, "unattended", "edit"]);
    const place = placeOf(request.cluster.name, request.principalArn.split("/")[1] ?? "");
    // A second press of the same button, at almost the same moment.
    for (let times = random.chance(0.2) ? 2 : 1; times > 0; times -= 1)
      void front(bindingOf(place), async (ports) => {
        const actor = actorIn(ports.policy, by);
        const { state } = await escalateRequest(ports, actor, request.id, rule);
        note(by, () => `makes a break-glass of ${request.id.slice(-4)}: ${state}`);
        this.#people.later(time.now + 2 * MINUTE, () => this.#people.plan(place, request.id));
      });
  }
}
