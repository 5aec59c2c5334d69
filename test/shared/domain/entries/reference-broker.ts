/** Plays runs of the pure core in a reference world: what converge does, without its ports. */
import type { Reading } from "../../../../shared/domain/entries/actual-entry.ts";
import { answered, intend } from "../../../../shared/domain/entries/attempt.ts";
import { type Entitlement, explainsIn } from "../../../../shared/domain/entries/entitlement.ts";
import { forget, isAdopted } from "../../../../shared/domain/entries/forget.ts";
import { landedBy } from "../../../../shared/domain/entries/lag.ts";
import type { Ledger } from "../../../../shared/domain/entries/ledger.ts";
import { observe } from "../../../../shared/domain/entries/observe.ts";
import { planAdditions, withBaselines } from "../../../../shared/domain/entries/plan-additions.ts";
import { NOTHING_REFUSED, planRemovals } from "../../../../shared/domain/entries/plan-removals.ts";
import { isGone, type Sighting } from "../../../../shared/domain/entries/proof.ts";
import type { EntryStep } from "../../../../shared/domain/entries/step.ts";
import type { Ages, Fate, ReferenceWorld } from "./reference-world.ts";
import { aBegun, aLedger, at, LAG } from "./situations.ts";

/** The conditions of one run. */
export interface RunPlan {
  readonly ages: Ages;
  /** The ages that the last read sees. */
  readonly lastAges: Ages;
  /** Whether its first read is answered. */
  readonly isRead: boolean;
  /** One for each call, in order. Calls without one are answered. */
  readonly fates: readonly Fate[];
}

interface Grant extends Pick<Entitlement, "grantId" | "target" | "elements"> {
  readonly isOver: boolean;
}

/** A run is cut off this many seconds after its start. */
const RUN_SECONDS = 8;

export class ReferenceBroker {
  ledger: Ledger = aLedger();
  /** Whether the broker ever gave up an entry of ours because others used it. */
  hasGivenUp = false;
  readonly #world: ReferenceWorld;
  #grants: readonly Grant[] = [];
  #names = 0;

  constructor(world: ReferenceWorld) {
    this.#world = world;
  }

  /** The entitlements of all open grants. */
  get entitlements(): readonly Entitlement[] {
    return this.#grants.map((grant) => ({
      ...grant,
      hasBegun: Object.hasOwn(this.ledger.begun, grant.grantId),
      isLive: !grant.isOver,
    }));
  }

  grant({ target, elements }: Pick<Entitlement, "target" | "elements">): void {
    this.#grants = [...this.#grants, { grantId: this.#next("g"), target, elements, isOver: false }];
  }

  /** Ends the first grant that is not over. */
  end(): void {
    const first = this.#grants.find(({ isOver }) => !isOver);
    this.#grants = this.#grants.map((grant) =>
      grant === first ? { ...grant, isOver: true } : grant,
    );
  }

  run({ ages, lastAges, isRead, fates }: RunPlan): void {
    const left = [...fates];
    const next = () => left.shift() ?? "answered";
    const seen = isRead ? this.#look(ages) : undefined;
    const counts = seen && seen.sight !== "stale" && seen.sight !== "too-new";
    const situation = {
      ledger: this.ledger,
      entitlements: this.entitlements,
      reading: counts ? seen.reading : undefined,
    };
    this.#call(planRemovals(situation, NOTHING_REFUSED), ages, next);
    if (seen && counts) this.#add(seen.reading, ages, next);
    const last = this.#look(lastAges);
    if (isAdopted(this.ledger, this.entitlements, last)) {
      this.ledger = { ...this.ledger, entry: { ...this.ledger.entry, owned: false } };
      this.hasGivenUp = true;
    }
    this.#conclude(last);
  }

  #look(ages: Ages): Sighting {
    const reading = this.#world.read(ages);
    const { ledger, sight } = observe(this.ledger, reading, explainsIn(this.entitlements), LAG);
    this.ledger = ledger;
    return { sight, reading };
  }

  #add(reading: Reading, ages: Ages, next: () => Fate): void {
    const live = this.#grants.filter(({ isOver }) => !isOver);
    const targets = live.map(({ target }) => target);
    const based = withBaselines(this.ledger, targets, reading, LAG);
    const begun = Object.fromEntries(live.map(({ grantId }) => [grantId, aBegun()]));
    this.ledger = { ...based, begun: { ...based.begun, ...begun } };
    const { tokens, tokenOpen } = this.ledger.entry;
    const token = (tokenOpen ? tokens.at(-1) : undefined) ?? this.#next("t");
    const admitted = new Set(live.map(({ grantId }) => grantId));
    const { ledger, entitlements } = this;
    this.#call(planAdditions({ ledger, entitlements, admitted, reading }, token), ages, next);
  }

  #call(steps: readonly EntryStep[], ages: Ages, next: () => Fate): void {
    const before = this.ledger;
    const now = at(this.#world.now);
    const landBy = landedBy(at(this.#world.now + RUN_SECONDS), LAG);
    if (steps.length > 0) this.ledger = intend(before, steps, { now, landBy }, LAG);
    for (const step of steps) {
      const isVoid = step.kind !== "create-entry" && steps.some(isCreate) && !this.ledger.entry.arn;
      const outcome = this.#world.call(step, ages, isVoid ? "not-issued" : next());
      this.ledger = answered(
        this.ledger,
        step,
        outcome,
        { before, begunAt: now, answeredAt: now },
        LAG,
      );
    }
  }

  #conclude(last: Sighting): void {
    const { ledger, entitlements } = this;
    const gone = entitlements.filter(
      (each) => each.isOver && isGone(each, ledger, entitlements, last),
    );
    this.#grants = this.#grants.filter(
      ({ grantId }) => !gone.some((each) => each.grantId === grantId),
    );
    this.ledger = forget(ledger, this.entitlements, last);
  }

  #next(prefix: string): string {
    this.#names += 1;
    return `${prefix}${this.#names}`;
  }
}

const isCreate = ({ kind }: EntryStep) => kind === "create-entry";
