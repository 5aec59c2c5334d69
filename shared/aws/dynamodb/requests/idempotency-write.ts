import { type IdempotencyKey, IdempotencyTaken } from "../../../ports/idempotency.ts";
import { idempotencyKey, idempotencyTtl, SCHEMA } from "../keys.ts";
import type { Item } from "../query-items.ts";
import type { Write } from "../transact.ts";

/**
 * The caller's key, with what it made. Refused where the key was used before.
 *
 * @param made the attributes that find it @param at when it was made
 */
export function idempotencyWrite(
  table: string,
  { keyHash, bodyHash }: IdempotencyKey,
  made: Item,
  at: string,
): Write {
  const item = {
    ...idempotencyKey(keyHash),
    schema: SCHEMA,
    bodyHash,
    ttl: idempotencyTtl(at),
    ...made,
  };
  return {
    item: {
      Put: {
        TableName: table,
        Item: item,
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    refused: (_reason, cause) =>
      new IdempotencyTaken("The idempotency key was used before. Nothing was written.", { cause }),
  };
}
