/** A tracker whose tickets change, `outside` that looks at them, and people who ask with them. */

import type { UnknownWhy } from "../../../shared/domain/facts/schedule-reading.ts";
import type { Ticket, TicketLook } from "../../../shared/domain/facts/ticket-look.ts";
import { lookAtTickets } from "../../../shared/usecases/facts/look-at-tickets.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { memoryFactStore } from "../../fakes/memory-fact-store.ts";
import type { Random } from "../random.ts";
import { role } from "../sim-policy.ts";
import { STACK } from "../stage.ts";
import {
  HOLDERS,
  hasTickets,
  keyOfTicket,
  STRANGER,
  TICKETED,
  TICKETS,
  ticketRandom,
  VOUCHED,
} from "../ticket-policy.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import { bindingOf, type People, type Place } from "./people.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const STATUSES = ["open", "in-progress", "open", "in-progress", "done", "done", "neither"] as const;
const WHYS = ["unreachable", "busy", "failing", "denied", "unclear"] as const;

export class Tickets {
  readonly #world: World;
  readonly #people: Pick<People, "later" | "plan" | "decide">;
  readonly #random: Random;
  readonly #areAsked: boolean;
  /** By key. A ticket that is absent is missing, or hidden from our token. */
  readonly #tickets = new Map<string, Ticket>();
  #failing: { readonly why: UnknownWhy; readonly until: number } | undefined;

  constructor(seed: number, world: World, people: Pick<People, "later" | "plan" | "decide">) {
    this.#world = world;
    this.#people = people;
    this.#areAsked = hasTickets(seed);
    this.#random = ticketRandom(seed);
  }

  /** Plans changes of tickets, and requests. @param span milliseconds */
  plan(places: readonly Place[], span: number): void {
    if (!this.#areAsked) return;
    const { startedAt, tickets } = this.#world;
    const random = this.#random;
    const at = (act: () => void) =>
      this.#people.later(startedAt + random.between(SECOND, span + 10 * MINUTE), act);
    tickets.onAsked = (keys) => this.#wakeOutside(keys);
    for (const key of TICKETS) this.#change(key);
    for (let left = random.whole(4, 14); left > 0; left -= 1)
      at(() => this.#change(random.pick(TICKETS)));
    for (let left = random.whole(0, 2); left > 0; left -= 1) at(() => this.#fail());
    for (let left = random.whole(4, 10); left > 0; left -= 1)
      at(() => this.#ask(random.pick(places)));
  }

  /** Somebody at the tracker closes a ticket, opens it, assigns or hides it. */
  #change(key: string): void {
    const { time, startedAt, note } = this.#world;
    const random = this.#random;
    const ids = Object.values(HOLDERS);
    if (random.chance(0.1)) this.#tickets.delete(key);
    else {
      const before = this.#tickets.get(key);
      const made = random.chance(0.8) ? startedAt - 10 * MINUTE : time.now;
      this.#tickets.set(key, {
        key,
        status: random.pick(STATUSES),
        title: "A text of others",
        assignees: random.chance(0.8) ? [random.pick(ids)] : [],
        reporter: before?.reporter ?? random.pick([STRANGER, STRANGER, ...ids]),
        createdAt: before?.createdAt ?? instantOf(made),
      });
    }
    const { status, assignees } = this.#tickets.get(key) ?? {};
    note("tracker", () => `${key} is ${status ?? "hidden"}, of ${assignees ?? "nobody"}`);
  }

  #fail(): void {
    const { time, note } = this.#world;
    const why = this.#random.pick(WHYS);
    this.#failing = { why, until: time.now + this.#random.between(1, 40) * MINUTE };
    note("tracker", () => `fails: ${why}`);
  }

  /** A message of the queue of `outside`, which may come late, twice, or never. */
  #wakeOutside(keys: readonly string[]): void {
    const { time } = this.#world;
    const random = this.#random;
    if (random.chance(0.03)) return;
    const times = random.chance(0.05) ? 2 : 1;
    for (let left = times; left > 0; left -= 1)
      time.after(random.between(20, random.pick([900, 900, 20_000])), () => void this.#look(keys));
  }

