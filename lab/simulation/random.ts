/** Everything random in a run comes from here, so that a seed is the whole run. */
export interface Random {
  /** Uniform in [0, 1). */
  fraction(): number;
  chance(probability: number): boolean;
  /** Uniform in [from, to), not whole. */
  between(from: number, to: number): number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  pick<Item>(items: readonly Item[]): Item;
  /** Each item with the given probability. */
  some<Item>(items: readonly Item[], probability: number): Item[];
}

/** A generator of the SplitMix family with 32 bits of state. It is small and fast, and not secure. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed ^ 0x5bd1e995, 0x27d4eb2d) >>> 0;
  const fraction = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number) => from + Math.floor(fraction() * (to - from + 1));
  return {
    fraction,
    chance: (probability) => fraction() < probability,
    between: (from, to) => from + fraction() * (to - from),
    whole,
    pick(items) {
      const item = items[whole(0, items.length - 1)];
      if (item === undefined) throw new Error("Cannot pick from an empty list.");
      return item;
    },
    some: (items, probability) => items.filter(() => fraction() < probability),
  };
}
