/**
 * A machine that asks, and an intruder with its credentials who tries every deed of people. They have
 * random numbers of their own, so that they shift nothing in the life of other seeds.
 */
import { digestOf } from "../../../shared/domain/requests/digest.ts";
import type { Access, AccessRequest } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { FrontPorts } from "../../../shared/ports/function-ports.ts";
import { delegate } from "../../../shared/usecases/delegations/delegate.ts";
import { closeReview } from "../../../shared/usecases/requests/close-review.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../../shared/usecases/requests/end-grant.ts";
import { escalateRequest } from "../../../shared/usecases/requests/escalate-request.ts";
import { changeStops } from "../../../shared/usecases/stops/change-stops.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { hasMachine, machineRandom } from "../deployed-policy.ts";
import type { Random } from "../random.ts";
import { MACHINE, role } from "../sim-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import type { Intruder } from "./intruder.ts";
import { bindingOf, type People, type Place } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The access that each rule lends of which it may think. */
const ASKS: readonly (readonly [rule: string | null, access: Access])[] = [
  [null, { groups: ["viewers"] }],
  ["groups", { groups: ["deployers"] }],
  [
    "unattended",
    { policy: "AmazonEKSEditPolicy", scope: { type: "namespace", namespaces: ["app-a"] } },
  ],
];

type Deed = (ports: FrontPorts, request: Pick<AccessRequest, "id" | "digest">) => Promise<unknown>;

const soon = ({ clock }: FrontPorts) => plusSeconds(clock.now(), 900);
const rob = ({ policy }: FrontPorts) => actorIn(policy, MACHINE);

/** The deeds of people to requests, to others and to the broker. */
const DEEDS: Readonly<Record<string, Deed>> = {
  approve: (ports, { id, digest }) =>
    decideRequest(ports, rob(ports), id, { verdict: "approve", digest }),
  deny: (ports, { id, digest }) =>
    decideRequest(ports, rob(ports), id, { verdict: "deny", digest }),
  revoke: (ports, { id }) => endGrant(ports, rob(ports), id, "revoke"),
  escalate: (ports, { id }) => escalateRequest(ports, rob(ports), id, null),
  review: (ports, { id }) => closeReview(ports, rob(ports), id, "all is well"),
  delegate: (ports) =>
    delegate(ports, rob(ports), { to: "ann", from: null, until: soon(ports) }, undefined),
  "be delegated to": (ports) => {
    const ask = { to: MACHINE, from: null, until: soon(ports) };
    return delegate(ports, actorIn(ports.policy, "cat"), ask, undefined);
  },
  suspend: (ports) => changeStops(ports, rob(ports), "suspend", "ann", "their laptop is gone"),
  drain: (ports) => changeStops(ports, rob(ports), "drain", null, "all is lost"),
};

interface Hands {
  readonly people: Pick<People, "later" | "plan" | "decide">;
  readonly intruder: Pick<Intruder, "write">;
}

export class Machines {
  readonly #world: World;
  readonly #hands: Hands;
  readonly #random: Random;
  readonly #areBusy: boolean;
  #forged = 0;

  constructor(seed: number, world: World, hands: Hands) {
    this.#world = world;
    this.#hands = hands;
    this.#areBusy = hasMachine(seed);
    this.#random = machineRandom(seed);
  }

  /** Plans what it asks for, and what is tried in its name. @param span milliseconds */
  plan(places: readonly Place[], span: number): void {
    if (!this.#areBusy) return;
    const random = this.#random;
    const at = (to: number, act: () => void) =>
      this.#hands.people.later(this.#world.startedAt + random.between(SECOND, to), act);
    const place = places.find(({ principal }) => principal === "oncall");
    if (place)
      for (let left = random.whole(1, 3); left > 0; left -= 1) at(span, () => this.#ask(place));
    for (let left = random.whole(8, 20); left > 0; left -= 1)
      at(span + 10 * MINUTE, () => this.#try());
    for (let left = random.whole(0, 3); left > 0; left -= 1)
      at(span + 5 * MINUTE, () => this.#forge());
  }

  /** Dan, who owns it, and cat try to approve what it asks for. */
  #ask(place: Place): void {
    const { front, note, time } = this.#world;
    const random = this.#random;
    const { people } = this.#hands;
    const [rule, access] = random.pick(ASKS);
    const ask = {
      cluster: place.cluster,
      access,
      reason: "a deployment",
      rule,
      startsAt: null,
      durationSeconds: random.pick([300, 600]),
      principalArn: role(place.principal),
    };
    void front(bindingOf(place), async (ports) => {
      const request = await createRequest(ports, rob(ports), ask, undefined);
      note(MACHINE, () => `asks: ${request.id.slice(-4)} ${JSON.stringify(access)}`);
      for (const by of ["dan", "cat"])
        people.later(time.now + random.between(SECOND, 30 * SECOND), () =>
          people.decide(place, request, by),
        );
      people.later(time.now + 2 * MINUTE, () => people.plan(place, request.id));
    });
  }

  /** Somebody with its credentials tries a deed. Each has to be refused. */
  #try(): void {
    const { tables, front, oracle, note } = this.#world;
    const all = [...tables.requests.values()];
    if (all.length === 0) return;
    const request = this.#random.pick(all);
    const [name, deed] = this.#random.pick(Object.entries(DEEDS));
    void front(undefined, async (ports) => {
      await deed(ports, request);
      note("intruder", () => `could ${name} as ${MACHINE}`);
      oracle.machines.did(name);
    });
  }

  /** Writes a request that nobody but the machine approved. */
  #forge(): void {
    const { tables, oracle, note, time, queue } = this.#world;
    const victims = [...tables.requests.values()].filter(
      ({ rule, extends: predecessor }) => rule === "edit" && predecessor === undefined,
    );
    if (victims.length === 0) return;
    const victim = this.#random.pick(victims);
    const now = instantOf(time.now);
    const expiresAt = plusSeconds(now, victim.durationSeconds);
    this.#forged += 1;
    const { extendedBy: _, earlierTerms: _terms, ...rest } = victim;
    const forged: AccessRequest = {
      ...rest,
      id: countedId(9_700_000 + this.#forged),
      version: 2,
      state: "approved",
      createdAt: now,
      approvedAt: now,
      updatedAt: now,
      startsAt: null,
      effectiveAt: null,
      endedAt: null,
      outcome: null,
      expiresAt,
      revokeAt: plusSeconds(expiresAt, -120),
    };
    const digest = digestOf(forged);
    const proof = { callerId: "forged" };
    const approvals = [{ person: MACHINE, surface: "api" as const, at: now, proof, digest }];
    const signed = { ...forged, digest, approvals };
    oracle.wasForged(signed.id);
    note("intruder", () => `forges an approval by ${MACHINE} for ${signed.id.slice(-4)}`);
    const binding = this.#hands.intruder.write(signed);
    if (binding !== undefined) queue.send(binding, "forged", `machine-${this.#forged}`);
  }
}
