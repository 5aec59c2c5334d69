/** What must hold of each ledger that is saved. */
import { isEmpty, type Ledger } from "../../shared/domain/entries/ledger.ts";
import { contestBegun } from "./contests.ts";
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
    for (const id of Object.keys(ledger.begun)) this.#checkBegun(id);
    if (isEmpty(ledger)) this.#checkEmpty(truth);
    this.checkFuses(truth, ledger);
  }

  /** What begins, begins with enough time left; what was judged in time is saved within a run. */
  #checkBegun(id: string): void {
    const facts = this.#facts;
    if (facts.begun.has(id)) return;
    facts.begun.add(id);
    const request = facts.options.tables.requests.get(id);
    if (!request || facts.forged.has(id)) return;
    contestBegun(facts, request);
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
        `A call for ${truth.name} may land, and its ledger is empty.`,
      );
    // What others gave that a grant of ours had as well makes the entry theirs, or does not.
    if (truth.contested.size > 0 || truth.entryContested) return;
    const arn = facts.actual(truth)?.accessEntryArn;
    if (arn !== undefined && !truth.foreign.has(arn) && !truth.adopted.has(arn))
      facts.broken(
        "forgotten-once-over",
        `Our entry of ${truth.name} is there, and its ledger is empty.`,
      );
  }

  /** Each fuse that a ledger is sure of, and whose time has not come, is armed. */
  checkFuses(truth: Truth, ledger = this.#facts.options.ledgers.get(truth.binding)): void {
    const facts = this.#facts;
    if (!ledger || facts.handsOnSchedules) return;
    for (const { name, target, at, sure } of ledger.fuses) {
      if (!sure || millisOf(at) <= facts.now) continue;
      const timer = facts.options.timers.get(name);
      if (timer?.kind !== "fuse" || timer.at !== at)
        facts.broken(
          "fuse-exists",
          `The ledger of ${truth.name} is sure of a fuse for ${target} at ${at}.`,
        );
    }
  }
}
