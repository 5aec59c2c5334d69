/** One line on standard error that says how far a long command is; nothing without a terminal. */
import type { Context } from "../context.ts";

const CLEAR_LINE = "\r\u001b[K";

export interface ProgressLine {
  /** Replaces the line. @param text visible text, shorter than a line */
  show(text: string): void;
  /** Removes it. */
  end(): void;
}

export function progressLine({ json, screen }: Context): ProgressLine {
  const { err } = screen;
  if (json || !err.terminal) return { show: () => undefined, end: () => undefined };
  return {
    show: (text) => err.write(`${CLEAR_LINE}${text}`),
    end: () => err.write(CLEAR_LINE),
  };
}
