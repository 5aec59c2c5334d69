import { sha256 } from "../../domain/values/canonical-json.ts";
import { BrokerError } from "../../domain/values/errors.ts";

/** Names a list with everything that selects it: a cursor of one is of no use in another. */
export type ListName = readonly string[];

/** DynamoDB refuses empty keys and long ones; ours are far below its 1,024 bytes. */
const isSortKey = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= 256;

const listHash = (list: ListName) => sha256(JSON.stringify(list)).slice(0, 16);

/**
 * Where the page after `position` starts, as opaque text. The position is a sort key and never a
 * partition: a cursor that somebody made up reaches nothing that the list does not hold.
 */
export function cursorAfter(list: ListName, position: string): string {
  return Buffer.from(JSON.stringify([listHash(list), position])).toString("base64url");
}

/** The position in a cursor of this list. @throws BrokerError `invalid-request` for any other text */
export function positionIn(list: ListName, cursor: string): string {
  const parts = decoded(cursor);
  if (Array.isArray(parts) && parts.length === 2) {
    const [hash, position] = parts;
    if (hash === listHash(list) && isSortKey(position)) return position;
  }
  throw notOurs();
}

export const notOurs = () =>
  new BrokerError(
    "invalid-request",
    "The cursor is not one of this list. Nothing was read; leave it out to start at the first page.",
  );

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
