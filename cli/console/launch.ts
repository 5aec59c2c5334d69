/** Lets pages in: each shows six digits, and the person types those of the page that they see. */
import { randomInt } from "node:crypto";

/** How many pages may wait at once, and for how long. */
const MOST = 5;
const WAIT_MS = 60_000;
/** The wrong entries after which every page that waits is refused. */
const WRONG_ENTRIES = 3;

/** The end of a page's wait. */
type LaunchEnd = "in" | "late" | "refused";

interface Waiting {
  readonly digits: string;
  readonly ended: Promise<LaunchEnd>;
  /** The page is gone. */
  leave(): void;
}

/** The answer to what the person typed. `refused`: it was the last wrong entry. */
export type Entry = "in" | "wrong" | "refused" | "nobody";

export interface Launch {
  /** @returns undefined where too many pages wait */
  open(): Waiting | undefined;
  typed(digits: string): Entry;
}

/** @param waitMs how long a page may wait */
export function launch(waitMs = WAIT_MS): Launch {
  const waiting = new Map<string, (end: LaunchEnd) => void>();
  let wrong = 0;
  const finish = (digits: string, end: LaunchEnd) => {
    const done = waiting.get(digits);
    waiting.delete(digits);
    done?.(end);
  };
  return {
    open() {
      if (waiting.size >= MOST) return undefined;
      const digits = freshDigits(waiting);
      const ended = new Promise<LaunchEnd>((resolve) => waiting.set(digits, resolve));
      const timer = setTimeout(() => finish(digits, "late"), waitMs);
      timer.unref();
      return {
        digits,
        ended: ended.finally(() => clearTimeout(timer)),
        leave: () => finish(digits, "late"),
      };
    },
    typed(digits) {
      if (waiting.has(digits)) {
        wrong = 0;
        finish(digits, "in");
        return "in";
      }
      if (waiting.size === 0) return "nobody";
      wrong += 1;
      if (wrong < WRONG_ENTRIES) return "wrong";
      wrong = 0;
      for (const each of [...waiting.keys()]) finish(each, "refused");
      return "refused";
    },
  };
}

function freshDigits(taken: ReadonlyMap<string, unknown>): string {
  for (;;) {
    const digits = String(randomInt(1_000_000)).padStart(6, "0");
    if (!taken.has(digits)) return digits;
  }
}
