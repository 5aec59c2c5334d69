/** The results of the doctor, for people. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { Stream } from "../terminal/screen.ts";
import { wrapLines } from "../terminal/text-layout.ts";
import type { Examined } from "./examine.ts";

/**
 * A block for each check, with its next steps: ✔ for well, ! for what can be better, ✘ for what is
 * not well.
 */
export function doctorText(
  found: readonly Examined[],
  stream: Pick<Stream, "columns" | "paint">,
): string {
  const width = Math.max(...found.map(({ check }) => check.length));
  const indent = " ".repeat(width + 4);
  const mark = ({ ok, next }: Examined) => {
    if (!ok) return stream.paint("red", "✘");
    return next === undefined ? stream.paint("green", "✔") : stream.paint("yellow", "!");
  };
  return found
    .map((one, at) => {
      const { check, subject, says, next, settles = [] } = one;
      const isFirst = found[at - 1]?.check !== check;
      const name = (isFirst ? check : "").padEnd(width);
      const sentence = subject === undefined ? says : `${subject}: ${says}`;
      const lines = wrapped(sentence, indent, stream.columns);
      const todo = next === undefined ? "" : wrapped(`→ ${next}`, indent, stream.columns);
      const settled = settles.map((fact) => wrapped(`settles: ${fact}`, indent, stream.columns));
      return `${mark(one)} ${name}  ${lines.trimStart()}${todo}${settled.join("")}`;
    })
    .join("");
}

/** Text in lines below each other, each behind the indent. */
function wrapped(text: string, indent: string, columns: number): string {
  return `${wrapLines(visible(text), Math.max(20, columns - indent.length))
    .split("\n")
    .map((line) => `${indent}${line}`)
    .join("\n")}\n`;
}
