/**
 * At a bound of size a ledger can always be saved, and access that is over goes: rule
 * `ledger-fits`.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ns } from "../../lab/fakes/broker-sights.ts";
import { aFailedCall } from "../../lab/fakes/faults.ts";
import type { MemoryBroker } from "../../lab/fakes/memory-broker.ts";
import { longNames, sharedEntryBroker } from "../../lab/fakes/shared-entry.ts";
import { storedLedger } from "../../shared/aws/dynamodb/ledger/ledger-item.ts";
import { fullestBytes, LEDGER_BYTES, UNSURE_FUSES } from "../../shared/domain/entries/bounds.ts";
import type { Ledger } from "../../shared/domain/entries/ledger.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { accessPolicyArn } from "../../shared/domain/values/arn.ts";
import { BrokerError } from "../../shared/domain/values/errors.ts";
import { itemBytes } from "../../shared/domain/values/item-bytes.ts";
import { anyMoves, BOUNDS, type Bound, firstOf, type Move, POLICIES } from "./any-bounded-life.ts";
import { fuzzRuns, fuzzTime } from "./runs.ts";

fuzzTime(300_000);

/** Names of fuses that are on record before a run knows whether their grants have room. */
const EARLY_NAMES = 10_000;

const CRASH = new Error("The run is over.");
const arnOf = (policy: string) => accessPolicyArn("aws", policy);

/** A life, and what was seen of it. */
class Life {
  readonly broker: MemoryBroker;
  readonly bound: Bound;
  readonly seen = { largest: 0, fullest: 0, unsure: 0, refused: 0, tooLarge: 0 };
  #repairs: readonly (() => void)[] = [];
  #asked = 0;

  constructor(bound: Bound) {
    this.bound = bound;
    this.broker = sharedEntryBroker({
      settings: { openGrantsPerPerson: 200, requestsPerWindow: 5_000 },
      policies: POLICIES,
    });
    this.broker.watch("ledgers.save", ([ledger]) => this.#saved(ledger as Ledger));
    this.#hear();
  }

  /** Later hooks, which a crash clears with all others. */
  #hear() {
    this.broker.clearFaults();
    this.broker.watch("ledgers.save", ([ledger]) => this.#saved(ledger as Ledger));
  }

  #saved(ledger: Ledger) {
    const bytes = itemBytes({ ledger: storedLedger(ledger) });
    this.seen.fullest = Math.max(this.seen.fullest, fullestBytes(ledger));
    this.seen.largest = Math.max(this.seen.largest, bytes);
    for (const target of new Set(ledger.fuses.map((fuse) => fuse.target))) {
      const names = ledger.fuses.filter((fuse) => fuse.target === target && !fuse.sure);
      this.seen.unsure = Math.max(this.seen.unsure, names.length);
    }
  }

  async ask(by: string, access: AccessRequest["access"], durationSeconds: number) {
    try {
      await this.broker.grant({ access, durationSeconds }, by);
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      this.seen.refused += error.code === "too-much-on-one-entry" ? 1 : 0;
    }
  }

  /** The grants that may give access. */
  open = () => this.broker.front.requests.openOn(this.broker.binding);

  /** A run. Only a crash that was planned may end one. */
  async run() {
    try {
      const { ledgersTooLarge } = await this.broker.converge();
      this.seen.tooLarge += ledgersTooLarge;
    } catch (error) {
      if (error !== CRASH) throw error;
      this.#hear();
    }
  }

  async begin() {
    for (const [at, { by, access }] of firstOf(this.bound).entries()) {
      await this.ask(by, access, 1_800 + 600 * (at % 4));
      if (at % 10 === 9) await this.run();
    }
    await this.run();
  }

  async play(move: Move) {
    const { broker } = this;
    if (move.kind === "ask") {
      this.#asked += 1;
      const namespaces = longNames(`later-${this.#asked}`, move.namespaces);
      const access = { policy: move.policy, scope: { type: "namespace", namespaces } } as const;
      await this.ask(move.by, access, move.minutes * 60);
    } else if (move.kind === "end") {
      const grants = (await this.open()).filter(({ state }) => state !== "ending");
      for (const grant of grants.slice(move.nth % Math.max(1, grants.length)).slice(0, move.count))
        await broker.end(grant, grant.state === "active" ? "return" : "cancel", grant.requester);
    } else if (move.kind === "owner") this.owner(move.policy, move.namespaces);
    else if (move.kind === "fault") broker.failNext(move.operation, move.fault);
    else if (move.kind === "scheduler") this.scheduler(move.isDown);
    else if (move.kind === "late") broker.entries.applyLate();
    else if (move.kind === "overlap") broker.before(move.site, () => this.run());
    else
      broker.before(move.site, () => {
        throw CRASH;
      });
  }

