/** The steps that end chains of extensions: an end of one grant ends the others with it. Pure. */
import type { EndVerb } from "./audit-event.ts";
import type { AccessRequest } from "./request.ts";

/** As much of a request as a plan of ends needs: an answer of the API has it too. */
export type Endable = Pick<AccessRequest, "id" | "state" | "createdAt" | "extends">;

/** One end. The others of its chain end in the same transaction. */
export interface ChainEnd<Request extends Endable> {
  readonly verb: EndVerb;
  readonly request: Request;
  readonly others: readonly Request[];
}

/**
 * All that ends these requests of one person.
 *
 * @param requests that are pending, approved or active; none twice
 * @param isOwn whether their requester ends them. Nobody else ends what waits for a decision.
 */
export const endsOf = <Request extends Endable>(
  requests: readonly Request[],
  isOwn: boolean,
): readonly ChainEnd<Request>[] =>
  chainsOf(requests.toSorted((a, b) => (a.createdAt < b.createdAt ? -1 : 1))).flatMap((chain) =>
    isOwn ? ownEnds(chain) : revocations(chain),
  );

/** The last of some requests of one chain: no other of them extends it. */
export const lastInChain = <Request extends Pick<AccessRequest, "id" | "extends">>(
  chain: readonly Request[],
): Request | undefined =>
  chain.find(({ id }) => !chain.some((each) => each.extends === id)) ?? chain.at(-1);

/** Requests that extend one another, the oldest first. */
function chainsOf<Request extends Endable>(
  requests: readonly Request[],
): readonly (readonly Request[])[] {
  const byId = new Map(requests.map((each) => [each.id, each]));
  const firstOf = (each: Request, hops: number): string => {
    const before = each.extends === undefined ? undefined : byId.get(each.extends);
    // Limited, because an answer could name a circle.
    return before && hops > 0 ? firstOf(before, hops - 1) : each.id;
  };
  return Object.values(Object.groupBy(requests, (each) => firstOf(each, requests.length))).map(
    (chain) => chain ?? [],
  );
}

/** Returns an active grant, which ends its chain. Otherwise each request is cancelled by itself. */
function ownEnds<Request extends Endable>(chain: readonly Request[]): readonly ChainEnd<Request>[] {
  const last = lastInChain(chain.filter(({ state }) => state === "active"));
  return last
    ? [{ verb: "return", request: last, others: chain.filter((each) => each !== last) }]
    : chain.map((request) => ({ verb: "cancel", request, others: [] }));
}

function revocations<Request extends Endable>(
  chain: readonly Request[],
): readonly ChainEnd<Request>[] {
  const last = lastInChain(chain.filter(({ state }) => state !== "pending"));
  return last
    ? [{ verb: "revoke", request: last, others: chain.filter((each) => each !== last) }]
    : [];
}
