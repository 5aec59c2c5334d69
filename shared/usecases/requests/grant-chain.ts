/** The requests of one chain: a grant, and the extensions that follow it one after the other. */
import { type Chain, MOST_EXTENSIONS } from "../../domain/policy/extension.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { unlessMissing } from "../../domain/values/errors.ts";
import type { RequestStore } from "../../ports/request-store.ts";

type Requests = Pick<RequestStore, "load" | "pendingExtension">;

/** A chain up to one of its grants. */
export async function chainUpTo(requests: Requests, grant: AccessRequest): Promise<Chain> {
  const earlier = await predecessorsOf(requests, grant);
  const first = earlier.at(-1) ?? grant;
  return { since: startOf(first) ?? first.createdAt, extensions: earlier.length };
}

/** The requests that a chain names, by id; undefined for an id without a request. */
export type Links = Map<string, AccessRequest | undefined>;

/**
 * The other requests of a grant's chain that may still give access, pending extensions included. They are few: a
 * rule limits how many extensions follow a grant.
 *
 * @param links takes the requests that the chain names, one after the other
 */
export async function othersInChain(
  requests: Requests,
  grant: AccessRequest,
  links: Links = new Map(),
): Promise<readonly AccessRequest[]> {
  const all = [
    ...(await predecessorsOf(requests, grant, links)),
    ...(await successorsOf(requests, grant, links)),
  ];
  return all.filter(isOpen);
}

/** Whether a request may give access, now or later. */
export const isOpen = ({ state }: AccessRequest): boolean => OPEN.has(state);

const OPEN: ReadonlySet<State> = new Set(["pending", "approved", "active"]);

const predecessorsOf = (requests: Requests, grant: AccessRequest, links: Links = new Map()) =>
  follow(requests, grant, links, async (each) => each.extends);

const successorsOf = (requests: Requests, grant: AccessRequest, links: Links) =>
  follow(
    requests,
    grant,
    links,
    async ({ id, extendedBy, state }) =>
      extendedBy ?? (state === "active" ? requests.pendingExtension(id) : undefined),
  );

/** The table may name a circle. The chain ends at an id without a request. */
async function follow(
  { load }: Requests,
  from: AccessRequest,
  links: Links,
  next: (each: AccessRequest) => Promise<string | undefined>,
): Promise<readonly AccessRequest[]> {
  const found: AccessRequest[] = [];
  const isNew = (id: string) => id !== from.id && !links.has(id);
  for (let id = await next(from); id !== undefined && isNew(id); ) {
    if (found.length === MOST_EXTENSIONS) break;
    links.set(id, undefined);
    const each = await load(id).catch(unlessMissing);
    if (!each) break;
    links.set(id, each);
    found.push(each);
    id = await next(each);
  }
  return found;
}
