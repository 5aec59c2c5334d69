/** Judges each run of a function, and keeps the faults in it. */
import { GROUPS } from "../../../shared/domain/entries/access.ts";
import type { Ledger } from "../../../shared/domain/entries/ledger.ts";
import { scopeRemainder } from "../../../shared/domain/entries/scope.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { type ElementSet, minus } from "../../../shared/domain/values/element-set.ts";
import { BrokerError } from "../../../shared/domain/values/errors.ts";
import type { Ending, Invocation } from "../invocation.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import { doubtUnanswered, markRecentEdits } from "./ambiguity.ts";
import { type Facts, millisOf } from "./facts.ts";
import { keyOf, type Truth } from "./truth.ts";

/** The facts of one run while it is under way. */
interface RunFacts {
  readonly binding: string | undefined;
  /** Something went wrong besides reads of the entry. */
  isDisturbed: boolean;
  /** Reads of the entry went wrong. */
  isBlind: boolean;
  hasRead: boolean;
  hasAdded: boolean;
  hasChanged: boolean;
  /** EKS answered a change by a view that was behind, so that it had no effect. */
  hasMissed: boolean;
  /** Another run took its message or saved first, and does the rest. */
  isFenced: boolean;
  /** The same, or somebody changed a record first. */
  isOutpaced: boolean;
  /** Grants that are over, by the ledger that this run saved last. */
  over: ReadonlySet<string>;
}

/** Whether the ports document that a function may fail with it. */
export const isDocumented = (error: unknown): boolean =>
  error instanceof ServiceFailed ||
  (error instanceof BrokerError && error.code !== "invariant-broken");

