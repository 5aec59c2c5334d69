/**
 * Whether an answer about what somebody can do is true, judged by the entries themselves. Each
 * element that is there must be named, or be in a part that the answer calls unknown. The elements
 * that the answer names must match its words. It shares no decision with the broker.
 */
import type { PersonAccess } from "../../../shared/domain/entries/effective-access.ts";
import { scopeCovers } from "../../../shared/domain/entries/scope.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { EMPTY } from "../../../shared/domain/values/element-set.ts";
import type { SeenEntry } from "../status/standing-readings.ts";
import { type Facts, millisOf } from "./facts.ts";
import { arnOf, type Line, type Question, SaidAccess, seenOn } from "./said-access.ts";
import { keyOf, NEVER, type Truth } from "./truth.ts";

export class RemainingWatch {
  readonly #facts: Facts;
  readonly #lines: SaidAccess;

  constructor(facts: Facts) {
    this.#facts = facts;
    this.#lines = new SaidAccess(facts);
  }

  /** Judges an answer at the instant that it is of. */
  judge(question: Question, answer: PersonAccess): void {
    for (const truth of question.truths) {
      const arn = arnOf(truth);
      const lines = answer.access.filter(
        (line) => line.clusterArn === arn && line.principalArn === truth.address.principalArn,
      );
      this.#checkNamed(question, answer, truth, lines);
      this.#checkUnknown(question, answer, truth);
      for (const line of lines) this.#lines.check(question, truth, line);
    }
  }

  /** Somebody has returned or revoked it: the rest of its chain gives nothing for longer. */
  checkChain({ id }: AccessRequest): void {
    const { requests } = this.#facts.options.tables;
    const left = [...requests.values()].filter(
      (each) =>
        (each.state === "approved" || each.state === "active") &&
        !this.#facts.forged.has(each.id) &&
        (isAfter(requests, each, id) || isAfter(requests, requests.get(id), each.id)),
    );
    if (left.length > 0)
      this.#facts.broken("chain-ends", `${id} was ended, and ${left[0]?.id} of its chain goes on.`);
  }

  #broken({ about, by }: Question, detail: string): void {
    this.#facts.broken("remaining-true", `${by} is answered of ${about}: ${detail}`);
  }

  #checkNamed(
    question: Question,
    answer: PersonAccess,
    truth: Truth,
    lines: readonly Line[],
  ): void {
    for (const [target, elements] of Object.entries(this.#facts.actual(truth)?.targets ?? {}))
      for (const element of elements) {
        if (lines.some((line) => this.#names(line, target, element))) continue;
        const lent = this.#lending(truth, target, element, question);
        const what = `${element} of ${target} is on ${truth.name}`;
        if (lent) this.#broken(question, `${what} by ${lent.id}, and the answer has it not.`);
        else if (
          question.sees === undefined &&
          !this.#isUnknown(question, answer, truth, target, element)
        )
          this.#broken(question, `${what}, and the answer neither has it nor says that it may.`);
      }
  }

  /** Whether a line says that the element is there, or may be. By a clock behind, what began is to come. */
  #names({ target: named, elements, state, from }: Line, target: string, element: string): boolean {
    if (named !== target || !scopeCovers(elements, [element])) return false;
    return state !== "coming" || millisOf(from ?? "") <= this.#facts.now + this.#facts.bounds.skew;
  }

  /** An open grant that has started, lends it, and may be seen. */
  #lending(truth: Truth, target: string, element: string, { sees }: Question) {
    const { now, bounds } = this.#facts;
    return this.#facts.open(truth).find((grant) => {
      const reach = this.#facts.reachOf(grant);
      const hasStarted =
        grant.state !== "approved" || millisOf(startOf(grant) ?? "") + bounds.skew <= now;
      const isSeen = sees === undefined || sees(grant);
      return (
        reach.target === target &&
        hasStarted &&
        isSeen &&
        !this.#isUnlisted(grant) &&
        scopeCovers(reach.elements, [element])
      );
    });
  }

  /** Whether it was forged on a cluster that has left the policy: no answer looks for grants there. */
  #isUnlisted({ id, cluster }: AccessRequest): boolean {
    const { forged, options } = this.#facts;
    return forged.has(id) && !Object.hasOwn(options.policy().clusters, cluster.name);
  }

  /** Whether the answer leaves it open: nobody named a cluster, nobody read the entry, or only before. */
  #isUnknown(
    { readingOf }: Question,
    { cluster, unread }: PersonAccess,
    truth: Truth,
    target: string,
    element: string,
  ): boolean {
    const arn = arnOf(truth);
    if (cluster === null) return true;
    if (unread.some((each) => isOf(each, truth))) return true;
    const reading = readingOf(arn);
    if (!reading) return false;
    const seen = seenOn(reading, truth);
    const wasSeen = scopeCovers(seen.targets[target] ?? EMPTY, [element]);
    const wasCovered = scopeCovers(seen.covered[target] ?? EMPTY, [element]);
    if (wasSeen && !wasCovered) return false;
    return this.#isTheirs(truth, target, element, seen);
  }

  /** Whether others have it there since the reading, or had it there beside what a grant covered. */
  #isTheirs(truth: Truth, target: string, element: string, { at }: SeenEntry): boolean {
    const key = keyOf(target, element);
    return (
      truth.entryAmbiguous ||
      truth.ambiguous.has(key) ||
      scopeCovers(truth.baseline.get(target) ?? EMPTY, [element]) ||
      (truth.theirsAt.get(key) ?? NEVER) >= at
    );
  }

  /**
   * Each part that the answer calls unknown has no reading, and each part that it knows has one.
   */
  #checkUnknown(
    { sees, readingOf, ...question }: Question,
    answer: PersonAccess,
    truth: Truth,
  ): void {
    if (answer.cluster === null || sees !== undefined) return;
    const unread = answer.unread.find((each) => isOf(each, truth));
    const reading = readingOf(arnOf(truth));
    const isKnown = unread === undefined;
    if (isKnown && (!reading || (answer.standingAsOf ?? "~") > reading.startedAt))
      this.#broken(
        { sees, readingOf, ...question },
        `standing access on ${truth.name} is known as of ${answer.standingAsOf}, and was read ${reading?.startedAt ?? "never"}.`,
      );
    if (unread?.why === "never-read" && reading)
      this.#broken(
        { sees, readingOf, ...question },
        `nobody has read ${truth.name}, and it was read at ${reading.startedAt}.`,
      );
  }
}

/** Whether a request extends another, or one that does, and so on. */
function isAfter(
  requests: ReadonlyMap<string, AccessRequest>,
  request: AccessRequest | undefined,
  id: string,
  most = 10,
): boolean {
  const before = request?.extends;
  if (before === undefined || most === 0) return false;
  return before === id || isAfter(requests, requests.get(before), id, most - 1);
}

const isOf = (
  { clusterArn, principalArn }: { readonly clusterArn: string; readonly principalArn: string },
  truth: Truth,
): boolean => clusterArn === arnOf(truth) && principalArn === truth.address.principalArn;
