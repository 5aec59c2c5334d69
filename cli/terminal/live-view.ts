import type { Stream } from "./screen.ts";

const ESC = "\u001b[";
/**
 * The terminal's alternate screen, so that the earlier text comes back at the end. Its lines do not
 * wrap: a line that is too long would push the first ones off the screen.
 */
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
const HOME = `${ESC}H`;
const CLEAR_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;

export interface LiveView {
  /** Draws lines in place of the earlier ones. The last line counts those that do not fit. */
  draw(text: string): void;
  /** Restores the terminal and its cursor. */
  end(): void;
}

/** A full screen that is redrawn without flicker. */
export function liveView(out: Stream): LiveView {
  out.write(ENTER);
  return {
    draw(text) {
      const lines = clipped(text.trimEnd().split("\n"), out.rows);
      out.write(`${HOME}${lines.map((line) => line + CLEAR_LINE).join("\n")}${CLEAR_BELOW}`);
    },
    end: () => out.write(LEAVE),
  };
}

function clipped(lines: readonly string[], rows: number): readonly string[] {
  if (lines.length <= rows) return lines;
  const kept = lines.slice(0, Math.max(0, rows - 1));
  return [...kept, `… ${lines.length - kept.length} more lines`];
}
