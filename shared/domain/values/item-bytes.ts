/**
 * The size of an item of DynamoDB by its own rules. Names of attributes count, and so does each part of a
 * list or map. Pure.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */

/** The length of a text in UTF-8, in bytes. */
const textBytes = (text: string): number => Buffer.byteLength(text, "utf8");

/** A list or map takes these bytes besides its contents, and so does each of its parts. */
const CONTAINER_BYTES = 3;
const PART_BYTES = 1;

/** The bytes of an attribute's value. */
export function valueBytes(value: unknown): number {
  if (typeof value === "string") return textBytes(value);
  if (typeof value === "number") return numberBytes(value);
  if (typeof value !== "object" || value === null) return 1;
  if (Array.isArray(value))
    return value.reduce((sum, part) => sum + PART_BYTES + valueBytes(part), CONTAINER_BYTES);
  return CONTAINER_BYTES + partsOf(value).reduce((sum, part) => sum + PART_BYTES + part, 0);
}

/** The bytes of a whole item, with its keys. */
export const itemBytes = (item: object): number =>
  partsOf(item).reduce((sum, part) => sum + part, 0);

const partsOf = (map: object): readonly number[] =>
  Object.entries(map).map(([name, value]) => textBytes(name) + valueBytes(value));

/** One byte for two digits, and one more. */
const numberBytes = (value: number): number =>
  Math.ceil(String(Math.abs(value)).replace(".", "").length / 2) + 1;
