/**
 * The writes of several new requests of one person that are stored at once. A transaction takes one operation an
 * item, so those of an item that several share are merged: the head of a binding, the set of pending requests,
 * and the count of a rule's automatic approvals.
 */
import { BrokerError } from "../../../domain/values/errors.ts";
import { type NewPart, PartsRefused, type TogetherOptions } from "../../../ports/together-store.ts";
import { automaticWrite } from "../rate-counts.ts";
import type { Refusal, Write } from "../transact.ts";
import { bindingOf, type Change, headWrite } from "./head-write.ts";
import { noticeWrite, stepOf } from "./notice-write.ts";
import {
  grantWrites,
  pendingOfWrites,
  pendingWrites,
  type RequestTables,
  stateWrites,
} from "./request-writes.ts";

/** @param changes the steps of each part, combined, in the order of the parts */
export function togetherWrites(
  tables: RequestTables,
  parts: readonly NewPart[],
  changes: readonly Change[],
  { capacity, mostPending }: Pick<TogetherOptions, "capacity" | "mostPending">,
): readonly Write[] {
  const { requests: table } = tables;
  const places = changes.map((_, at) => at);
  const at = (group: readonly number[]) =>
    group.flatMap((place) => {
      const change = changes[place];
      return change ? [change] : [];
    });
  const own = changes.flatMap((change, place) =>
    ofParts(
      [place],
      [
        ...pendingWrites(table, change),
        ...stateWrites(tables, change),
        ...grantWrites(table, change),
        noticeWrite(table, stepOf(change)),
      ],
    ),
  );
  const heads = grouped(places, (place) => at([place]).map(({ request }) => bindingOf(request))[0]);
  const limits = grouped(places, (place) => parts[place]?.automatic?.rule);
  const pending = places.filter((place) => changes[place]?.request.state === "pending");
  return [
    ...own,
    ...ofParts(pending, pendingOfWrites(table, at(pending), mostPending)),
    ...limits.flatMap((group) => {
      const automatic = parts[group[0] ?? 0]?.automatic;
      return automatic ? ofParts(group, [automaticWrite(table, automatic, group.length)]) : [];
    }),
    ...heads.flatMap((group) => ofParts(group, headWrite(table, at(group), capacity))),
  ];
}

/** The places with the same name, in order; without those that have no name. */
function grouped(
  places: readonly number[],
  nameOf: (place: number) => string | undefined,
): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const place of places) {
    const name = nameOf(place);
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), place]);
  }
  return [...groups.values()];
}

/** The writes, with refusals that name the parts. */
const ofParts = (parts: readonly number[], writes: readonly Write[]): readonly Write[] =>
  writes.map((write) => {
    const { refused } = write;
    if (!refused) return write;
    const named: Refusal = (reason, cause) => {
      const error = refused(reason, cause);
      return error instanceof BrokerError ? new PartsRefused([{ parts, error }], { cause }) : error;
    };
    return { ...write, refused: named };
  });

/** A used key or nonce refuses the whole ask. Else every part that is refused says why. */
export function refusalOfParts(errors: readonly [Error, ...Error[]]): Error {
  const other = errors.find((error) => !(error instanceof PartsRefused));
  const refused = errors.filter((error) => error instanceof PartsRefused);
  return (
    other ??
    new PartsRefused(
      refused.flatMap(({ refusals }) => refusals),
      { cause: errors[0].cause },
    )
  );
}
