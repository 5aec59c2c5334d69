/** The steps that end chains of extensions: an end of one grant ends the others with it. Pure. */
import { MOST_EXTENSIONS } from "../policy/extension.ts";
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

/** Returns active grants, each of which ends its chain. Each of the rest is cancelled by itself. */
function ownEnds<Request extends Endable>(chain: readonly Request[]): readonly ChainEnd<Request>[] {
  const { ends, rest } = endsOfLast(chain, "return", ({ state }) => state === "active");
  return [...ends, ...rest.map((request) => ({ verb: "cancel" as const, request, others: [] }))];
}

const revocations = <Request extends Endable>(
  chain: readonly Request[],
): readonly ChainEnd<Request>[] =>
  endsOfLast(chain, "revoke", ({ state }) => state !== "pending").ends;

/**
 * Ends the last of a chain, and then what that leaves: others can write what the records say of each other, so that
 * two extend the same one, or more extend one another than an end follows.
 */
function endsOfLast<Request extends Endable>(
  chain: readonly Request[],
  verb: EndVerb,
  isEndable: (request: Request) => boolean,
): { readonly ends: readonly ChainEnd<Request>[]; readonly rest: readonly Request[] } {
  const ends: ChainEnd<Request>[] = [];
  let rest = chain;
  for (;;) {
    const last = lastInChain(rest.filter(isEndable));
    if (!last) return { ends, rest };
    const reached = endedWith(last, rest);
    ends.push({
      verb,
      request: last,
      others: rest.filter((each) => each !== last && reached.has(each)),
    });
    rest = rest.filter((each) => !reached.has(each));
  }
}

/** The requests that one end reaches: those that it extends, one after the other, and one that extends it. */
function endedWith<Request extends Endable>(
  last: Request,
  chain: readonly Request[],
): ReadonlySet<Request> {
  const reached = new Set([last]);
  const before = ({ extends: id }: Request) => chain.find((each) => each.id === id);
  for (let next = before(last); next && reached.size <= MOST_EXTENSIONS; next = before(next)) {
    if (reached.has(next)) break;
    reached.add(next);
  }
  const after = chain.find((each) => each.extends === last.id);
  return after ? reached.add(after) : reached;
}
