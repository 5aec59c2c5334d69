/** The results of a smoke test, for people. */
import { visible } from "../../../../shared/domain/values/visible-text.ts";
import type { Stream } from "../../../terminal/screen.ts";
import { wrapLines } from "../../../terminal/text-layout.ts";
import type { Left } from "../clean-up.ts";
import type { Fact, Verdict } from "../fact.ts";
import type { Played } from "../run-parts.ts";
import { FACTS } from "../settled-facts.ts";
import { thingText } from "../thing.ts";
import { named, type RedactableText, redactable } from "./redactable.ts";

const MARKS: Readonly<Record<Verdict, readonly ["green" | "red" | "yellow", string]>> = {
  holds: ["green", "✔"],
  contradicted: ["red", "✘"],
  unsettled: ["yellow", "?"],
};

/**
 * A block for each fact: ✔ holds, ✘ does not, ? is not settled.
 *
 * @param words how a sentence is shown
 */
export function smokeText(
  { played, left }: { readonly played: readonly Played[]; readonly left: readonly Left[] },
  stream: Pick<Stream, "columns" | "paint">,
  words: (sentence: RedactableText) => string,
): string {
  const width = Math.max(...played.map(({ part }) => part.length), LEFT.length);
  const indent = " ".repeat(width + 4);
  const block = (verdict: Verdict, part: string, lines: readonly string[]) => {
    const [style, mark] = MARKS[verdict];
    const text = lines.map((line) => wrapped(line, indent, stream.columns)).join("");
    return `${stream.paint(style, mark)} ${part.padEnd(width)}  ${text.trimStart()}`;
  };
  return [...played.flatMap((each) => linesOf(each, words)), ...leftLines(left, words)]
    .map(({ part, verdict, lines }) => block(verdict, part, lines))
    .join("");
}

/** Stands where a part's name stands. */
const LEFT = "left";

interface Line {
  readonly part: string;
  readonly verdict: Verdict;
  readonly lines: readonly string[];
}

function linesOf(
  { part, facts, failed }: Played,
  words: (sentence: RedactableText) => string,
): readonly Line[] {
  return [
    ...facts.map((fact) => ({ part, verdict: fact.verdict, lines: factLines(fact, words) })),
    ...(failed
      ? [{ part, verdict: "unsettled" as const, lines: [`not settled: ${words(failed)}`] }]
      : []),
  ];
}

const leftLines = (
  left: readonly Left[],
  words: (sentence: RedactableText) => string,
): readonly Line[] =>
  left.map(({ thing, why }) => ({
    part: LEFT,
    verdict: "contradicted" as const,
    lines: [
      words(redactable`${thingText(thing)}: ${named("error", why)}`),
      "→ timelatch doctor --smoke --clean",
    ],
  }));

const factLines = (
  { fact, verdict, says, next }: Fact,
  words: (sentence: RedactableText) => string,
): readonly string[] => [
  words(says),
  ...(next ? [`→ ${words(next)}`] : []),
  ...(verdict === "holds" ? [`settles: ${FACTS[fact]}`] : []),
];

function wrapped(text: string, indent: string, columns: number): string {
  return `${wrapLines(visible(text), Math.max(20, columns - indent.length))
    .split("\n")
    .map((line) => `${indent}${line}`)
    .join("\n")}\n`;
}
