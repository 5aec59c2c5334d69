import { invalidParameter } from "./errors.ts";
import { type Input, number, text } from "./input.ts";

/** How many results a page of any EKS list holds at most, and when the caller asks for no number. */
const PAGE_SIZE = 100;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Opaque; null at the end. */
  readonly nextToken: string | null;
}

/**
 * One page of a list, ascending by key, by the call's `maxResults` (1 to 100) and `nextToken`. The
 * token names its list and the last key given. So an item that comes or goes between two pages
 * neither repeats nor hides others. A token of another list is refused. `list` must therefore hold
 * everything that selects the items. Throws InvalidParameterException; its texts are ours.
 */
export function page<Item>(
  list: readonly string[],
  items: readonly Item[],
  keyOf: (item: Item) => string,
  input: Input,
): Page<Item> {
  const size = number(input, "maxResults") ?? PAGE_SIZE;
  if (!Number.isInteger(size) || size < 1 || size > PAGE_SIZE) {
    throw invalidParameter(`maxResults must be a whole number from 1 to ${PAGE_SIZE}`);
  }
  const token = text(input, "nextToken");
  const after = token === undefined ? undefined : readToken(list, token);
  const rest = items
    .filter((item) => after === undefined || keyOf(item) > after)
    .sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const given = rest.slice(0, size);
  const last = given.at(-1);
  return {
    items: given,
    nextToken: rest.length > size && last !== undefined ? writeToken(list, keyOf(last)) : null,
  };
}

function writeToken(list: readonly string[], key: string): string {
  return Buffer.from(JSON.stringify([...list, key])).toString("base64url");
}

function readToken(list: readonly string[], token: string): string {
  const key = lastKey(token);
  if (key === undefined || writeToken(list, key) !== token) {
    throw invalidParameter("The specified nextToken is invalid");
  }
  return key;
}

function lastKey(token: string): string | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, "base64url").toString("utf8"));
    const key: unknown = Array.isArray(parts) ? parts.at(-1) : undefined;
    return typeof key === "string" ? key : undefined;
  } catch {
    return undefined;
  }
}