  /** The entry's owner has these namespaces on a policy, beside ours. */
  owner(policy: string, count: number) {
    if (this.bound !== "owner") return;
    const targets = this.broker.actual()?.targets ?? {};
    const others = (targets[arnOf(policy)] ?? []).filter(
      (name) => !name.startsWith("ns/payments-owner"),
    );
    const all = [...others, ...ns(...longNames("owner", count))].sort();
    const { [arnOf(policy)]: _old, ...rest } = targets;
    this.broker.othersPut(all.length === 0 ? rest : { ...rest, [arnOf(policy)]: all });
  }

  scheduler(isDown: boolean) {
    for (const repair of this.#repairs) repair();
    this.#repairs = isDown
      ? [
          this.broker.breakPort("schedules.armFuse", aFailedCall("CreateSchedule")),
          this.broker.breakPort("schedules.disarmFuse", aFailedCall("DeleteSchedule")),
        ]
      : [];
  }

  /** All is repaired, the owner leaves, and everybody ends what they have. */
  async end() {
    const { broker } = this;
    this.scheduler(false);
    this.#hear();
    broker.entries.applyLate();
    for (const policy of POLICIES) this.owner(policy, 0);
    for (const grant of await this.open())
      if (grant.state !== "ending")
        await broker.end(grant, grant.state === "active" ? "return" : "cancel", grant.requester);
    for (let minute = 0; minute < 16 && (await this.open()).length > 0; minute += 1) {
      broker.clock.advance(60);
      await this.run();
    }
  }
}

async function lived(bound: Bound, moves: readonly { move: Move; seconds: number }[]) {
  const life = new Life(bound);
  await life.begin();
  for (const [at, { move, seconds }] of moves.entries()) {
    await life.play(move);
    // A call lands within five minutes, or never.
    if (seconds > 120 || at % 2 === 1) life.broker.entries.applyLate();
    life.broker.clock.advance(seconds);
    await life.run();
  }
  await life.end();
  return life;
}

describe.each(BOUNDS)("Lives at the bound of %s", (bound) => {
  it("Every save fits, names are few, and nothing is left of what was lent", async () => {
    const sum = { refused: 0, tooLarge: 0, largest: 0, fullest: 0 };
    await fc.assert(
      fc.asyncProperty(anyMoves, async (moves) => {
        const life = await lived(bound, moves);
        const { seen, broker } = life;
        expect(seen.unsure).toBeLessThanOrEqual(UNSURE_FUSES + 3);
        if (bound !== "owner") expect(seen).toMatchObject({ tooLarge: 0 });
        if (bound !== "owner") expect(seen.fullest).toBeLessThan(LEDGER_BYTES + EARLY_NAMES);
        if (bound !== "owner") expect(seen.largest).toBeLessThan(LEDGER_BYTES);
        expect((await life.open()).map(({ id, state }) => ({ id, state }))).toEqual([]);
        expect(Object.values(broker.actual()?.targets ?? {}).flat()).toEqual([]);
        sum.refused += seen.refused;
        sum.tooLarge += seen.tooLarge;
        sum.largest = Math.max(sum.largest, seen.largest);
        sum.fullest = Math.max(sum.fullest, seen.fullest);
      }),
      fuzzRuns(USUAL[bound]),
    );
    if (process.env["FUZZ_RUNS"] !== undefined)
      process.stdout.write(`${bound} ${JSON.stringify(sum)}\n`);
    expect(sum.refused > 0).toBe(IS_FULL.has(bound));
  });
});

/** The number of lives in the suite; each begins with its whole room lent. */
const USUAL: Readonly<Record<Bound, number>> = {
  namespaces: 3,
  grants: 2,
  policies: 3,
  owner: 6,
  fuses: 12,
};

/** At these bounds, somebody is refused from the beginning on. */
const IS_FULL: ReadonlySet<Bound> = new Set(["namespaces", "grants", "policies"]);
