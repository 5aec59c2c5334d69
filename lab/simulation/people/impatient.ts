/**
 * People who press Ctrl-C once they have sent something, so that its answer is lost to them. They send it again, or
 * read what became of it as the command does, and undo it.
 */
import type { Actor } from "../../../shared/domain/policy/actor.ts";
import type { Ask } from "../../../shared/domain/requests/ask.ts";
import type { EndVerb } from "../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { SweepPorts } from "../../../shared/ports/function-ports.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../../shared/usecases/requests/decide-request.ts";
import { endGrant } from "../../../shared/usecases/requests/end-grant.ts";
import { extendGrant } from "../../../shared/usecases/requests/extend-grant.ts";
import {
  listOwn,
  readHistory,
  readRequest,
} from "../../../shared/usecases/requests/read-requests.ts";
import { type Sent, SentWatch } from "../oracle/sent.ts";
import { type Random, seededRandom } from "../random.ts";
import { role } from "../sim-policy.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import { anyAccess } from "./any-access.ts";
import { termsOfOffer } from "./offers.ts";
import { bindingOf, type People, type Place, placeOf } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** They have random numbers of their own, so that they shift nothing in the life of other seeds. */
const IMPATIENT_SEED = 0x1c7;

/** In how many seeds somebody is impatient, and which: none of those by which a mutant of others is caught. */
const SHARE = 1 / 10;
const BUSY_SEED = 0xb48;

/** As the command reads them: a page of the newest. */
const PAGE = { limit: 100 };

type Send = (ports: SweepPorts, actor: Actor) => Promise<AccessRequest>;

export class Impatient {
  readonly #world: World;
  readonly #people: Pick<People, "later" | "during" | "decide" | "plan">;
  readonly #random: Random;
  readonly #areBusy: boolean;
  readonly #watch: SentWatch;
  #sent = 0;

  constructor(
    seed: number,
    world: World,
    people: Pick<People, "later" | "during" | "decide" | "plan">,
  ) {
    this.#world = world;
    this.#people = people;
    this.#areBusy = seededRandom(-seed ^ BUSY_SEED).chance(SHARE);
    this.#random = seededRandom(seed ^ IMPATIENT_SEED);
    this.#watch = new SentWatch(world.oracle.facts);
  }

  /** Plans who sends what, and when. @param span when most is asked for, in milliseconds */
  plan(places: readonly Place[], span: number): void {
    if (!this.#areBusy) return;
    const { startedAt } = this.#world;
    const random = this.#random;
    const at = (from: number, act: () => Promise<void>) =>
      this.#people.later(
        startedAt + random.between(from, span + 8 * MINUTE),
        () => void this.#people.during(act),
      );
    for (let left = random.whole(2, 4); left > 0; left -= 1)
      at(0, () => this.#asks(random.pick(places)));
    for (let left = random.whole(4, 8); left > 0; left -= 1) {
      at(2 * SECOND, () => this.#decides());
      at(20 * SECOND, () => this.#ends());
      at(MINUTE, () => this.#extends());
    }
  }

  async #asks(place: Place): Promise<void> {
    const random = this.#random;
    const sent = this.#newSent("request", random.pick(place.holders), undefined);
    const ask: Ask = {
      cluster: place.cluster,
      access: anyAccess(random),
      durationSeconds: random.pick([300, 600, 900]),
      reason: `INC-4711 stuck rollout, ${sent.name}`,
      principalArn: role(place.principal),
      startsAt: null,
      rule: null,
    };
    await this.#interrupted(place, sent, (ports, actor) =>
      createRequest(ports, actor, ask, sent.name),
    );
    if (random.chance(0.4))
      await this.#takesBack(place, sent, ({ reason }) => reason === ask.reason);
  }

  async #extends(): Promise<void> {
    const grant = this.#any(({ state }) => state === "active");
    if (!grant) return;
    const sent = this.#newSent("request", grant.requester, undefined);
    const reason = `still stuck, ${sent.name}`;
    const ask = { durationSeconds: this.#random.pick([null, 300, 900]), reason };
    await this.#interrupted(placeFor(grant), sent, (ports, actor) =>
      extendGrant(ports, actor, grant.id, ask, sent.name),
    );
    if (this.#random.chance(0.3))
      await this.#takesBack(placeFor(grant), sent, (each) => each.reason === reason);
  }

  async #decides(): Promise<void> {
    const asked = this.#any(({ state }) => state === "pending");
    if (!asked) return;
    const person = this.#random.pick(["cat", "dan"]);
    const verdict = this.#random.chance(0.85) ? "approve" : "deny";
    const { id, digest } = asked;
    const sent = this.#newSent(verdict, person, asked);
    if (verdict === "approve")
      this.#world.oracle.agreements.agreed(id, person, termsOfOffer(asked, undefined));
    await this.#interrupted(placeFor(asked), sent, (ports, actor) =>
      decideRequest(ports, actor, id, { verdict, digest }),
    );
  }

