/** Ids in lists, as short as the list allows. */

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
