import { reviewKey, SCHEMA } from "../keys.ts";
import type { Write } from "../transact.ts";
import type { Change } from "./head-write.ts";

/**
 * The pointer to a request with an open review. The approval that opens the review puts it, and the
 * step that closes the review deletes it. Its key is stored with the request, so exactly that one
 * is deleted.
 */
export function reviewWrites(table: string, { request, events }: Change): readonly Write[] {
  const { id, review } = request;
  if (!review) return [];
  const key = reviewKey(review, id);
  return events.flatMap((event): readonly Write[] => {
    if (event.type === "review") return [{ item: { Delete: { TableName: table, Key: key } } }];
    if (event.type !== "approve" || !event.details.review) return [];
    const Item = { ...key, schema: SCHEMA, requestId: id };
    return [{ item: { Put: { TableName: table, Item } } }];
  });
}
