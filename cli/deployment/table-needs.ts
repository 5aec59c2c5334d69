/**
 * The settings that the broker needs of its tables, as `infra/constructs/tables.ts` makes them. A
 * test compares both. Pure.
 */

/** The content of a table: the name of its role in the broker. */
export type Holds = "requests" | "audit" | "ledger";

export const HOLDS: readonly Holds[] = ["requests", "audit", "ledger"];

/** The environment variables in which functions have a table's name. */
export const TABLE_VARIABLES: Readonly<Record<Holds, string>> = {
  requests: "REQUESTS_TABLE",
  audit: "AUDIT_TABLE",
  ledger: "LEDGER_TABLE",
};

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

/**
 * Why a table cannot hold this, by its indexes: each kind of table has others, and a ledger has no index.
 *
 * @param indexes names of those that it has. @returns undefined where it can
 */
export function otherContent(holds: Holds, indexes: readonly string[]): string | undefined {
  const needed = TABLE_NEEDS[holds].indexes.map(({ name }) => name);
  const fits =
    needed.length === 0 ? indexes.length === 0 : needed.some((one) => indexes.includes(one));
  if (fits) return undefined;
  if (indexes.length === 0) return "it has no index";
  return `it has the ${indexes.length === 1 ? "index" : "indexes"} ${[...indexes].sort().join(", ")}`;
}
