/** The requests of one chain: a grant, and the extensions that follow it one after the other. */
import { type Chain, MOST_EXTENSIONS } from "../../domain/policy/extension.ts";
import { startOf } from "../../domain/requests/grant-time.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import type { RequestStore } from "../../ports/request-store.ts";

type Requests = Pick<RequestStore, "load" | "pendingExtension">;

/** A chain up to one of its grants. */
export async function chainUpTo(requests: Requests, grant: AccessRequest): Promise<Chain> {
  const earlier = await predecessorsOf(requests, grant);
  const first = earlier.at(-1) ?? grant;
  return { since: startOf(first) ?? first.createdAt, extensions: earlier.length };
}

/**
 * The other requests of a grant's chain that may still give access. An extension that is pending is
 * one of them. They are few: a rule limits how many extensions follow a grant.
 */
export async function othersInChain(
  requests: Requests,
  grant: AccessRequest,
): Promise<readonly AccessRequest[]> {
  const all = [
    ...(await predecessorsOf(requests, grant)),
    ...(await successorsOf(requests, grant)),
  ];
  return all.filter(({ state }) => OPEN.has(state));
}

const OPEN: ReadonlySet<State> = new Set(["pending", "approved", "active"]);

const predecessorsOf = (requests: Requests, grant: AccessRequest) =>
  follow(requests, grant, async (each) => each.extends);

const successorsOf = (requests: Requests, grant: AccessRequest) =>
  follow(
    requests,
    grant,
    async ({ id, extendedBy, state }) =>
      extendedBy ?? (state === "active" ? requests.pendingExtension(id) : undefined),
  );

/** Limited, because the table could name a circle. */
async function follow(
  requests: Requests,
  from: AccessRequest,
  next: (each: AccessRequest) => Promise<string | undefined>,
): Promise<readonly AccessRequest[]> {
  const found: AccessRequest[] = [];
  for (let id = await next(from); id !== undefined && found.length < MOST_EXTENSIONS; ) {
    const each = await requests.load(id);
    found.push(each);
    id = await next(each);
  }
  return found;
}
