/**
 * How the end of each begun grant was judged, for the summary: strictly where its access had to go
 * within the tight bound, and loosely where only a later bound held. Each loose bound has its reason:
 *
 * - `looselyAfterFault`: a fault may have lost a message or a removal. The recovery is counted from the
 *   last one, and faults stop in every life.
 * - `looselyAfterEdit`: others changed the same element at almost the same time. Either owner is correct
 *   until the broker has seen it at rest, and it must look within a drift check and the recovery.
 * - `looselyWithoutSweep`: EKS may judge a removal on a stale view, and only a sweep repeats it. The
 *   sweep comes back at the end of a life without.
 *
 * `byNobody`: no bound held at any time. A correct simulation has no such end.
 */
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { isRepeated } from "./deadlines.ts";
import type { Facts } from "./facts.ts";
import { keyOf, type Truth } from "./truth.ts";

/** An end that is not judged yet. */
interface OpenEnd {
  /** Milliseconds since the epoch. */
  readonly since: number;
  wasUnclear: boolean;
  /** Elements that were not there at some time since. Later access to them is something else's. */
  readonly gone: Set<string>;
}

export class EndWatch {
  readonly #facts: Facts;
  readonly #open = new Map<string, OpenEnd>();
  readonly #judged = new Set<string>();
  /** By grant, when its access was last seen there after its end, and nothing else explained it. */
  readonly leftAt = new Map<string, number>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /**
   * Judges each end whose access is gone, or which something else certainly explains.
   *
   * @param before the entry before the change that just took effect; without a change, the entry
   */
  inspect(truth: Truth, before: ActualEntry | undefined): void {
    const { begun, options } = this.#facts;
    for (const id of begun) {
      const request = this.#judged.has(id) ? undefined : options.tables.requests.get(id);
      if (!request || this.#facts.truthOf(request) !== truth) continue;
      if (this.#facts.isLive(request)) continue;
      const since = this.#endedAt(request);
      const end = this.#open.get(id) ?? { since, wasUnclear: false, gone: new Set<string>() };
      this.#noteGone(request, end, before);
      this.#open.set(id, end);
      this.#judge(truth, request, end);
    }
  }

  /** Counts the ends that nobody judged. */
  conclude(): void {
    for (const _each of this.#open) this.#facts.options.tally.count("ends", "byNobody");
  }

  /** By the clock, or by the person who ended it before. */
  #endedAt(request: AccessRequest): number {
    const { savedAt, now } = this.#facts;
    const isOpen = request.state === "approved" || request.state === "active";
    const storedAt = isOpen ? now : (savedAt.get(request.id) ?? now);
    return Math.min(storedAt, this.#facts.revokeAt(request));
  }

  #noteGone(request: AccessRequest, { gone }: OpenEnd, entry: ActualEntry | undefined): void {
    const { target, elements } = this.#facts.reachOf(request);
    const there = entry?.targets[target] ?? [];
    for (const each of elements) if (!there.includes(each)) gone.add(each);
  }

  #judge(truth: Truth, request: AccessRequest, end: OpenEnd): void {
    const { target, elements } = this.#facts.reachOf(request);
    const isUnclear =
      truth.entryAmbiguous || elements.some((each) => truth.ambiguous.has(keyOf(target, each)));
    end.wasUnclear ||= isUnclear;
    const there = this.#facts.actual(truth)?.targets[target] ?? [];
    const left = elements.filter(
      (each) => there.includes(each) && !this.#facts.isExplained(truth, target, each),
    );
    if (!isUnclear && left.some((each) => !end.gone.has(each)))
      this.leftAt.set(request.id, this.#facts.now);
    if (isUnclear || left.length > 0) return;
    this.#open.delete(request.id);
    this.#judged.add(request.id);
    this.#facts.options.tally.count("ends", this.#howJudged(truth, end));
  }

  #howJudged(truth: Truth, { since, wasUnclear }: OpenEnd): string {
    if (!isRepeated(this.#facts)) return "looselyWithoutSweep";
    if (wasUnclear) return "looselyAfterEdit";
    return this.#facts.isDisturbed(truth, since) ? "looselyAfterFault" : "strictly";
  }
}
