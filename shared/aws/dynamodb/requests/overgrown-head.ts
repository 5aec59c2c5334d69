/** A head that others filled: DynamoDB takes no step that would make an item larger than 400 KB. */
import type { AccessRequest } from "../../../domain/requests/request.ts";
import { INDEX } from "../indexes.ts";
import { headCounts, headGrant } from "../keys.ts";
import type { Item } from "../query-items.ts";

/** The head of a binding with as many grants as its ledger has room for is far smaller, in bytes. */
const MOST_BYTES = 100_000;
/** So is each of its values. An ARN is the longest. */
const MOST_VALUE_BYTES = 3_000;

/** In the key or in an index: DynamoDB takes no large value there. */
const KEYS: ReadonlySet<string> = new Set([
  ...["pk", "sk"],
  ...[INDEX.removal, INDEX.due, INDEX.driftCheck].flatMap(({ pk, sk }) => [pk, sk]),
]);

/**
 * The attributes that an overgrown head can do without, largest first. No step or parking of these
 * grants writes them, or their values are larger than any of ours. None of a head of usual size,
 * since a later release may write more.
 *
 * @param fixed the names of attributes that every head may have
 */
export function surplusOn(
  head: Item,
  grants: readonly AccessRequest[],
  fixed: readonly string[],
): readonly string[] {
  const sizes = Object.entries(head).map(([name, value]) => {
    const bytes = bytesOf(value);
    return { name, bytes, all: Buffer.byteLength(name) + bytes };
  });
  if (sizes.reduce((sum, { all }) => sum + all, 0) <= MOST_BYTES) return [];
  const known = new Set([
    ...fixed,
    ...grants.map(({ id }) => headGrant(id)),
    ...grants.flatMap(({ requester }) => Object.values(headCounts(requester))),
  ]);
  return sizes
    .filter(({ name, bytes }) => !KEYS.has(name) && !(known.has(name) && bytes <= MOST_VALUE_BYTES))
    .toSorted((a, b) => b.all - a.all)
    .map(({ name }) => name);
}

/** About how much of an item a value takes. Others can write values of any type. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Set || Array.isArray(value))
    return [...value].reduce((sum: number, each) => sum + bytesOf(each), 3);
  return Object.entries(value).reduce(
    (sum, [name, each]) => sum + Buffer.byteLength(name) + bytesOf(each),
    3,
  );
}
