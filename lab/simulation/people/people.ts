/**
 * Actions of people: request, decide, approve for less, cancel, return, revoke, extend; also at
 * once, and twice.
 */

import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import type { Ask } from "../../../shared/domain/requests/ask.ts";
import type { EndVerb } from "../../../shared/domain/requests/audit-event.ts";
import type { Decision } from "../../../shared/domain/requests/decision.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../../shared/usecases/requests/end-grant.ts";
import { CLUSTERS, HOLDERS, role } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import { anyAccess } from "./any-access.ts";
import { anyOffer, termsOfOffer } from "./offers.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** One entry, and the people who may request access through it. */
export interface Place {
  readonly cluster: string;
  readonly principal: string;
  readonly holders: readonly string[];
}

export const placeOf = (cluster: string, principal: string): Place => ({
  cluster,
  principal,
  holders: HOLDERS[principal] ?? [],
});

export const bindingOf = ({ cluster, principal }: Place) =>
  bindingKey(CLUSTERS[cluster] ?? "", role(principal));

/** The actions of others about grants. */
interface Hooks {
  /** Called for each grant once: plans its extensions. */
  readonly extend: (place: Place, id: string) => void;
  readonly ended: (person: string, request: AccessRequest, verb: EndVerb) => void;
}

export class People {
  readonly #world: World;
  /** How many actions people still plan. */
  #plans = 0;
  #haveLeft = false;
  #hooks: Hooks | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  whoFollow(hooks: Hooks): void {
    this.#hooks = hooks;
  }

  /** Whether nobody plans anything any more. */
  get areDone(): boolean {
    return this.#plans === 0;
  }

  /** Does something that takes a while, and counts as planned until it is done. */
  async during(act: () => Promise<void>): Promise<void> {
    this.#plans += 1;
    await act();
    this.#plans -= 1;
  }

  /** Nobody does anything from now on, whatever was planned. */
  leave(): void {
    this.#haveLeft = true;
  }

  /** Plans something for later. */
  later(at: number, act: () => void): void {
    this.#plans += 1;
    this.#world.time.at(at, () => {
      this.#plans -= 1;
      if (!this.#haveLeft) act();
    });
  }

  /** Somebody makes a request, and others may decide on it. */
  async ask(
    place: Place,
    access = anyAccess(this.#world.random),
    atOnce = false,
    durationSeconds?: number,
  ): Promise<void> {
    const { random, front, note, time } = this.#world;
    const requester = random.pick(place.holders);
    const ask: Ask = {
      cluster: place.cluster,
      access,
      durationSeconds: durationSeconds ?? random.pick([300, 300, 600, 900, 1_800]),
      reason: "INC-4711 stuck rollout",
      principalArn: role(place.principal),
      startsAt: this.#anyStart(atOnce),
      rule: null,
    };
    // A double click: the same request under one key, at almost the same moment.
    const key = random.chance(0.2) ? `key-${random.whole(0, 1_000_000)}` : undefined;
    const times = key !== undefined && random.chance(0.5) ? 2 : 1;
    this.#plans += 1;
    await Promise.all(
      Array.from({ length: times }, async () => {
        await time.delay(random.between(0, 200));
        await front(bindingOf(place), async (ports) => {
          const request = await createRequest(ports, actorIn(ports.policy, requester), ask, key);
          note(requester, () => `asks: ${request.id.slice(-4)} ${JSON.stringify(access)}`);
          this.#follow(place, request);
        });
      }),
    );
    this.#plans -= 1;
  }

  #anyStart(atOnce: boolean): string | null {
    const { random, time, profile } = this.#world;
    // Only the sweep starts a grant that was approved for later.
    if (atOnce || !profile.sweep || !random.chance(0.15)) return null;
    return instantOf(time.now + random.between(30 * SECOND, 20 * MINUTE));
  }

  #follow(place: Place, request: AccessRequest): void {
    const { random, time, profile } = this.#world;
    const { id, state, requester } = request;
    if (state === "pending") {
      const moment = time.now + random.pick([0, 1, 1, 30]) * random.between(500, 10_000);
      // Sometimes nobody decides, and the request lapses.
      const decisions = random.chance(0.05) ? 0 : random.whole(2, 4);
      const decide = () =>
        this.decide(place, request, random.pick(["cat", "dan", "cat", "dan", "eve", requester]));
      if (random.chance(0.15)) this.#duringRun(place, decide);
      else
        for (let left = decisions; left > 0; left -= 1)
          this.later(moment + random.pick([0, 1, 20]) * random.between(0, 500), decide);
      if (random.chance(0.1))
        this.later(moment + random.between(-400, 800), () =>
          this.#end(place, id, "cancel", requester),
        );
    }
    // Somebody changes their mind while the first calls are under way.
    if (random.chance(profile.unansweredLate > 0.02 ? 0.4 : 0.15))
      this.later(time.now + random.between(500, 40_000), () => this.#endSoon(place, id));
    this.later(time.now + 2 * MINUTE, () => this.plan(place, id));
  }

  /** Does something during the next run of converge for this place. */
  #duringRun(place: Place, act: () => void): void {
    const { duringRun } = this.#world;
    const binding = bindingOf(place);
    duringRun.set(binding, [...(duringRun.get(binding) ?? []), act]);
  }

  #endSoon(place: Place, id: string): void {
    const { tables, random } = this.#world;
    const request = tables.requests.get(id);
    if (request?.state === "active") this.#end(place, id, "return", request.requester);
    else this.#end(place, id, "revoke", random.pick(["cat", "dan"]));
  }

  /** Somebody decides on a request, and sometimes on terms that they were not shown. */
  decide(place: Place, asked: AccessRequest, person: string): void {
    const { random, offers, tables, oracle, front, note } = this.#world;
    const { id } = asked;
    // Some decide on an old message: somebody may have approved for less since.
    const seen = offers.chance(0.3) ? asked : (tables.requests.get(id) ?? asked);
    const verdict = random.chance(0.85) ? "approve" : "deny";
    const digest = random.chance(0.03) ? "0".repeat(64) : seen.digest;
    const less = anyOffer(offers, seen);
    const decision: Decision =
      less && verdict === "approve" ? { verdict, digest, less } : { verdict, digest };
    if (verdict === "approve") oracle.agreements.agreed(id, person, termsOfOffer(seen, less));
    void front(bindingOf(place), async (ports) => {
      const actor = actorIn(ports.policy, person);
      const { state } = await decideRequest(ports, actor, id, decision);
      note(
        person,
        () => `${verdict}s ${id.slice(-4)} ${less ? JSON.stringify(less) : ""}: ${state}`,
      );
    });
  }

  #end(place: Place, id: string, verb: EndVerb, person: string): void {
    const { front, note } = this.#world;
    void front(bindingOf(place), async (ports) => {
      const ended = await endGrant(ports, actorIn(ports.policy, person), id, verb);
      note(person, () => `${verb}s ${id.slice(-4)}: ${ended.state}`);
      this.#hooks?.ended(person, ended, verb);
    });
  }

  /** Plans what happens to a grant: much of it around its end. */
  plan(place: Place, id: string): void {
    const { random, tables, time } = this.#world;
    this.#hooks?.extend(place, id);
    const request = tables.requests.get(id);
    if (!request || request.revokeAt === null) return;
    const end = Date.parse(request.revokeAt);
    const aroundTheEnd = () => end + random.between(-15, 75) * SECOND;
    const inBetween = () => random.between(time.now, Math.max(time.now + SECOND, end));
    if (random.chance(0.15))
      this.later(random.chance(0.5) ? inBetween() : aroundTheEnd(), () =>
        this.#end(place, id, "return", request.requester),
      );
    if (random.chance(0.05))
      this.#duringRun(place, () => this.#end(place, id, "return", request.requester));
    if (random.chance(0.12))
      this.later(random.chance(0.5) ? inBetween() : aroundTheEnd(), () =>
        this.#end(place, id, "revoke", random.pick(["cat", "dan"])),
      );
    if (random.chance(0.03))
      this.later(inBetween(), () => this.#end(place, id, "cancel", request.requester));
    // The same access again, by a request that overlaps this one.
    if (random.chance(0.25))
      this.later(random.chance(0.5) ? inBetween() : aroundTheEnd(), () => {
        void this.ask(place, request.access, true);
      });
    if (random.chance(0.3)) this.later(aroundTheEnd(), () => this.#knock(place));
  }

  /** Sends a message without a reason: early, twice, or after the last grant. */
  #knock(place: Place): void {
    const { queue, random, note } = this.#world;
    const binding = bindingOf(place);
    note("somebody", () => `sends a message for ${place.cluster}/${place.principal}`);
    for (let left = random.whole(1, 3); left > 0; left -= 1)
      queue.send(binding, "forged", `forged-${random.fraction()}`);
  }

  /** Sends messages for a place without a reason. */
  knock(place: Place): void {
    this.#knock(place);
  }
}
