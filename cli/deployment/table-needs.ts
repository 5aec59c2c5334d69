/**
 * The settings that the broker needs of its tables, as `infra/constructs/tables.ts` makes them. A
 * test compares both. Pure.
 */

/** The content of a table: the name of its role in the broker. */
export type Holds = "requests" | "audit" | "ledger";

export const HOLDS: readonly Holds[] = ["requests", "audit", "ledger"];

/** A global secondary index. */
export interface NeededIndex {
  readonly name: string;
  readonly pk: string;
  readonly sk: string;
  /** `ALL`, `KEYS_ONLY`, or the attributes that it holds beside the keys. */
  readonly projection: "ALL" | "KEYS_ONLY" | readonly string[];
}

export interface TableNeeds {
  /** The attribute of its time to live. Evidence stays. */
  readonly ttl: string | undefined;
  readonly indexes: readonly NeededIndex[];
}

/** The keys of every table: its partition key and its sort key. */
export const TABLE_KEYS = "HASH pk, RANGE sk";

const index = (name: string, projection: NeededIndex["projection"] = "KEYS_ONLY"): NeededIndex => ({
  name,
  pk: `${name}Pk`,
  sk: `${name}Sk`,
  projection,
});

export const TABLE_NEEDS: Readonly<Record<Holds, TableNeeds>> = {
  requests: {
    ttl: "ttl",
    indexes: [
      ...[index("mine"), index("live"), index("notice")],
      ...[index("removal", ["clusterArn"]), index("due", ["clusterArn", "dueFor"])],
      ...[index("driftCheck", ["clusterArn"])],
      ...[index("unconfirmed", ["readDownTo", "recordedCall"]), index("lent")],
    ],
  },
  audit: { ttl: undefined, indexes: [index("audit", "ALL")] },
  ledger: { ttl: "ttl", indexes: [] },
};

/** An index as text that compares. */
export const indexText = ({ pk, sk, projection }: Omit<NeededIndex, "name">): string =>
  `${pk} ${sk} ${typeof projection === "string" ? projection : [...projection].sort().join(",")}`;
