/** A map that remembers past values, so that a read can be stale. */
export class PastMap<Value> extends Map<string, Value> {
  readonly #now: () => string;
  /** By key: each former value and when it was replaced, oldest first. */
  readonly #former = new Map<string, { readonly until: number; readonly value?: Value }[]>();

  /** @param initial values from before the test */
  constructor(now: () => string, initial: Iterable<readonly [string, Value]> = []) {
    super();
    this.#now = now;
    for (const [key, value] of initial) super.set(key, value);
  }

  /** @param since when the value counts as set; not before an earlier change */
  override set(key: string, value: Value, since = this.#now()): this {
    this.#remember(key, since);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#remember(key, this.#now());
    return super.delete(key);
  }

  /** The value at `millis` since the epoch; undefined if the key had no value then. */
  asOf(key: string, millis: number): Value | undefined {
    const former = this.#former.get(key)?.find(({ until }) => millis < until);
    return former ? former.value : this.get(key);
  }

  #remember(key: string, since: string): void {
    const value = this.get(key);
    const until = Date.parse(since);
    const former = this.#former.get(key) ?? [];
    former.push(value === undefined ? { until } : { until, value });
    this.#former.set(key, former);
  }
}

/** The value at `millis` since the epoch. A plain map only has its current one. */
export const asOf = <Value>(
  map: ReadonlyMap<string, Value> | undefined,
  key: string,
  millis: number,
): Value | undefined => (map instanceof PastMap ? map.asOf(key, millis) : map?.get(key));

/** Whether the key existed at `millis` since the epoch. Other collections only know the present. */
export const hadKey = (
  keys: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  key: string,
  millis: number,
): boolean => (keys instanceof PastMap ? keys.asOf(key, millis) !== undefined : keys.has(key));
