/** One page of a listing, and the token of the next if there is one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken?: string;
}

/**
 * Cuts a listing into pages. The items are sorted by `key`, and the token is the last key given
 * out. So an item that appears or vanishes between two calls neither repeats nor hides others.
 *
 * @param refuse makes the service's own error for a token that this never gave out.
 */
export function page<Item>(
  items: readonly Item[],
  key: (item: Item) => string,
  options: {
    readonly maxResults: number;
    readonly nextToken: string | undefined;
    readonly refuse: (token: string) => Error;
  },
): Page<Item> {
  const sorted = [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const after = options.nextToken === undefined ? undefined : decode(options.nextToken);
  if (options.nextToken !== undefined && after === undefined)
    throw options.refuse(options.nextToken);
  const rest = after === undefined ? sorted : sorted.filter((item) => key(item) > after);
  const taken = rest.slice(0, options.maxResults);
  const last = taken.at(-1);
  return last === undefined || taken.length === rest.length
    ? { items: taken }
    : { items: taken, nextToken: encode(key(last)) };
}

const PREFIX = "after:";
const encode = (key: string) => Buffer.from(PREFIX + key, "utf8").toString("base64url");

function decode(token: string): string | undefined {
  const clear = Buffer.from(token, "base64url").toString("utf8");
  return clear.startsWith(PREFIX) ? clear.slice(PREFIX.length) : undefined;
}
