import type { Stream } from "./screen.ts";

const ESC = "\u001b[";
/** The terminal's second screen, so that what stood there before comes back in the end. */
const ENTER = `${ESC}?1049h${ESC}?25l`;
const LEAVE = `${ESC}?25h${ESC}?1049l`;
const HOME = `${ESC}H`;
const CLEAR_LINE = `${ESC}K`;
const CLEAR_BELOW = `${ESC}J`;

export interface LiveView {
  /** Draws lines in place of those before; what does not fit is counted in the last line. */
  draw(text: string): void;
  /** Gives the terminal and its cursor back. */
  end(): void;
}

/** A whole screen that is drawn again and again, without flicker. */
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
