import type { RedactableText } from "./report/redactable.ts";
import type { FactName } from "./settled-facts.ts";

/**
 * `holds`: it is as Timelatch needs it. `contradicted`: it is not. `unsettled`: nobody knows yet.
 */
export type Verdict = "holds" | "contradicted" | "unsettled";

/** The result of one part of a smoke test about one fact. */
export interface Fact {
  readonly fact: FactName;
  readonly verdict: Verdict;
  /** The observation with its numbers: one sentence without its full stop. */
  readonly says: RedactableText;
  /** The next step where it does not hold or is not known. */
  readonly next?: RedactableText;
  /** The same numbers, for programs. Times are seconds. */
  readonly numbers?: Readonly<Record<string, number>>;
}

type Numbers = Readonly<Record<string, number>>;

const factOf =
  (verdict: Verdict) =>
  (fact: FactName, says: RedactableText, next?: RedactableText, numbers?: Numbers): Fact => ({
    fact,
    verdict,
    says,
    ...(next && { next }),
    ...(numbers && { numbers }),
  });

export const contradicted = factOf("contradicted");
export const unsettled = factOf("unsettled");

export const holds = (fact: FactName, says: RedactableText, numbers?: Numbers): Fact =>
  factOf("holds")(fact, says, undefined, numbers);

/** One or the other. */
export const judged = (
  isSo: boolean,
  fact: FactName,
  {
    says,
    next,
    numbers,
  }: { readonly says: RedactableText; readonly next: RedactableText; readonly numbers?: Numbers },
): Fact => (isSo ? holds(fact, says, numbers) : contradicted(fact, says, next, numbers));
