import type { Stream } from "./screen.ts";
import { padTo, widthOf, wrap } from "./text-layout.ts";

export type Fact = readonly [name: string, value: string];

/** Names and values in two aligned columns; long values wrap below themselves, and are never cut. */
export function renderFacts(
  facts: readonly Fact[],
  stream: Pick<Stream, "columns" | "paint">,
): string {
  const names = Math.max(...facts.map(([name]) => widthOf(name)));
  const indent = " ".repeat(names + 4);
  return facts
    .map(([name, value]) => {
      const lines = wrap(value, Math.max(20, stream.columns - indent.length));
      return `  ${stream.paint("dim", padTo(name, names))}  ${lines.join(`\n${indent}`)}\n`;
    })
    .join("");
}
