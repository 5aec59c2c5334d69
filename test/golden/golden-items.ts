/** Items as a release stored them, in files. They are written once and never changed. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { type DynamoDBDocumentClient, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { ActualEntry } from "../../shared/domain/entries/actual-entry.ts";
import { parseAccessPolicy } from "../../shared/policy-file/parse-access-policy.ts";
import type { LocalTables } from "../shared/aws/dynamodb/local-tables.ts";
import type { GoldenArchive } from "./golden-archive.ts";
import type { LifeIds } from "./recorded-life.ts";
import type { TableNames } from "./table-broker.ts";

export type Item = Readonly<Record<string, unknown>>;

/**
 * The tables that a release left behind: its items by table, and facts about them that a test
 * needs.
 */
export interface Golden {
  readonly life: LifeIds;
  /** Alice's entry on prod, as EKS had it. */
  readonly entry: ActualEntry;
  readonly archive: GoldenArchive;
  readonly tables: Readonly<Record<keyof TableNames, readonly Item[]>>;
}

/** The releases whose items the code has to read, oldest first. */
export const RELEASES = ["0.1.0"] as const;

const TABLES = ["requests", "audit", "ledger"] as const;
const folder = (release: string) => new URL(`${release}/`, import.meta.url);
const read = (release: string, name: string) =>
  readFileSync(new URL(name, folder(release)), "utf8");

export const goldenPolicy = (release: string) => parseAccessPolicy(read(release, "access.yaml"));

export function readGolden(release: string): Golden {
  const parsed = (name: string) => JSON.parse(read(release, `${name}.json`), revived);
  const [requests, audit, ledger] = TABLES.map(parsed) as [Item[], Item[], Item[]];
  return { ...parsed("life"), archive: parsed("archive"), tables: { requests, audit, ledger } };
}

export function writeGolden(release: string, { tables, archive, ...life }: Golden): void {
  mkdirSync(folder(release), { recursive: true });
  const write = (name: string, value: unknown) =>
    writeFileSync(
      new URL(`${name}.json`, folder(release)),
      `${JSON.stringify(value, replaced, 2)}\n`,
      { flag: "wx" },
    );
  for (const table of TABLES) write(table, tables[table]);
  write("archive", archive);
  write("life", life);
}

/** DynamoDB's sets and bytes, which JSON does not have. */
const replaced = (_name: string, value: unknown) => {
  if (value instanceof Set) return { set: [...value].sort() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("base64") };
  return value;
};
const revived = (_name: string, value: unknown) => {
  if (typeof value !== "object" || value === null) return value;
  if ("set" in value && Array.isArray(value.set)) return new Set(value.set);
  if ("bytes" in value && typeof value.bytes === "string")
    return new Uint8Array(Buffer.from(value.bytes, "base64"));
  return value;
};

export async function emptyTables(tables: LocalTables): Promise<TableNames> {
  return { ...(await tables.requestTables()), ledger: await tables.ledgerTable() };
}

/** Every item of a table, in the order of keys. */
export async function itemsOf(
  client: DynamoDBDocumentClient,
  TableName: string,
): Promise<readonly Item[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  const place = ({ pk, sk }: Item) => `${String(pk)} ${String(sk)}`;
  return Items.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
}

export async function putGolden(
  client: DynamoDBDocumentClient,
  names: TableNames,
  { tables }: Golden,
): Promise<void> {
  for (const table of TABLES)
    await Promise.all(
      tables[table].map((Item) => client.send(new PutCommand({ TableName: names[table], Item }))),
    );
}