  async #ends(): Promise<void> {
    const open = this.#any(({ state }) => ["pending", "approved", "active"].includes(state));
    if (!open) return;
    const own: EndVerb = open.state === "active" ? "return" : "cancel";
    const verb = this.#random.chance(0.6) ? own : "revoke";
    const person = verb === "revoke" ? this.#random.pick(["cat", "dan"]) : open.requester;
    const sent = this.#newSent(verb, person, open);
    await this.#interrupted(placeFor(open), sent, (ports, actor) =>
      endGrant(ports, actor, open.id, verb),
    );
  }

  #newSent(type: Sent["type"], person: string, stored: AccessRequest | undefined): Sent {
    this.#sent += 1;
    const before = stored && { id: stored.id, version: stored.version };
    return { name: `sent-${this.#sent}`, type, person, before, isNew: stored === undefined };
  }

  /** Sends it, loses the answer, and sends it again or reads what became of it. */
  async #interrupted(place: Place, sent: Sent, send: Send): Promise<void> {
    const { time, tally } = this.#world;
    const random = this.#random;
    tally.count("impatient", sent.type);
    // The first call goes on while they do.
    const first = this.#send(place, sent, send, (made) => this.#follow(place, sent, made));
    await time.delay(random.pick([0.1, 1, 20]) * random.between(0, 2 * SECOND));
    for (let left = random.whole(1, 2); left > 0; left -= 1) {
      if (!sent.isNew && random.chance(0.5)) await this.#reads(place, sent);
      else {
        tally.count("impatient", "sent again");
        await this.#send(place, sent, send, (made) => this.#watch.answered(sent, made));
      }
      await time.delay(random.pick([0.1, 1, 30]) * random.between(0, 2 * SECOND));
    }
    await first;
    this.#watch.checkOnce(sent);
    // A call without an answer may land later.
    this.#people.later(time.now + 7 * MINUTE, () => this.#watch.checkOnce(sent));
  }

  async #send(
    place: Place,
    { name, person }: Sent,
    send: Send,
    answered: (request: AccessRequest) => void,
  ): Promise<void> {
    const { front, note } = this.#world;
    this.#sent += 1;
    const gatewayRequestId = `${name}#${this.#sent}`;
    await front(bindingOf(place), async (ports) => {
      const proof = { gatewayRequestId, callerId: person };
      const made = await send(ports, { ...actorIn(ports.policy, person), proof });
      note(person, () => `sends ${gatewayRequestId}: ${made.id.slice(-4)} ${made.state}`);
      answered(made);
    });
  }

  /** Others decide on what is new, and end it. */
  #follow(place: Place, { isNew }: Sent, made: AccessRequest): void {
    if (!isNew) return;
    const { time } = this.#world;
    const random = this.#random;
    for (let left = random.whole(1, 3); left > 0; left -= 1)
      this.#people.later(time.now + random.between(0, 8) * SECOND, () =>
        this.#people.decide(place, made, random.pick(["cat", "dan"])),
      );
    this.#people.later(time.now + 2 * MINUTE, () => this.#people.plan(place, made.id));
  }

  /** Reads by version and actor, as the command does. */
  async #reads(place: Place, sent: Sent): Promise<void> {
    const { front, tally } = this.#world;
    const { before, type, person } = sent;
    if (!before) return;
    await front(bindingOf(place), async (ports) => {
      const actor = actorIn(ports.policy, person);
      const wasThere = this.#watch.isStored(sent);
      const { items } = await readHistory(ports, actor, before.id, { limit: 1_000 });
      const isShown = items.some(
        (event) => event.type === type && event.actor === person && event.seq > before.version,
      );
      tally.count("impatient", isShown ? "read as stored" : "read as not stored");
      if (!isShown) this.#watch.notShown(sent, wasThere);
      else this.#watch.shown(sent, await readRequest(ports, actor, before.id));
    });
  }

  /** Finds what was made in their own list, and takes it back. */
  async #takesBack(
    place: Place,
    sent: Sent,
    isIt: (request: AccessRequest) => boolean,
  ): Promise<void> {
    const { front, tally, note } = this.#world;
    const { person } = sent;
    await front(bindingOf(place), async (ports) => {
      const actor = actorIn(ports.policy, person);
      const found = (await listOwn(ports, actor, PAGE)).items.find(isIt);
      if (!found || !["pending", "approved", "active"].includes(found.state)) return;
      this.#watch.answered(sent, found);
      const verb = found.state === "active" ? "return" : "cancel";
      const { state } = await endGrant(ports, actor, found.id, verb);
      tally.count("impatient", "taken back");
      note(person, () => `takes back ${sent.name}: ${found.id.slice(-4)} ${state}`);
    });
  }

  /** Something that people made, which nobody forged. */
  #any(isIt: (request: AccessRequest) => boolean): AccessRequest | undefined {
    const { tables, oracle } = this.#world;
    const all = [...tables.requests.values()].filter(
      (each) => isIt(each) && !oracle.facts.forged.has(each.id),
    );
    return all.length === 0 ? undefined : this.#random.pick(all);
  }
}

const placeFor = ({ cluster, principalArn }: AccessRequest): Place =>
  placeOf(cluster.name, principalArn.split("/")[1] ?? "");
