/**
 * Places in an index, as cursors have them. Sort keys of an index repeat, and others can put items at the sort key of
 * one of ours. So a place has the item's own key as well, and the next page begins behind that one item.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
import type { Index } from "./indexes.ts";
import type { Item } from "./query-items.ts";

type Keys = Pick<Index, "pk" | "sk">;

/** JSON escapes it, so the last one in a place ends the sort key. */
const END = "\u0000";

/** The place of an item in an index. It begins with the sort key. */
export const placeIn = ({ sk }: Keys, item: Item): string =>
  `${item[sk]}${END}${JSON.stringify([item["pk"], item["sk"]])}`;

/** @returns the key to start behind; undefined where the place is a bare sort key, such as an instant */
export function startBehind({ pk, sk }: Keys, partition: string, place: string): Item | undefined {
  const end = place.lastIndexOf(END);
  if (end < 0) return undefined;
  const [ownPk, ownSk] = JSON.parse(place.slice(end + END.length));
  return { [pk]: partition, [sk]: place.slice(0, end), pk: ownPk, sk: ownSk };
}
