/** Knows what a service said about who is on call. It shares no decision with the broker. */

import type { Ledger } from "../../../shared/domain/entries/ledger.ts";
import type { OnCallFact } from "../../../shared/domain/facts/on-call.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { CALLED, CALLERS, UNNAMED } from "../shift-policy.ts";
import { type Facts, millisOf } from "./facts.ts";

interface Answer {
  readonly at: string;
  readonly shifts: readonly { readonly person: string; readonly until: string }[];
}

/** How long an answer counts, in milliseconds. */
const COUNTS_MS = 300_000;
/** How long after its run has given it up a save may take effect, in milliseconds: `LATE` of the network. */
const SAVED_LATE = 20_000;
/** Failures after which the last answer counts no more. */
const FOR_GOOD: ReadonlySet<string> = new Set(["denied", "gone", "unclear"]);

export class ShiftWatch {
  readonly #facts: Facts;
  readonly #answers: Answer[] = [];
  /** When looks failed for good. ISO 8601 UTC. */
  readonly #failures: string[] = [];
  readonly #begun = new Set<string>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  answered(at: string, shifts: Answer["shifts"]): void {
    this.#answers.push({ at, shifts });
  }

  /** Grants wait for an answer, so what goes on may take longer. */
  failed(why: string, at: string): void {
    if (FOR_GOOD.has(why)) this.#failures.push(at);
    for (const truth of this.#facts.truths.values()) this.#facts.disturb(truth, millisOf(at));
  }

  stored({ request, event }: Step): void {
    if (CALLERS[request.requester] === undefined || this.#facts.forged.has(request.id)) return;
    const at = millisOf(event.at);
    if (event.type === "request" && request.breakGlass && request.reason === UNNAMED)
      if (!this.#isKnown(at))
        this.#broken(request, "became break-glass by itself while it was unknown who is on call");
    if (event.type !== "approve" || request.rule !== CALLED) return;
    const fact = "onCall" in event.details ? event.details.onCall : undefined;
    this.#check(request, fact, at, 0);
  }

  /** A ledger says which grants have begun, and what each leaned on. */
  begun({ begun }: Ledger): void {
    for (const [id, { onCall, over, refusal }] of Object.entries(begun)) {
      const request = this.#facts.options.tables.requests.get(id);
      if (!request || request.rule !== CALLED || this.#begun.has(id)) continue;
      this.#begun.add(id);
      // A grant that a ledger forgot is known again as over, and lends nothing.
      if (over || refusal || this.#facts.forged.has(id)) continue;
      this.#check(request, onCall, this.#facts.now, this.#late());
    }
  }

  /** A run judges when it reads, and saves later, and the save may take effect after its end. */
  #late(): number {
    return this.#facts.options.stack.convergeTimeoutSeconds * 1_000 + SAVED_LATE;
  }

  #check(request: AccessRequest, fact: OnCallFact | undefined, at: number, late: number): void {
    const slack = late + this.#facts.bounds.skew + 1_000;
    if (!fact) {
      this.#broken(request, "leans on nothing");
      return;
    }
    const answer = this.#answers.find(({ at: readAt }) => readAt === fact.readAt);
    const isSaid = answer?.shifts.some(
      ({ person, until }) => person === CALLERS[request.requester] && until === fact.until,
    );
    if (!isSaid) this.#broken(request, "leans on what nobody said");
    if (at - millisOf(fact.readAt) > COUNTS_MS + slack)
      this.#broken(request, "leans on an old answer");
    if (at > millisOf(fact.until) + slack) this.#broken(request, "leans on a shift that is over");
    if (request.expiresAt !== null && request.expiresAt > fact.until)
      this.#broken(request, "outlasts the shift that it ends with");
  }

  /** Whether an answer counts. A clock may be ahead or behind, and there is a second's room. */
  #isKnown(at: number): boolean {
    const slack = this.#facts.bounds.skew + 1_000;
    const last = this.#answers.findLast(({ at: readAt }) => millisOf(readAt) <= at + slack);
    if (!last || at - millisOf(last.at) > COUNTS_MS + slack) return false;
    return !this.#failures.some((failed) => failed > last.at && millisOf(failed) <= at - slack);
  }

  #broken({ id, requester }: AccessRequest, what: string): void {
    this.#facts.broken("on-call-only", `${id} of ${requester} ${what}.`);
  }
}
