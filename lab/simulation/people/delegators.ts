/**
 * People who let others decide for them, end that early or let it lapse, and delegates who decide, also
 * when they may no more. Others forge such decisions into the requests table.
 */
import { digestOf } from "../../../shared/domain/requests/digest.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { delegate } from "../../../shared/usecases/delegations/delegate.ts";
import { endDelegation } from "../../../shared/usecases/delegations/end-delegation.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { areDelegating, DELEGATES, delegationRandom } from "../deployed-policy.ts";
import type { Random } from "../random.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { actorIn } from "./actors.ts";
import { faultyApprovals } from "./faulty-approvals.ts";
import type { Intruder } from "./intruder.ts";
import { type People, placeOf } from "./people.ts";

/** Rules whose approvers may let others decide. */
const FORGED_RULES: ReadonlySet<string> = new Set(["edit", "whole-cluster"]);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** People who may let others decide, and people who try although they approve nothing. */
const DELEGATORS = ["cat", "dan", "cat", "dan", "eve", "mia"] as const;
/** Eve asks and approves, and ann asks: they could decide on what is their own. */
const TO = [...DELEGATES, ...DELEGATES, ...DELEGATES, "eve", "ann", "dan"] as const;

interface Hands {
  readonly people: Pick<People, "later" | "decide">;
  readonly intruder: Pick<Intruder, "write">;
}

export class Delegators {
  readonly #world: World;
  readonly #hands: Hands;
  readonly #random: Random;
  readonly #areBusy: boolean;
  #forged = 0;

  constructor(seed: number, world: World, hands: Hands) {
    this.#world = world;
    this.#hands = hands;
    this.#areBusy = areDelegating(seed);
    this.#random = delegationRandom(seed);
  }

  /** Plans who delegates to whom while people ask, and what delegates do. @param span milliseconds */
  begin(span: number): void {
    if (!this.#areBusy) return;
    const random = this.#random;
    const { startedAt } = this.#world;
    const at = (from: number, to: number, act: () => void) =>
      this.#hands.people.later(startedAt + random.between(from, to), act);
    for (let left = random.whole(2, 5); left > 0; left -= 1) at(0, span, () => this.#delegate());
    for (let left = random.whole(4, 12); left > 0; left -= 1)
      at(10 * SECOND, span + 10 * MINUTE, () => this.#decide());
    for (let left = random.whole(0, 4); left > 0; left -= 1)
      at(MINUTE, span + 10 * MINUTE, () => this.#forge());
    if (random.chance(0.3)) at(MINUTE, span + 5 * MINUTE, () => this.#leave());
  }

  #delegate(): void {
    const { front, note, time } = this.#world;
    const random = this.#random;
    const [by, to] = [random.pick(DELEGATORS), random.pick(TO)];
    const now = instantOf(time.now);
    const from = random.chance(0.2) ? plusSeconds(now, random.whole(30, 300)) : null;
    const until = plusSeconds(from ?? now, random.pick([60, 300, 900, 3_000]));
    void front(undefined, async (ports) => {
      const made = await delegate(ports, actorIn(ports.policy, by), { to, from, until }, undefined);
      note(by, () => `delegates to ${to} until ${until}: ${made.id.slice(-4)}`);
      const end = Math.min(random.between(5, 600) * SECOND, 2 * (Date.parse(until) - time.now));
      if (random.chance(0.4))
        this.#hands.people.later(time.now + end, () => this.#end(made.id, random.pick([by, to])));
      // Around its end a delegate still tries.
      const last = Date.parse(until) + random.between(-5, 5) * SECOND;
      this.#hands.people.later(Math.max(time.now + SECOND, last), () => this.#decide(to));
    });
  }

  #end(id: string, by: string): void {
    const { front, note, time } = this.#world;
    void front(undefined, async (ports) => {
      await endDelegation(ports, actorIn(ports.policy, by), id);
      note(by, () => `ends the delegation ${id.slice(-4)}`);
    });
    const again = time.now + this.#random.between(0, 3) * SECOND;
    this.#hands.people.later(again, () => this.#decide());
  }

  /** A delegate decides on something that is pending, whether or not they may. */
  #decide(by: string = this.#random.pick(DELEGATES)): void {
    const pending = [...this.#world.tables.requests.values()].filter(
      ({ state }) => state === "pending",
    );
    if (pending.length === 0) return;
    const request = this.#random.pick(pending);
    const principal = request.principalArn.split("/")[1] ?? "";
    this.#hands.people.decide(placeOf(request.cluster.name, principal), request, by);
  }

  /** A deployment takes a delegator out of their groups. */
  #leave(): void {
    const { deployed, note, oracle, time, tables } = this.#world;
    const name = this.#random.pick(["cat", "eve"]);
    note("deployment", () => `${name} leaves their groups`);
    deployed.leavesGroups(name);
    oracle.delegations.lost(name);
    // Messages name who can decide. They follow at the next step, or once somebody looks.
    for (const [subject, { record }] of tables.notices) {
      const moved = { ...record, revision: record.revision + 1 };
      tables.notices.set(subject, { record: moved, dueAt: instantOf(time.now) });
    }
  }

  /** Writes an approved request whose approvals are on somebody's behalf, and not in order. */
  #forge(): void {
    const { tables, oracle, note, time, queue } = this.#world;
    const victims = [...tables.requests.values()].filter(
      ({ rule, extends: predecessor }) => FORGED_RULES.has(rule) && predecessor === undefined,
    );
    const faulty = faultyApprovals(victims, tables, instantOf(time.now));
    // Each kind of fault has the same chance, since some are rare.
    const kinds = [...new Set(faulty.map(({ kind }) => kind))];
    if (kinds.length === 0) return;
    const kind = this.#random.pick(kinds);
    const { victim, approvals } = this.#random.pick(faulty.filter((each) => each.kind === kind));
    const now = instantOf(time.now);
    const expiresAt = plusSeconds(now, victim.durationSeconds);
    this.#forged += 1;
    const { extendedBy: _, earlierTerms: _terms, ...rest } = victim;
    const forged: AccessRequest = {
      ...rest,
      id: countedId(9_500_000 + this.#forged),
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
      approvals,
    };
    const signed = { ...forged, digest: digestOf(forged) };
    oracle.wasForged(signed.id);
    note("intruder", () => `forges for ${signed.id.slice(-4)}: ${JSON.stringify(approvals)}`);
    const binding = this.#hands.intruder.write(signed);
    if (binding !== undefined) queue.send(binding, "forged", `delegated-${this.#forged}`);
  }
}
