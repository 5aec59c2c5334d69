/** Names of tables' items by what their keys have in common: `BIND HEAD`, `AUDIT` … */

/** A sort key that says what the item is. Others are ids, numbers and instants. */
const WORD = /^[A-Z]+/;

/** @param key an item, or its key */
export function itemKind(key: Readonly<Record<string, unknown>> = {}): string {
  const [first = ""] = String(key["pk"]).split("#");
  const word = WORD.exec(String(key["sk"]))?.[0];
  return word === undefined || word === first ? first : `${first} ${word}`;
}
