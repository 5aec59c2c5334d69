/** The names of the archive's objects. Text order is time order. */

/** The first day that is sealed. */
export const FIRST_DAY_KEY = "first-day.txt";

export const SEALS = "seals/";
export const RECORDS = "records/";

export const sealKey = (day: string): string => `${SEALS}${day}.json`;

/** The day of a seal's key; undefined for any other key. */
export const sealedDayOf = (key: string): string | undefined =>
  /^seals\/(\d{4}-\d\d-\d\d)\.json$/.exec(key)?.[1];

/** The canonical form of a policy, under the hash that audit events name. */
export const policyKey = (hash: string): string => `policies/${hash}.json`;

/** The list that a reading of standing access found, under the hash that its record has. */
export const contentKey = (hash: string): string => `standing/${hash}.ndjson.gz`;

/**
 * Marks of seals that were published on the event bus. The name has the hash of the seal, so that no other object takes
 * its place.
 */
export const PUBLISHED = "published/";

/** @param hash of the seal of the day */
export const publishedKey = (day: string, hash: string): string => `${PUBLISHED}${day}-${hash}.txt`;

/** The day of a mark's key, and the hash in it; undefined for any other key. */
export function publishedIn(
  key: string,
): { readonly day: string; readonly hash: string } | undefined {
  const [, day, hash] = /^published\/(\d{4}-\d\d-\d\d)-([0-9a-f]{64})\.txt$/.exec(key) ?? [];
  return day === undefined || hash === undefined ? undefined : { day, hash };
}

/** Some records of one hour. */
export interface PartName {
  /** The day whose seal covers the part: a later one than the hour's, if the records came late. */
  readonly sealDay: string;
  /** The hour in which the records are dated, such as `2026-11-24T10`. */
  readonly hour: string;
  /** From 1, for each seal day and hour. */
  readonly number: number;
}

export const partKey = ({ sealDay, hour, number }: PartName): string =>
  `${RECORDS}${sealDay}/${hour}/${String(number).padStart(4, "0")}.ndjson.gz`;

const PART = /^records\/(\d{4}-\d\d-\d\d)\/(\d{4}-\d\d-\d\dT\d\d)\/(\d{4,})\.ndjson\.gz$/;

/** Undefined for a key that names no part. */
export function partOf(key: string): PartName | undefined {
  const [, sealDay, hour, number] = PART.exec(key) ?? [];
  return sealDay && hour && number ? { sealDay, hour, number: Number(number) } : undefined;
}
