/** How long each message shows something other than what it should. */

/** The content that a message should have shown since an instant, as a hash. */
interface Wanted {
  readonly hash: string;
  readonly since: number;
}

export interface Lateness {
  /** Notes what a message should show from now on. Nothing is noted twice. */
  wanted(message: string, hash: string): void;
  /** Notes what a message shows now. */
  shown(message: string, hash: string): void;
  /** By message that was ever late, the longest time in milliseconds; what is still late counts. */
  longest(): ReadonlyMap<string, number>;
  /** Notes that a message is not to be sent any more. Where it is not there, it was late until now. */
  unwanted(message: string): void;
}

/**
 * Behind is counted from the first change that a message does not show, whatever came after it.
 * @param now milliseconds
 */
export function lateness(now: () => number): Lateness {
  const pending = new Map<string, Wanted[]>();
  const current = new Map<string, string>();
  const longest = new Map<string, number>();
  const late = (message: string, since: number) =>
    longest.set(message, Math.max(longest.get(message) ?? 0, now() - since));

  return {
    wanted(message, hash) {
      const waiting = pending.get(message) ?? [];
      const last = waiting.at(-1)?.hash ?? current.get(message);
      if (last !== hash) pending.set(message, [...waiting, { hash, since: now() }]);
    },
    shown(message, hash) {
      current.set(message, hash);
      const waiting = pending.get(message) ?? [];
      const at = waiting.findLastIndex((each) => each.hash === hash);
      const [first] = waiting;
      if (first && at >= 0) late(message, first.since);
      pending.set(message, waiting.slice(at + 1));
    },
    unwanted(message) {
      const [first] = pending.get(message) ?? [];
      if (!first || current.has(message)) return;
      late(message, first.since);
      pending.delete(message);
    },
    longest() {
      for (const [message, [first]] of pending) if (first) late(message, first.since);
      return longest;
    },
  };
}
