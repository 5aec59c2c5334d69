/** Changes of chains, by somebody who computes every hash again: the hashes have no key. */
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { CHAIN_START, linked } from "../../shared/domain/values/hash-chain.ts";
import type { World } from "./archive-days.ts";

/** A record of any kind, as a forger sees it. */
export type Body = Readonly<Record<string, unknown>>;

const bodyOf = ({ record }: ArchivedRecord): Body => record as unknown as Body;

/** The chain of such records, each linked to the one before. */
export function chainOf(chain: string, bodies: readonly Body[]): readonly ArchivedRecord[] {
  const records: ArchivedRecord[] = [];
  for (const [index, { hash: _, ...body }] of bodies.entries()) {
    const previousHash = records.at(-1)?.record.hash ?? CHAIN_START;
    const record = linked({ ...body, seq: index + 1, previousHash });
    records.push({ chain, record: record as unknown as ArchivedRecord["record"] });
  }
  return records;
}

export const recordsOf = ({ table }: Pick<World, "table">, chain: string) =>
  table
    .filter((one) => one.chain === chain)
    .toSorted((a, b) => a.record.seq - b.record.seq)
    .map(bodyOf);

/** Puts a whole chain in the place of what the table has of it. */
export function rewrite({ table }: World, chain: string, bodies: readonly Body[]): void {
  const others = table.filter((one) => one.chain !== chain);
  table.splice(0, table.length, ...others, ...chainOf(chain, bodies));
}

/** Changes one record of a chain. */
export const change = (world: World, chain: string, seq: number, made: (body: Body) => Body) =>
  rewrite(
    world,
    chain,
    recordsOf(world, chain).map((body, at) => (at + 1 === seq ? made(body) : body)),
  );

/** Adds a record to the end of a chain. */
export const append = (world: World, chain: string, body: Body) =>
  rewrite(world, chain, [...recordsOf(world, chain), body]);

/** Puts records over themselves without their places in the index. */
export function hide({ table, hidden }: World, isHidden: (one: ArchivedRecord) => boolean): void {
  const gone = table.filter(isHidden);
  hidden.push(...gone);
  table.splice(0, table.length, ...table.filter((one) => !isHidden(one)));
}

/** The details of a record, with others in their place. */
export const withDetails = (body: Body, details: Body): Body => ({
  ...body,
  details: { ...(body["details"] as Body), ...details },
});

/** Records of a chain with two in each other's place, each with the time of its place. */
export const exchanged = (
  bodies: readonly Body[],
  first: number,
  second: number,
): readonly Body[] =>
  bodies.map((body, at) => {
    const other = bodies[at === first ? second : at === second ? first : at] ?? body;
    return { ...other, at: body["at"] };
  });