export class Runs {
  readonly #facts: Facts;
  readonly #runs = new Map<string, RunFacts>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  #of({ name, binding }: Invocation): RunFacts {
    const known = this.#runs.get(name);
    if (known) return known;
    const fresh: RunFacts = {
      binding,
      isDisturbed: false,
      isBlind: false,
      hasRead: false,
      hasAdded: false,
      hasChanged: false,
      hasMissed: false,
      isFenced: false,
      isOutpaced: false,
      over: new Set(),
    };
    this.#runs.set(name, fresh);
    return fresh;
  }

  applying(invocation: Invocation, late: boolean): void {
    this.#facts.current = { invocation, late };
  }

  /** A read of the entry was answered. */
  hasRead(invocation: Invocation): void {
    this.#of(invocation).hasRead = true;
  }

  launched(invocation: Invocation, operation: string): void {
    const isChange = operation.startsWith("entries.");
    if (isChange) this.#of(invocation).hasChanged = true;
    for (const truth of this.#facts.truthsOf(invocation)) {
      truth.underWay += 1;
      if (!isChange) continue;
      truth.changesUnderWay += 1;
      markRecentEdits(this.#facts, truth, invocation, this.isBlind(invocation));
    }
  }

  landed(invocation: Invocation, operation: string): void {
    for (const truth of this.#facts.truthsOf(invocation)) {
      truth.underWay -= 1;
      if (operation.startsWith("entries.")) truth.changesUnderWay -= 1;
    }
  }

  disturbed(invocation: Invocation, until: number, operation: string, subject?: string): void {
    const run = this.#of(invocation);
    if (operation === "entries.read") run.isBlind = true;
    else run.isDisturbed = true;
    const own = invocation.binding === undefined ? subject : undefined;
    for (const truth of this.#neighboursOf(own ?? invocation.binding))
      this.#facts.disturb(truth, until);
    if (invocation.binding === undefined) return;
    for (const truth of this.#facts.truthsOf(invocation))
      doubtUnanswered(this.#facts, truth, invocation, operation);
  }

  /** A cluster's bindings share its circuit, so that a failure of one affects all. */
  #neighboursOf(binding: string | undefined): readonly Truth[] {
    const [truth] = this.#facts.truthsOf({ binding });
    if (!truth || binding === undefined) return this.#facts.truthsOf({ binding });
    const { name } = truth.address.cluster;
    return [...this.#facts.truths.values()].filter(({ address }) => address.cluster.name === name);
  }

  began(binding: string): void {
    const truth = this.#facts.truths.get(binding);
    if (truth) truth.underWay += 1;
  }

  /** A ledger was saved by this run. */
  saved(invocation: Invocation, { begun }: Ledger): void {
    const over = Object.entries(begun).flatMap(([id, each]) => (each.over ? id : []));
    this.#of(invocation).over = new Set(over);
  }

  fenced(invocation: Invocation, by: "message" | "ledger" | "record"): void {
    const run = this.#of(invocation);
    run.isOutpaced = true;
    if (by === "record") return;
    run.isFenced = true;
    // AWS's answers to its calls are lost. The ledger keeps them as open until they have landed.
    if (run.hasChanged)
      for (const truth of this.#facts.truthsOf(invocation)) {
        this.#facts.disturb(truth, this.#facts.now);
        doubtUnanswered(this.#facts, truth, invocation);
      }
    this.#facts.overtaken.add(invocation.name);
  }

  /** A run stored the end of a grant, which takes no more events: other runs only log their calls. */
  endStored({ name, binding }: Invocation): void {
    for (const [other, run] of this.#runs)
      if (run.binding === binding && other !== name) this.#facts.overtaken.add(other);
  }

  isBlind(invocation: Invocation): boolean {
    return this.#of(invocation).isBlind;
  }

  overIn(invocation: Invocation): ReadonlySet<string> {
    return this.#of(invocation).over;
  }

  /** @returns whether the run read the entry, and neither a fault nor anybody else stopped it */
  ended(invocation: Invocation, ending: Ending): boolean {
    const facts = this.#facts;
    const run = this.#of(invocation);
    this.#runs.delete(invocation.name);
    const truth = facts.truths.get(invocation.binding ?? "");
    const isConverge = invocation.name.startsWith("converge");
    if (isConverge && truth) truth.underWay -= 1;
    const isCalm = ending.kind === "done" && !run.isDisturbed;
    if (isConverge && truth && isCalm) this.#checkRemoval(truth, invocation, run);
    const hasLooked = isConverge && isCalm && run.hasRead && !run.isBlind && !run.isOutpaced;
    if (truth && hasLooked) truth.lookedAt = invocation.startedAt;
    if (ending.kind === "cut" && !run.isDisturbed && !run.isBlind) {
      this.disturbed(invocation, facts.now, "cut");
      this.#runs.delete(invocation.name);
    }
    if (ending.kind === "failed") this.#checkError(invocation, ending.error);
    return hasLooked;
  }

  /**
   * A run calls EKS to remove what was over before it began, even where its reads fail. A run that
   * was overtaken leaves that to the other one. An open circuit keeps a run from calls.
   */
  #checkRemoval(truth: Truth, { name, startedAt }: Invocation, run: RunFacts): void {
    const facts = this.#facts;
    if (run.isFenced || run.hasChanged || facts.keptByCircuit.has(name)) return;
    for (const [key, since] of truth.unexplained)
      if (
        since < startedAt - facts.bounds.skew &&
        truth.lateAt < startedAt - facts.bounds.window &&
        !((run.isBlind || facts.bounds.lag > 0) && this.#isShared(truth, key, startedAt))
      )
        facts.broken("removed-within-a-run", `${name} made no call to remove ${key}.`);
  }

  /**
   * Without a read that counts, a run removes a whole target or nothing: nothing where others or a grant that was live
   * when it began use the target, and no groups of an entry that others created or may have replaced.
   */
  #isShared(truth: Truth, key: string, startedAt: number): boolean {
    const facts = this.#facts;
    const target = key.slice(0, key.indexOf(" "));
    const isOthersEntry = truth.madeByOthers.has(facts.actual(truth)?.accessEntryArn ?? "");
    return (
      (truth.baseline.get(target) ?? []).length > 0 ||
      (target === GROUPS && (isOthersEntry || truth.entryDoubtUntil > facts.now)) ||
      facts
        .open(truth)
        .some(
          (request) =>
            facts.reachOf(request).target === target && this.#wasLive(request, startedAt),
        )
    );
  }

  /** Whether it was live when a run began, though it may have been returned since. */
  #wasLive(request: AccessRequest, startedAt: number): boolean {
    const from = startedAt - this.#facts.bounds.skew;
    const isReturned = request.state === "ending" && millisOf(request.updatedAt) >= from;
    return isReturned || this.#facts.isLive(request, startedAt);
  }

  #checkError({ name }: Invocation, error: unknown): void {
    const facts = this.#facts;
    facts.note(name, () => `fails: ${String(error)}`);
    if (isDocumented(error)) return;
    const stack = error instanceof Error ? error.stack : String(error);
    facts.broken("no-surprise", `${name} threw ${stack}`);
  }

  missed(invocation: Invocation): void {
    this.#of(invocation).hasMissed = true;
  }

  /** Within a run, overdue access is removed before any is added. By its own clock, it may have begun before an end. */
  checkOrder(
    truth: Truth,
    invocation: Invocation,
    target: string,
    was: ElementSet,
    is: ElementSet,
  ): void {
    const run = this.#of(invocation);
    const { startedAt, name } = invocation;
    const since = startedAt - this.#facts.bounds.skew;
    const overdue = minus(was, is).find(
      (element) => (truth.unexplained.get(keyOf(target, element)) ?? since) < since,
    );
    // A removal that failed before, or had no effect, is retried after the additions.
    if (overdue !== undefined && run.hasAdded && !run.isDisturbed && !run.hasMissed)
      this.#facts.broken("removals-first", `${name} added access before it removed ${overdue}.`);
    if (overdue !== undefined) return;
    // A narrowing carries what stays, and so may add what its owner or a fuse has just removed.
    const isCarried = truth.editedAt + this.#facts.bounds.unnoticed > this.#facts.now;
    const isAdded = (element: string) => !truth.ambiguous.has(keyOf(target, element));
    if (!isCarried && scopeRemainder(is, was).some(isAdded)) run.hasAdded = true;
  }
}
