/**
 * Judges the access of a life in which somebody writes into the tables. It knows what was lent by the
 * calls that lent it, and nothing that the tables say.
 */

import { GROUPS, reachOf } from "../../../shared/domain/entries/access.ts";
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import type { Ledger } from "../../../shared/domain/entries/ledger.ts";
import { scopeCovers } from "../../../shared/domain/entries/scope.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { ElementSet } from "../../../shared/domain/values/element-set.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { InvariantId, Violation } from "../oracle/invariants.ts";

/** Some access that may be on an entry until an instant. */
interface Lent {
  readonly binding: string;
  readonly target: string;
  readonly elements: ElementSet;
  until: string;
  /** As it was approved. */
  readonly ends: string;
  /** Whether somebody forged any record of its grant. */
  isForged: boolean;
  /** Whether the ledger table was restored to an instant before it began, or may have been. */
  isForgotten: boolean;
  readonly id: string;
}

/** An entry of a life. */
export interface Scene {
  readonly address: EntryAddress;
  readonly binding: string;
  /** The owner's elements, by target. They stay. */
  readonly owned: Readonly<Record<string, ElementSet>>;
}

/**
 * The longest time that access may remain after its end, in seconds. A schedule comes up to a
 * minute late. Where calls fail, a removal is repeated by a sweep, or within ten minutes by a
 * schedule if nobody can sweep. A ledger that does not know waits for what may still land before it
 * concludes anything, and the fuse of a forgotten grant has its time.
 */
const SLACK_SECONDS = { quiet: 200, faulty: 900, restored: 1_500 } as const;
/** DynamoDB's limit for an item is 400 KB; a ledger keeps well below it. */
const MOST_LEDGER_BYTES = 300_000;

export class ForgedTruth {
  readonly violations: Violation[] = [];
  readonly #lent: Lent[] = [];
  readonly #adopted = new Set<string>();
  readonly #measured = new WeakSet<Ledger>();
  readonly #slack: number;

  constructor(calls: keyof typeof SLACK_SECONDS) {
    this.#slack = SLACK_SECONDS[calls];
  }

  /** A grant that people approved, or one that a rule would lend just so. */
  lends(binding: string, request: AccessRequest, isForged = false): void {
    const { id, revokeAt } = request;
    const { target, elements } = reachOf(request.access, request.cluster.arn);
    this.#lent.push({
      binding,
      target,
      elements,
      until: revokeAt ?? "",
      ends: revokeAt ?? "",
      isForged,
      isForgotten: false,
      id,
    });
  }

  /**
   * A person ended a grant. Its history says so, and no record takes that back. An end of a record that
   * was forged before may miss the entry, so that one lasts until its own time.
   */
  ended(id: string, now: string): void {
    for (const each of this.#lent)
      if (each.id === id && each.until > now && !each.isForged) each.until = now;
  }

  /** Somebody wrote into the record of a grant. */
  wasForged(id: string): void {
    for (const each of this.#lent) if (each.id === id) each.isForged = true;
  }

  /** The ledger table is older now than some of the lent access. */
  ledgersRestored(): void {
    for (const each of this.#lent) each.isForgotten = true;
  }

  /** Whether anything was lent whose time, with all slack, is not over. */
  isOver(now: string): boolean {
    return this.#lent.every((each) => plusSeconds(endOf(each), this.#slack) < now);
  }

  inspect(now: string, { binding, owned }: Scene, entry: ActualEntry | undefined): void {
    for (const [target, elements] of Object.entries(entry?.targets ?? {}))
      for (const element of elements) {
        if (scopeCovers(owned[target] ?? [], [element])) continue;
        this.#judge(now, binding, target, element, hasNoFuse(owned, target));
      }
  }

  /** Each save stores another object, so that one needs to be measured once. */
  inspectLedger(now: string, ledger: Ledger): void {
    if (this.#measured.has(ledger)) return;
    this.#measured.add(ledger);
    const { length } = new TextEncoder().encode(JSON.stringify(ledger));
    if (length > MOST_LEDGER_BYTES)
      this.#broken("ledger-fits", now, `A ledger has ${length} bytes.`);
  }

  /** A run took what is on an entry of ours for its owner's. */
  adopted(binding: string): void {
    this.#adopted.add(binding);
  }

  #judge(now: string, binding: string, target: string, element: string, isBare: boolean): void {
    const reasons = this.#lent.filter(
      (each) =>
        each.binding === binding && each.target === target && each.elements.includes(element),
    );
    // Neither the tables nor a fuse knows it then: docs/protocol.md names it, and the runbook's page finds it.
    if (
      (isBare || this.#adopted.has(binding)) &&
      reasons.some((each) => each.isForged && each.isForgotten)
    )
      return;
    const what = `${element} of ${target} on ${binding.slice(0, 6)}`;
    if (reasons.length === 0) this.#broken("intruder-never-moves", now, `${what} was never lent.`);
    else if (reasons.every((each) => plusSeconds(endOf(each), this.#slack) < now))
      this.#broken(
        reasons.some(({ isForged }) => isForged)
          ? "intruder-never-lengthens"
          : "record-holds-up-nothing",
        now,
        `${what} is still there; its last end was ${reasons.map(endOf).toSorted().at(-1)}.`,
      );
  }

  #broken(invariant: InvariantId, now: string, detail: string): void {
    if (this.violations.length === 0)
      this.violations.push({ invariant, at: Date.parse(now), detail });
  }
}

/**
 * A fuse takes a whole policy, and the groups with the whole entry. So an owner of the one or the other
 * leaves no room for it.
 */
const hasNoFuse = (owned: Scene["owned"], target: string): boolean =>
  owned[target] !== undefined || (target === GROUPS && Object.keys(owned).length > 0);

/** If neither table knows of an early end, the fuse of the grant's own end takes the access. */
const endOf = ({ until, ends, isForged, isForgotten }: Lent): string =>
  isForged && isForgotten ? ends : until;
