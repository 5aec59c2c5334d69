/** Judges each ledger that is saved. */
import { isEmpty, type Ledger } from "../../../shared/domain/entries/ledger.ts";
import { markEditsBefore } from "./ambiguity.ts";
import { type Facts, millisOf } from "./facts.ts";
import type { Truth } from "./truth.ts";

/** Watches the ledgers of one run of the simulation. */
export class LedgerWatch {
  readonly #facts: Facts;
  readonly #revisions = new Map<string, number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  saved(ledger: Ledger): void {
    const facts = this.#facts;
    const truth = facts.truths.get(ledger.binding);
    const last = this.#revisions.get(ledger.binding) ?? 0;
    this.#revisions.set(ledger.binding, ledger.revision);
    if (ledger.revision <= last)
      facts.broken("revision-once", `Revision ${ledger.revision} was saved after ${last}.`);
    if (!truth) return;
    // A grant that a ledger may have forgotten is over there, and may never have begun.
    for (const [id, { over }] of Object.entries(ledger.begun))
      if (!over) this.#checkBegun(id);
      else if (!facts.begun.has(id) && !facts.forgottenAt.has(id))
        facts.forgottenAt.set(id, facts.now);
    if (isEmpty(ledger)) this.#checkEmpty(truth);
    this.checkFuses(truth, ledger);
  }

  expired(binding: string): void {
    this.#revisions.delete(binding);
  }

  /** A grant begins with enough time left. A run saves within its own time what it judged. */
  #checkBegun(id: string): void {
    const facts = this.#facts;
    if (facts.begun.has(id)) return;
    facts.begun.add(id);
    facts.begunAt.set(id, facts.now);
    const request = facts.options.tables.requests.get(id);
    if (!request || facts.forged.has(id)) return;
    markEditsBefore(facts, request);
    const { broker, convergeTimeoutSeconds } = facts.options.stack;
    const least = (broker.tooLateSeconds - convergeTimeoutSeconds) * 1_000 - facts.bounds.skew;
    const isLate = facts.current?.late === true;
    if (!isLate && facts.revokeAt(request) - facts.now < least)
      facts.broken("not-too-late", `${id} began just before ${request.revokeAt}.`);
  }

  #checkEmpty(truth: Truth): void {
    const facts = this.#facts;
    if (truth.changesUnderWay > 0)
      facts.broken(
        "forgotten-once-over",
        `The ledger of ${truth.name} is empty, and a call may still land.`,
      );
    // An element that a grant lends and others also put there may make the entry theirs.
    if (truth.ambiguous.size > 0 || truth.entryAmbiguous) return;
    const arn = facts.actual(truth)?.accessEntryArn;
    if (arn !== undefined && !truth.madeByOthers.has(arn) && !truth.usedByOthers.has(arn))
      facts.broken(
        "forgotten-once-over",
        `The ledger of ${truth.name} is empty, and our entry still exists.`,
      );
  }

  /** Each fuse that a ledger records as armed, and that is not due yet, exists. */
  checkFuses(truth: Truth, ledger = this.#facts.options.ledgers.get(truth.binding)): void {
    const facts = this.#facts;
    if (!ledger || facts.handsOnSchedules) return;
    for (const { name, target, at, sure } of ledger.fuses) {
      if (!sure || millisOf(at) <= facts.now) continue;
      const timer = facts.options.timers.get(name);
      if (timer?.kind !== "fuse" || timer.at !== at)
        facts.broken(
          "fuse-exists",
          `The ledger of ${truth.name} records a fuse for ${target} at ${at}, and none is armed.`,
        );
    }
  }
}