  /** One run of `outside`. Its clock is its own, and it may crash before it stores what it read. */
  async #look(keys: readonly string[]): Promise<void> {
    const { time, tickets, oracle, profile, note } = this.#world;
    const random = this.#random;
    const skew = random.between(-1, 1) * profile.skewSeconds * SECOND;
    const store = memoryFactStore(undefined, tickets.readings);
    const crashes = random.chance(0.03);
    const ports = {
      source: { look: async () => ({ unknown: "unreachable" }) as const },
      tickets: { look: (_: unknown, ticket: string, at: string) => this.#answer(ticket, at) },
      facts: {
        ...store,
        putTicket: async (reading: Parameters<typeof store.putTicket>[0]) => {
          if (crashes) throw new Error("The function crashed.");
          await store.putTicket(reading);
          oracle.tickets.wasRead(tickets.readings.get(reading.ticket));
        },
      },
      wake: { ticketsRead: async (read: readonly string[]) => this.#wakeSweep(read) },
      clock: { now: () => instantOf(time.now + skew) },
      policy: this.#world.deployed.now,
      settings: STACK.broker,
    };
    const run = { keys, isTimeUp: () => false, log: () => {} };
    await lookAtTickets(ports, run).catch((error: Error) => note("outside", () => error.message));
  }

  async #answer(ticket: string, at: string): Promise<TicketLook> {
    const { time, oracle } = this.#world;
    await time.delay(this.#random.between(30, 400));
    const found = this.#tickets.get(ticket);
    if (this.#failing && time.now >= this.#failing.until) this.#failing = undefined;
    const { why } = this.#failing ?? {};
    const look: TicketLook = why
      ? { unknown: why }
      : found
        ? { ticket: found }
        : { missing: "not-found" };
    oracle.tickets.answered(keyOfTicket(ticket), at, look);
    await time.delay(this.#random.between(30, 400));
    return look;
  }

  #wakeSweep(keys: readonly string[]): void {
    const { time, wakeSweep } = this.#world;
    const random = this.#random;
    if (random.chance(0.05)) return;
    time.after(random.between(20, random.pick([400, 400, 9_000])), () => void wakeSweep(keys));
  }

  /** Uma or vic asks with a ticket that may be theirs. Leads decide where the rule asks them. */
  #ask(place: Place): void {
    const { front, note, time } = this.#world;
    const random = this.#random;
    const name = random.pick(Object.keys(HOLDERS));
    const rule = random.pick([TICKETED, TICKETED, VOUCHED]);
    const ticket = random.pick(TICKETS);
    const isNamed = random.chance(0.7);
    const later = random.between(3, 30) * MINUTE;
    const ask = {
      cluster: place.cluster,
      access: {
        policy: "AmazonEKSEditPolicy",
        scope: { type: "namespace", namespaces: [random.pick(["app-a", "app-b"])] },
      },
      reason: isNamed ? "as the ticket says" : `for ${ticket}, as it says`,
      ...(isNamed ? { ticket } : {}),
      rule,
      startsAt: random.chance(0.3) ? instantOf(Math.round(time.now + later)) : null,
      durationSeconds: random.pick([600, 1_200, 2_400]),
      principalArn: role(place.principal),
    } as const;
    void front(bindingOf(place), async (ports) => {
      const request = await createRequest(ports, actorIn(ports.policy, name), ask, undefined);
      note(name, () => `asks by ${rule} for ${ticket}: ${request.id.slice(-4)}`);
      if (rule === VOUCHED)
        this.#people.later(time.now + random.between(SECOND, 4 * MINUTE), () =>
          this.#people.decide(place, request, "cat"),
        );
      this.#people.later(time.now + 3 * MINUTE, () => this.#people.plan(place, request.id));
    });
  }
}
