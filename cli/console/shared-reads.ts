/** One read of the API for all tabs: equal reads that come close together share an answer. */

/** Shorter than the time between two looks of one tab. */
const FRESH_MS = 2_000;

export interface SharedReads {
  read(key: string, fetch: () => Promise<unknown>): Promise<unknown>;
  /** Something was changed, so what was read before is old. */
  forget(): void;
}

/** @param now a clock in milliseconds */
export function sharedReads(now: () => number = Date.now): SharedReads {
  const reads = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();
  return {
    read(key, fetch) {
      for (const [old, { at }] of reads) if (now() - at >= FRESH_MS) reads.delete(old);
      const known = reads.get(key);
      if (known) return known.answer;
      const answer = fetch();
      reads.set(key, { at: now(), answer });
      // A failure is not shared with those that come later.
      answer.catch(() => reads.delete(key));
      return answer;
    },
    forget: () => reads.clear(),
  };
}
