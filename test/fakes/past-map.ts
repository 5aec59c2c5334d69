/** A map that remembers what it held, so that a read may show the past. */
export class PastMap<Value> extends Map<string, Value> {
  readonly #now: () => string;
  /** By key, each former value and when another took its place, oldest first. */
  readonly #former = new Map<string, { readonly until: number; readonly value?: Value }[]>();

  /** @param initial what it has held since ever */
  constructor(now: () => string, initial: Iterable<readonly [string, Value]> = []) {
    super();
    this.#now = now;
    for (const [key, value] of initial) super.set(key, value);
  }

  /** @param since an instant: the value counts as set then; it is not before an earlier change */
  override set(key: string, value: Value, since = this.#now()): this {
    this.#remember(key, since);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#remember(key, this.#now());
    return super.delete(key);
  }

  /** What it held at `millis` since the epoch; undefined where it held nothing. */
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

/** What a map held at `millis` since the epoch. Of a plain map only the present is known. */
export const asOf = <Value>(
  map: ReadonlyMap<string, Value> | undefined,
  key: string,
  millis: number,
): Value | undefined => (map instanceof PastMap ? map.asOf(key, millis) : map?.get(key));

/** Whether there was such a key at `millis` since the epoch. Of others only the present is known. */
export const hadKey = (
  keys: ReadonlySet<string> | ReadonlyMap<string, unknown>,
  key: string,
  millis: number,
): boolean => (keys instanceof PastMap ? keys.asOf(key, millis) !== undefined : keys.has(key));
