/** Quantities of what has a price. Pure. */
import { PRICES, type Price, type Priced } from "./prices.ts";

export type Usage = Readonly<Partial<Record<Priced, number>>>;

/** By part of the broker: `sweep`, `converge` … */
export type UsageByPart = Readonly<Record<string, Usage>>;

/** Less is left of sums that are 0. */
const ROUNDING = 1e-9;

/** One line of a bill. */
export interface Item {
  readonly priced: Priced;
  readonly price: Price;
  readonly quantity: number;
  readonly usd: number;
}

export function plus(...usages: readonly Usage[]): Usage {
  const sum: Partial<Record<Priced, number>> = {};
  for (const usage of usages)
    for (const [priced, quantity] of Object.entries(usage) as [Priced, number][])
      sum[priced] = (sum[priced] ?? 0) + quantity;
  return sum;
}

export const times = (usage: Usage, factor: number): Usage =>
  Object.fromEntries(
    Object.entries(usage).map(([priced, quantity]) => [priced, quantity * factor]),
  );

export function together(...all: readonly UsageByPart[]): UsageByPart {
  const parts = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries(
    [...parts].map((part) => [part, plus(...all.map((one) => one[part] ?? {}))]),
  );
}

export const scaled = (all: UsageByPart, factor: number): UsageByPart =>
  Object.fromEntries(Object.entries(all).map(([part, usage]) => [part, times(usage, factor)]));

/** Its lines, the dearest first, without those of no use. */
export const billOf = (usage: Usage): readonly Item[] =>
  (Object.entries(usage) as [Priced, number][])
    .filter(([, quantity]) => Math.abs(quantity) > ROUNDING)
    .map(([priced, quantity]) => {
      const price: Price = PRICES[priced];
      return { priced, price, quantity, usd: quantity * price.usd };
    })
    .toSorted((one, other) => other.usd - one.usd);

export const costOf = (usage: Usage): number =>
  billOf(usage).reduce((sum, { usd }) => sum + usd, 0);
