/**
 * A place where the audit table contradicts its archive.
 *
 * - `missing`: the archive has a record that the table no longer has.
 * - `changed`: the table has another record in its place.
 * - `unlinked`: a record does not follow the one before it, which was archived.
 */
export interface Contradiction {
  readonly chain: string;
  readonly seq: number;
  readonly what: "missing" | "changed" | "unlinked";
}
