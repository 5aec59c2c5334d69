import { sha256 } from "../../domain/values/canonical-json.ts";
import { BrokerError } from "../../domain/values/errors.ts";

/** Names a list by everything that selects it. A cursor of one list is not valid for another. */
export type ListName = readonly string[];

/** DynamoDB refuses empty and long keys. Ours are far below its 1,024 bytes. */
const isSortKey = (value: unknown): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= 256;

const listHash = (list: ListName) => sha256(JSON.stringify(list)).slice(0, 16);

/**
 * Where the page after `position` starts, as opaque text. The position is a sort key, never a
 * partition, so an invented cursor reaches nothing outside the list.
 */
export function cursorAfter(list: ListName, position: string): string {
  return Buffer.from(JSON.stringify([listHash(list), position])).toString("base64url");
}

/**
 * The position in a cursor of this list. @throws BrokerError `invalid-request` for any other text
 */
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
    "The cursor does not belong to this list. Nothing was read; send no cursor to start at the first page.",
  );

function decoded(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}
