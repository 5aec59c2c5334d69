/** Changes of any member of a record, at any depth. */
import type { Random } from "../../lab/simulation/random.ts";
import type { Body } from "./forgeries.ts";

type Path = readonly (string | number)[];

/** Members that a chain gives a record by itself, and the instant, which a change of dates takes. */
const NOT_CHANGED: ReadonlySet<string> = new Set(["seq", "hash", "previousHash", "at"]);

/** Every leaf, and every empty list or object. */
function leavesOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  const members = Array.isArray(value) ? value.entries() : Object.entries(value);
  const inside = [...members].flatMap(([name, one]) => leavesOf(one, [...path, name]));
  return inside.length === 0 ? [path] : inside;
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((found, name) => (found as Readonly<Record<string, unknown>>)[name], value);

const GONE = Symbol("gone");

/** A copy with another value at a path; `GONE` takes the member away. */
function withAt(value: unknown, [name, ...rest]: Path, made: unknown): unknown {
  if (name === undefined) return made;
  const inner = withAt((value as Readonly<Record<string, unknown>>)[name], rest, made);
  if (Array.isArray(value))
    return value.flatMap((one, at) => (at !== name ? [one] : inner === GONE ? [] : [inner]));
  const { [name]: _, ...others } = value as Readonly<Record<string, unknown>>;
  return inner === GONE ? others : { ...others, [name]: inner };
}

const INSTANT = /^\d{4}-\d\d-\d\dT/;
const PEOPLE = ["alice", "bob", "carol", "dave", "mallory"];

function otherText(random: Random, text: string, pool: readonly string[]): string {
  if (INSTANT.test(text)) return movedBy(text, random.whole(-90, 90) * 60);
  if (PEOPLE.includes(text)) return random.pick(PEOPLE);
  const alike = pool.filter((one) => one.length === text.length && one !== text);
  if (alike.length > 0 && random.chance(0.6)) return random.pick(alike);
  return random.chance(0.5) ? random.pick(pool) : `${text.slice(0, -1)}x`;
}

export const movedBy = (instant: string, seconds: number): string =>
  new Date(Date.parse(instant) + seconds * 1_000).toISOString();

function otherValue(random: Random, value: unknown, pool: readonly string[]): unknown {
  if (random.chance(0.1)) return GONE;
  if (typeof value === "string") return otherText(random, value, pool);
  if (typeof value === "number") return value + random.pick([-1, 1, 60, 3_600]);
  if (typeof value === "boolean") return !value;
  return random.pick([random.pick(pool), [random.pick(pool)], null, {}]);
}

/** Every text of some records, which a forger takes values from. */
export const textsOf = (bodies: readonly Body[]): readonly string[] => [
  ...new Set(
    bodies.flatMap((body) =>
      leavesOf(body).flatMap((path) => {
        const value = valueAt(body, path);
        return typeof value === "string" ? [value] : [];
      }),
    ),
  ),
];

/** The changed record, and the path of each change. */
export interface ChangedBody {
  readonly body: Body;
  readonly paths: readonly string[];
}

/** Changes some members, and nothing that a chain gives a record. */
export function changedBody(
  random: Random,
  body: Body,
  pool: readonly string[],
  times: number,
): ChangedBody {
  const paths: string[] = [];
  let changed = body;
  for (let time = 0; time < times; time += 1) {
    const paths_ = leavesOf(changed).filter(([name]) => !NOT_CHANGED.has(String(name)));
    const path = random.pick(paths_);
    changed = withAt(changed, path, otherValue(random, valueAt(changed, path), pool)) as Body;
    paths.push(path.join("."));
  }
  return { body: changed, paths };
}
