import type { Stream } from "./screen.ts";
import { padTo, widthOf, wrap } from "./text-layout.ts";

export type Fact = readonly [name: string, value: string];

/**
 * Names and values in two aligned columns; long values wrap below themselves, and are never cut. An ARN or a digest
 * that is too wide for its column gets a line with less indent: a terminal would break it, and nobody could copy it.
 */
export function renderFacts(
  facts: readonly Fact[],
  stream: Pick<Stream, "columns" | "paint">,
): string {
  const names = Math.max(...facts.map(([name]) => widthOf(name)));
  const indent = names + 4;
  const room = Math.max(20, stream.columns - indent);
  const placed = (line: string, at: number): string => {
    const spare = stream.columns - widthOf(line);
    if (widthOf(line) > room && spare >= 0) return `\n${" ".repeat(Math.min(spare, 4))}${line}`;
    return at === 0 ? line : `\n${" ".repeat(indent)}${line}`;
  };
  return facts
    .map(([name, value]) => {
      const label = `  ${stream.paint("dim", padTo(name, names))}  `;
      return `${label}${wrap(value, room).map(placed).join("")}`.replace(/ +$/gm, "").concat("\n");
    })
    .join("");
}
