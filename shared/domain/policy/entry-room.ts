/**
 * Whether one more grant has room on its access entry. Only the requests table is known here: converge knows
 * what others have on the entry, and judges again. Pure.
 */
import { grantBytes, ROOM_BYTES, reservedBytes } from "../entries/bounds.ts";
import type { AccessRequest } from "../requests/request.ts";
import { BrokerError } from "../values/errors.ts";

/** The terms of a request, and its owner. */
type Asking = Pick<
  AccessRequest,
  "id" | "requester" | "cluster" | "principalArn" | "access" | "extends"
>;

/** A grant that may give access to the same entry. */
type Sharing = Asking & Pick<AccessRequest, "state">;

/** The most that other grants may take of the entry, so that these have room together, in bytes. */
export const roomBeside = (...requests: readonly Asking[]): number =>
  requests.reduce((room, request) => room - grantBytes(request), ROOM_BYTES);

/** Names no more grants to end than somebody would read. */
const MOST_NAMED = 5;

/**
 * Why a grant has no room beside those that are open; undefined if it has.
 *
 * @param open all grants of the entry through which access may exist
 */
export function tooMuchBeside(request: Asking, open: readonly Sharing[]): BrokerError | undefined {
  const reserved = reservedBytes(open);
  return reserved <= roomBeside(request) ? undefined : tooMuchOnOneEntry(request, reserved, open);
}

/**
 * @param reserved what the open grants of the entry take, in bytes
 * @param open those of them that are known: the requester's own are named, the largest first
 * @param others what is asked for at once with it
 */
export function tooMuchOnOneEntry(
  request: Asking,
  reserved: number,
  open: readonly Sharing[] = [],
  options?: ErrorOptions,
  others: readonly Asking[] = [],
): BrokerError {
  const room = roomBeside(request, ...others);
  const needed = ROOM_BYTES - room;
  const endFirst = namedToEnd(request, open, reserved - room);
  const { cluster, principalArn } = request;
  const need = others.length === 0 ? "this one needs" : `these ${others.length + 1} need`;
  return new BrokerError(
    "too-much-on-one-entry",
    `The open grants of ${principalArn} on ${cluster.name} take ${kilobytes(reserved)} KB of the ${kilobytes(ROOM_BYTES)} KB that Timelatch keeps on record for one access entry, and ${need} ${kilobytes(needed)} KB. Nothing was stored; ask for fewer namespaces, or ${roomBy(endFirst)}.`,
    {
      cluster: cluster.name,
      reservedBytes: reserved,
      neededBytes: needed,
      mostBytes: ROOM_BYTES,
      endFirst,
    },
    options,
  );
}

const kilobytes = (bytes: number): number => Math.ceil(bytes / 1_024);

const roomBy = (endFirst: readonly string[]): string =>
  endFirst.length > 0
    ? `end ${endFirst.join(", ")} first`
    : "wait until grants of others there have ended";

/** The requester's largest grants, as many as make the room that is missing. */
function namedToEnd(
  { requester }: Asking,
  open: readonly Sharing[],
  missing: number,
): readonly string[] {
  const own = open
    .filter((grant) => grant.requester === requester && grant.state !== "ending")
    .toSorted((a, b) => grantBytes(b) - grantBytes(a));
  const named: string[] = [];
  let freed = 0;
  for (const grant of own.slice(0, MOST_NAMED)) {
    if (freed >= missing) break;
    named.push(grant.id);
    freed += grantBytes(grant);
  }
  return named;
}
