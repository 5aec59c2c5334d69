/** Items as JavaScript can hold them. Others can write attributes whose names mean something to it. */
import { types } from "node:util";

/**
 * Undoes what two names do to a map that the SDK translated. `__proto__` becomes the map's prototype: each read of the
 * map then finds its fields, and each copy lacks them. By `constructor` the SDK tells what it writes, and throws. The
 * broker writes neither. Both are dropped, so what depends on them counts as missing.
 *
 * @param value changed in place, with all that is in it
 */
function makePlain(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const each of value) makePlain(each);
  // A prototype may be of any kind, so nothing is asked that it can answer.
  if (Array.isArray(value) || ArrayBuffer.isView(value) || types.isSet(value)) return;
  if (Object.getPrototypeOf(value) !== Object.prototype)
    Object.setPrototypeOf(value, Object.prototype);
  if (Object.hasOwn(value, "constructor")) Reflect.deleteProperty(value, "constructor");
  for (const each of Object.values(value)) makePlain(each);
}

/** The members of an answer of DynamoDB that hold items. */
const OF_ITEMS = ["Item", "Items", "Attributes", "Responses"] as const;

/** Makes the items of an answer plain. @param output what the SDK returns for a command */
export function makeItemsPlain(output: object): void {
  const answer: Partial<Record<(typeof OF_ITEMS)[number], unknown>> = output;
  for (const name of OF_ITEMS) makePlain(answer[name]);
}
