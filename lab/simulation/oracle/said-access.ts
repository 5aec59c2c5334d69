/** Whether what an answer names is as its words say, judged by the entries and grants themselves. */
import type { PersonAccess } from "../../../shared/domain/entries/effective-access.ts";
import { scopeCovers } from "../../../shared/domain/entries/scope.ts";
import { STANDING_ACCESS } from "../../../shared/domain/requests/end-text.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { type ElementSet, EMPTY } from "../../../shared/domain/values/element-set.ts";
import { CLUSTERS } from "../sim-policy.ts";
import type { Reading, SeenEntry } from "../status/standing-readings.ts";
import { type Facts, millisOf } from "./facts.ts";
import { isWithdrawn, keyOf, NEVER, type Truth } from "./truth.ts";

/** A question about one person. */
export interface Question {
  readonly about: string;
  readonly by: string;
  /** The cluster that they name. */
  readonly cluster: string | undefined;
  /** Entries of every principal that the person holds there, by the policy or by an open grant. */
  readonly truths: readonly Truth[];
  /** Grants that the asker may see; undefined for all, and for standing access too. */
  readonly sees: ((grant: AccessRequest) => boolean) | undefined;
  /** The last whole reading of a cluster. */
  readonly readingOf: (clusterArn: string) => Reading | undefined;
}

/** So far apart the product's clocks may be, in milliseconds. Access that starts so soon may be there. */
const CLOCKS_APART = 10_000;

export type Line = PersonAccess["access"][number];

export class SaidAccess {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  check(question: Question, truth: Truth, line: Line): void {
    if (line.by === STANDING_ACCESS) {
      this.#checkStanding(question, truth, line);
      return;
    }
    const grant = line.by === null ? undefined : this.#facts.options.tables.requests.get(line.by);
    if (line.by !== null && !grant) this.#broken(question, `${line.by} is no grant.`);
    const { now, bounds, isForged } = this.#facts;
    const what = `${line.elements.join(", ")} of ${line.target} on ${truth.name} is ${line.state} by ${line.by}`;
    if (line.until !== null && millisOf(line.until) + bounds.skew <= now)
      this.#broken(question, `${what} until ${line.until}, which has passed.`);
    if (!grant || isForged) return;
    const reach = this.#facts.reachOf(grant);
    if (reach.target !== line.target || !scopeCovers(reach.elements, line.elements))
      this.#broken(question, `${what}, which lends something else.`);
    this.#checkState(question, truth, line, grant, what);
  }

  #checkState(
    question: Question,
    truth: Truth,
    { state, until, from, elements, target }: Line,
    grant: AccessRequest,
    what: string,
  ): void {
    const { now, bounds } = this.#facts;
    const start = millisOf(startOf(grant) ?? "");
    if (state === "coming" && (start < now - bounds.skew || millisOf(from ?? "") !== start))
      this.#broken(question, `${what} from ${from}, and has started.`);
    if (state === "may-be-there" && start > now + CLOCKS_APART + bounds.skew)
      this.#broken(question, `${what}, and starts later.`);
    const sooner = state === "coming" && this.#sooner(question, truth, { elements, target }, start);
    if (sooner) this.#broken(question, `${what} from ${from}, and ${sooner.id} lends it before.`);
    const longer = this.#outlasting(question, truth, { state, until, elements, target });
    if (longer)
      this.#broken(question, `${what} until ${until}, and ${longer.id} lends it as well.`);
    if (state !== "there") return;
    if (grant.state !== "active") this.#broken(question, `${what}, which is ${grant.state}.`);
    if (until === null || Math.abs(millisOf(until) - this.#facts.revokeAt(grant)) > 0)
      this.#broken(question, `${what} until ${until}, and its own end is ${grant.revokeAt}.`);
    const there = this.#facts.actual(truth)?.targets[target] ?? EMPTY;
    if (!scopeCovers(there, elements) && this.#isAtRest(truth, grant, elements, target))
      this.#broken(question, `${what}, and is not there.`);
  }

  /** A grant for later that lends some of it before another one starts. */
  #sooner(
    { sees }: Question,
    truth: Truth,
    { elements, target }: Pick<Line, "elements" | "target">,
    start: number,
  ): AccessRequest | undefined {
    return this.#facts.open(truth).find((grant) => {
      const reach = this.#facts.reachOf(grant);
      return (
        grant.state === "approved" &&
        millisOf(startOf(grant) ?? "") < start &&
        reach.target === target &&
        reach.elements.some((element) => elements.includes(element)) &&
        (sees === undefined || sees(grant))
      );
    });
  }

  /**
   * A grant that lends some of it for longer: if it is there, by another active grant; if it is
   * ending, by any that has started.
   */
  #outlasting(
    { sees }: Question,
    truth: Truth,
    { state, until, elements, target }: Pick<Line, "state" | "until" | "elements" | "target">,
  ): AccessRequest | undefined {
    if (state !== "there" && state !== "ending") return undefined;
    const { now, bounds } = this.#facts;
    const ends = state === "there" ? millisOf(until ?? "") : now + bounds.skew;
    return this.#facts.open(truth).find((grant) => {
      const reach = this.#facts.reachOf(grant);
      const hasStarted = millisOf(startOf(grant) ?? "") + bounds.skew <= now;
      const isLive = grant.state === "active" || (grant.state === "approved" && hasStarted);
      return (
        (state === "there" ? grant.state === "active" : isLive) &&
        reach.target === target &&
        reach.elements.some((element) => elements.includes(element)) &&
        (sees === undefined || sees(grant)) &&
        this.#facts.revokeAt(grant) > ends
      );
    });
  }

  /** Whether nothing went wrong that converge has yet to see, and nobody took the access away. */
  #isAtRest(truth: Truth, grant: AccessRequest, elements: ElementSet, target: string): boolean {
    const { now, bounds, lostAt, stoppedAt, options } = this.#facts;
    const changed = Math.max(truth.editedAt, truth.lateAt, truth.deniedAt, truth.takenAt);
    const isTouched = changed > NEVER || truth.everDisturbed || isWithdrawn(truth);
    const isUnclear = elements.some((each) => truth.ambiguous.has(keyOf(target, each)));
    const isEnded = lostAt.size > 0 || stoppedAt.size > 0 || this.#facts.isEndNoted(grant);
    const isRefused = isEnded || !this.#facts.isLent(grant);
    const late = options.stack.broker.tooLateSeconds * 1_000;
    const isNearEnd = now >= this.#facts.revokeAt(grant) - late - bounds.skew;
    return !isTouched && !isUnclear && !truth.entryAmbiguous && !isRefused && !isNearEnd;
  }

  /** It stood there at the reading that it is as of. */
  #checkStanding(question: Question, truth: Truth, line: Line): void {
    const reading = question.readingOf(arnOf(truth));
    const seen = reading && seenOn(reading, truth);
    const stood = seen?.targets[line.target] ?? EMPTY;
    if (!seen || line.asOf === null || !scopeCovers(stood, line.elements))
      this.#broken(
        question,
        `${line.elements.join(", ")} of ${line.target} stands on ${truth.name} as of ${line.asOf}, and no reading showed it.`,
      );
  }

  #broken({ about, by }: Question, detail: string): void {
    this.#facts.broken("remaining-true", `${by} is answered of ${about}: ${detail}`);
  }
}

export const arnOf = ({ address }: Truth): string => CLUSTERS[address.cluster.name] ?? "";

export const seenOn = ({ seen, startedAt }: Reading, { binding }: Truth): SeenEntry =>
  seen.get(binding) ?? { at: millisOf(startedAt), targets: {}, covered: {} };
