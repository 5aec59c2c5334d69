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

/** Marks of seals that were published on the event bus: each holds the hash of its seal. */
export const PUBLISHED = "published/";

export const publishedKey = (day: string): string => `${PUBLISHED}${day}.txt`;

/** The day of a mark's key; undefined for any other key. */
export const publishedDayOf = (key: string): string | undefined =>
  /^published\/(\d{4}-\d\d-\d\d)\.txt$/.exec(key)?.[1];

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
