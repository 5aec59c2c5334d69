import { expect, it } from "vitest";
import {
  type Dated,
  takeByKind,
} from "../../../../../shared/aws/dynamodb/requests/take-in-turn.ts";
import type { DueItem } from "../../../../../shared/ports/binding-store.ts";

type Kind = Exclude<DueItem["kind"], "lapse">;
const AT = "2026-11-24T10:00:00.000Z";

const itemOf = (
  kind: Kind,
  of: { readonly binding: string; readonly clusterArn: string },
): DueItem => (kind === "drift-check" ? { kind, isTurn: false, ...of } : { kind, ...of });
const due = (kind: Kind, count: number, clusterArn = "c"): readonly Dated[] =>
  Array.from({ length: count }, (_, at) => ({
    at: AT,
    item: itemOf(kind, { binding: `${kind} ${clusterArn} ${at}`, clusterArn }),
  }));
const taken = (items: readonly Dated[], limit = 100) =>
  Object.entries(Object.groupBy(takeByKind(items, limit), ({ kind }) => kind)).map(
    ([kind, { length }]) => [kind, length],
  );

it("A sweep takes removals, then confirmations, then additions, then drift checks", () => {
  const items = [
    ...due("drift-check", 1),
    ...due("addition", 1),
    ...due("confirmation", 1),
    ...due("removal", 1),
  ];
  expect(takeByKind(items, 100).map(({ kind }) => kind)).toEqual([
    "removal",
    "confirmation",
    "addition",
    "drift-check",
  ]);
});

it("A sweep keeps room for each other kind, however many removals are due", () => {
  const removals = due("removal", 500);
  expect(
    taken([
      ...removals,
      ...due("confirmation", 500),
      ...due("addition", 500),
      ...due("drift-check", 500),
    ]),
  ).toEqual([
    ["removal", 45],
    ["confirmation", 40],
    ["addition", 5],
    ["drift-check", 10],
  ]);
  expect(taken([...removals, ...due("confirmation", 500), ...due("drift-check", 500)])).toEqual([
    ["removal", 50],
    ["confirmation", 40],
    ["drift-check", 10],
  ]);
  expect(taken([...removals, ...due("confirmation", 3)])).toEqual([
    ["removal", 97],
    ["confirmation", 3],
  ]);
  expect(taken(removals)).toEqual([["removal", 100]]);
});

it("A sweep consists of drift checks only where nothing else is due", () => {
  expect(taken(due("drift-check", 500))).toEqual([["drift-check", 100]]);
});
