/**
 * The stops as stored records say. A function that may add to the chain can put anything at its next
 * place, so items that are no records of the broker's are passed over. Pure.
 */
import { LONGEST_REASON } from "../policy/reason.ts";
import { NO_STOPS, type StopRecord, type Stops, type StopType, stopsAfter } from "./stops.ts";

/** An item of the chain. */
export interface StoredStop {
  /** By its place in the chain, whatever it holds. */
  readonly seq: number;
  readonly record: unknown;
}

const TYPES: Readonly<Record<StopType, true>> = {
  suspend: true,
  lift: true,
  drain: true,
  undrain: true,
};

/** Others are about one person. */
const OF_EVERYONE: ReadonlySet<string> = new Set(["drain", "undrain"]);

/** No name, instant or hash is longer: a person's name is a source identity. */
const LONGEST_NAME = 64;

/** Whether an item holds a record of the form and size that the broker writes. It says nothing of its links. */
export function isStopRecord(value: unknown): value is StopRecord {
  const { type, actor, at, seq, hash, details } = fieldsOf(value);
  const { person, reason, after } = fieldsOf(details);
  return (
    typeof type === "string" &&
    Object.hasOwn(TYPES, type) &&
    [actor, at, hash].every((text) => isText(text, LONGEST_NAME)) &&
    isText(reason, LONGEST_REASON) &&
    Number.isSafeInteger(seq) &&
    (OF_EVERYONE.has(type) ? person === null : isText(person, LONGEST_NAME)) &&
    isObject(fieldsOf(after)["people"])
  );
}

const isText = (value: unknown, longest: number): boolean =>
  typeof value === "string" && value.length <= longest;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  isObject(value) ? value : {};

/** The last place that sorts as its number: a place has six digits. */
const LAST_PLACE = 999_999;

/**
 * The stops after the last record that another one can follow. Their number is that of the place before the first free
 * one, so that the next record comes after what others put there, and one item at a late place keeps nothing out.
 *
 * @param newestFirst the last items of the chain
 * @param isAll whether the chain has no others
 * @returns undefined where none of the items is a record, and there are others
 */
export function latestStops(newestFirst: readonly StoredStop[], isAll: boolean): Stops | undefined {
  const taken = new Set(newestFirst.map(({ seq }) => seq));
  const lastTaken = (from: number): number => {
    let seq = from;
    while (taken.has(seq + 1)) seq += 1;
    return seq;
  };
  const found = newestFirst.find(
    ({ record, seq }) => isStopRecord(record) && record.seq === seq && lastTaken(seq) < LAST_PLACE,
  );
  if (!found && !isAll) return undefined;
  const stops = found ? stopsAfter(found.record as StopRecord) : NO_STOPS;
  return { ...stops, seq: lastTaken(stops.seq) };
}
