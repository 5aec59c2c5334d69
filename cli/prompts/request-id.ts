import { InvalidArgumentError } from "commander";
import { isIdPrefix, SHORTEST_PREFIX } from "../../shared/domain/requests/id-prefix.ts";

const ID_LENGTH = 36;

/** Reads a request's id or the beginning of one, for commander. @throws InvalidArgumentError */
export function parseRequestId(text: string): string {
  const id = text.toLowerCase();
  if (isIdPrefix(id)) return id;
  throw new InvalidArgumentError(
    `Write the id, or at least its first ${SHORTEST_PREFIX} characters, as timelatch list shows it.`,
  );
}

/** Whether it is a whole id, not only the beginning of one. */
export const isWholeId = (id: string): boolean => id.length === ID_LENGTH;

/** The first 48 bits of a UUIDv7 are a millisecond, so two ids rarely share these. */
const SHORTEST = 13;

/** The beginning of each id that no other in the list has; `timelatch` accepts it as an id. */
export function shortIds(ids: readonly string[]): ReadonlyMap<string, string> {
  const others = (id: string, prefix: string) =>
    ids.some((other) => other !== id && other.startsWith(prefix));
  const short = (id: string) => {
    let length = SHORTEST;
    while (length < id.length && others(id, id.slice(0, length))) length += 1;
    return id.slice(0, length).replace(/-$/, "");
  };
  return new Map(ids.map((id) => [id, short(id)]));
}
