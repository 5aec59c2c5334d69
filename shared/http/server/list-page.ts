import type { Actor } from "../../domain/policy/actor.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import type { Page, PageQuery } from "../../ports/request-store.ts";
import { limitOf, type Query } from "./page-query.ts";
import { openCursor, sealCursor } from "./sealed-cursor.ts";

/** A page, and what the answer says of the next one. */
export interface ListPage<Found> {
  readonly page: Found;
  /** `next` is absent on the last page. */
  readonly more: { readonly next?: string };
}

/**
 * Reads the page of a list that a query asks for. Its cursor is opened, and the next one is sealed,
 * for this person and this list only.
 *
 * @param list the operation, and every parameter that selects what is in the list
 * @throws BrokerError `invalid-request`, `invalid-cursor`
 */
export async function listPage<Found extends Page<unknown>>(
  { cursorKeys, clock }: Pick<ApiPorts, "cursorKeys" | "clock">,
  { member }: Actor,
  list: readonly string[],
  query: Query,
  read: (page: PageQuery) => Promise<Found>,
): Promise<ListPage<Found>> {
  const scope = { person: member.name, list };
  const limit = limitOf(query);
  const { cursor } = query;
  const after =
    cursor === undefined ? undefined : await openCursor(cursorKeys, scope, cursor, clock.now());
  const page = await read(after === undefined ? { limit } : { limit, after });
  if (page.next === undefined) return { page, more: {} };
  return { page, more: { next: await sealCursor(cursorKeys, scope, page.next, clock.now()) } };
}
