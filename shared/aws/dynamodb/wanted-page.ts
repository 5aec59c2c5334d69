import { LOOKED_AT_A_PAGE, type Page, type PageQuery } from "../../ports/request-store.ts";

/** An item with its place in a list: the sort key that the rest of the list comes after. */
export interface Placed<Item> {
  readonly place: string;
  /** Undefined where nothing is there any more. */
  readonly item: Item | undefined;
}

/**
 * Reads on until a page is full of wanted items, the list is over, or enough was looked at.
 *
 * @param read the next items after a place, at most `count`; fewer only where the list is over
 */
export async function wantedPage<Item>(
  { limit, after }: PageQuery,
  isWanted: (item: Item) => boolean,
  read: (after: string | undefined, count: number) => Promise<readonly Placed<Item>[]>,
): Promise<Page<Item>> {
  const wanted: Placed<Item>[] = [];
  let place = after;
  for (let seen = 0; seen < LOOKED_AT_A_PAGE; ) {
    const batch = await read(place, limit + 1);
    wanted.push(...batch.filter(({ item }) => item !== undefined && isWanted(item)));
    if (wanted.length > limit) return pageOf(wanted.slice(0, limit), wanted[limit - 1]?.place);
    if (batch.length <= limit) return pageOf(wanted, undefined);
    place = batch.at(-1)?.place;
    seen += batch.length;
  }
  return pageOf(wanted, place);
}

const pageOf = <Item>(placed: readonly Placed<Item>[], next: string | undefined): Page<Item> => ({
  items: placed.flatMap(({ item }) => (item === undefined ? [] : [item])),
  ...(next === undefined ? {} : { next }),
});
