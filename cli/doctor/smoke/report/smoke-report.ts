/** A report of a smoke test that can be attached to a public issue: no secret, and a placeholder for each identifier. Pure. */
import type { Left } from "../clean-up.ts";
import type { Played } from "../run-parts.ts";
import { FACTS } from "../settled-facts.ts";
import { thingText } from "../thing.ts";
import { type Hide, hiding, named, type RedactableText, redactable } from "./redactable.ts";
import { smokeText } from "./smoke-text.ts";

/** How a sentence and a document show a fact. */
const factsOf = (all: readonly Played[], words: (sentence: RedactableText) => string) =>
  all.flatMap(({ part, facts }) =>
    facts.map(({ fact, verdict, says, next, numbers }) => ({
      part,
      fact,
      row: FACTS[fact],
      verdict,
      says: words(says),
      ...(next ? { next: words(next) } : {}),
      ...(numbers ? { numbers } : {}),
    })),
  );

const failuresOf = (all: readonly Played[], words: (sentence: RedactableText) => string) =>
  all.flatMap(({ part, failed }) => (failed ? [{ part, says: words(failed) }] : []));

const leftOf = (all: readonly Left[], words: (sentence: RedactableText) => string) =>
  all.map(({ thing, why }) => words(redactable`${thingText(thing)}: ${named("error", why)}`));

/** The results, part by part, and the things that could not be removed. */
export interface Found {
  readonly played: readonly Played[];
  readonly left: readonly Left[];
}

/** The same for `--json` and for a report. */
export const smokeDocument = (
  { played, left }: Found,
  words: (sentence: RedactableText) => string,
) => ({
  facts: factsOf(played, words),
  failed: failuresOf(played, words),
  left: leftOf(left, words),
});

export interface ReportHead {
  /** The version of this program. */
  readonly timelatch: string;
  readonly node: string;
  /** ISO 8601 UTC. */
  readonly madeAt: string;
  /** The region of the broker. */
  readonly region: string;
}

export interface SmokeReport {
  readonly json: string;
  readonly text: string;
}

/** Both forms have the same placeholders. */
export function smokeReport(found: Found, head: ReportHead): SmokeReport {
  const hide: Hide = hiding();
  const { region, ...others } = head;
  const shownHead = { ...others, region: hide(named("region", region)) };
  const document = { format: 1, ...shownHead, ...smokeDocument(found, hide) };
  const lines = Object.entries(shownHead).map(([name, value]) => `${name}: ${value}`);
  const plain = { columns: 100, paint: (_style: unknown, text: string) => text };
  return {
    json: `${JSON.stringify(document, null, 2)}\n`,
    text: `${lines.join("\n")}\n\n${smokeText(found, plain, hide)}`,
  };
}
