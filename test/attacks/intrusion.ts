/** An intruder with one role's rights: some writes to the record at a moment, and the surest finder that the role cannot silence. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Random, seededRandom } from "../../lab/simulation/random.ts";
import type { AnyWrite } from "./any-record-write.ts";
import { anyWrite, FIRST_RIGHT, TARGETS, type Target } from "./any-write.ts";
import { archivedDays, INSTANTS, MOMENTS, type Moment } from "./archive-days.ts";
import { DEEDS, type Deed } from "./attack.ts";
import { FINDERS, type Finder, LEANS_ON } from "./finder.ts";
import { AS_IT_WAS, probesOf } from "./found-by.ts";
import { DAY_AS_IT_WAS, type Meddling, recordedDay } from "./recorded-day.ts";
import { may, type Right, ROLES, type Role } from "./rights.ts";
import { changedFor, shownOf } from "./shown.ts";

/** All roles but the administrator, who may silence what runs in the account, as the table says. */
const INTRUDERS = ROLES.filter((role) => role !== "administrator");

const SHOWN = shownOf(AS_IT_WAS);

export interface Intrusion {
  readonly role: Role;
  readonly moment: Moment;
  /** Writes that were made. */
  readonly made: readonly AnyWrite[];
  /** Writes that the role's rights refuse. */
  readonly refused: readonly AnyWrite[];
  /** The views that say something else for them. Empty: they had no effect. */
  readonly changed: readonly string[];
  /** The surest finder that does not lean on the role; undefined where there was no effect, or nothing found it. */
  readonly finder: Finder | undefined;
}

const asked = new Map<string, Promise<boolean>>();

/** The decision about a right, which is the same each time. */
function mayOnce(role: Role, right: Right): Promise<boolean> {
  const key = `${role} ${right}`;
  const known = asked.get(key) ?? may(role, right);
  asked.set(key, known);
  return known;
}

async function mayAll(role: Role, rights: readonly Right[]): Promise<boolean> {
  for (const right of rights) if (!(await mayOnce(role, right))) return false;
  return true;
}

/** One write may be found where a second one would give the intruder away. */
const HOW_MANY = [1, 1, 1, 2, 3, 4];
/** Nothing contradicts a record by itself that is not archived yet, so finders have to. */
const WHEN: readonly Moment[] = ["fresh", "fresh", ...MOMENTS];
/** Those with no right on the record at all, who are refused each time. */
const MAY_NOTHING: readonly Role[] = ["notify", "outside", "auditor"];
const WRITERS = INTRUDERS.filter((role) => !MAY_NOTHING.includes(role));

/** How often somebody tries what is not theirs to write. */
const TRIES_OTHERS = 0.15;

async function targetsOf(role: Role): Promise<readonly Target[]> {
  const own: Target[] = [];
  for (const target of TARGETS) if (await mayOnce(role, FIRST_RIGHT[target])) own.push(target);
  return own;
}

async function anyWrites(random: Random, role: Role, moment: Moment): Promise<readonly AnyWrite[]> {
  const own = await targetsOf(role);
  const aim = { random, day: DAY_AS_IT_WAS, now: INSTANTS[moment] };
  return Array.from({ length: random.pick(HOW_MANY) }, () => {
    const isOther = own.length === 0 || random.chance(TRIES_OTHERS);
    return anyWrite(aim, random.pick(isOther ? TARGETS : own));
  });
}

/** @param seed of everything in it */
export async function anyIntrusion(seed: number): Promise<Intrusion> {
  const random = seededRandom(seed);
  const role = random.pick(random.chance(0.1) ? INTRUDERS : WRITERS);
  const moment = random.pick(WHEN);
  const made: AnyWrite[] = [];
  const refused: AnyWrite[] = [];
  for (const write of await anyWrites(random, role, moment))
    ((await mayAll(role, write.rights)) ? made : refused).push(write);
  if (made.length === 0) return { role, moment, made, refused, changed: [], finder: undefined };
  return { role, moment, made, refused, ...(await played(role, moment, made)) };
}

async function played(
  role: Role,
  moment: Moment,
  writes: readonly AnyWrite[],
): Promise<Pick<Intrusion, "changed" | "finder">> {
  const day = writes.some(({ meddle }) => meddle)
    ? await recordedDay(meddlingOf(writes))
    : undefined;
  const days = await archivedDays(day ?? DAY_AS_IT_WAS, moment, async (world) => {
    for (const { forge } of writes) await forge?.(world);
  });
  const changed = changedFor(SHOWN, shownOf(days));
  if (changed.length === 0) return { changed, finder: undefined };
  const probes = probesOf(days);
  for (const finder of FINDERS) {
    if (LEANS_ON[finder].includes(role)) continue;
    // An archive that was written to is not the one that it would be.
    if (finder === "kept" && writes.some(({ isObject }) => isObject)) continue;
    if (await probes[finder]?.()) return { changed, finder };
  }
  return { changed, finder: undefined };
}

const meddlingOf = (writes: readonly AnyWrite[]): Meddling => ({
  meddle: async (broker, grant) => {
    const records: object[] = [];
    for (const { meddle } of writes) records.push(...((await meddle?.(broker, grant)) ?? []));
    return records;
  },
});

const PAGE = path.resolve(import.meta.dirname, "../../docs/threat-model.md");

/** The words of each cell of the table in docs/threat-model.md; empty for a dash. */
export function cellsOf(page = readFileSync(PAGE, "utf8")) {
  const [, table = ""] = /<!-- attacks by role -->\n([\s\S]*?)<!-- end/.exec(page) ?? [];
  const rows = table.split("\n").map((line) => line.split("|").map((cell) => cell.trim()));
  return (role: Role, deed: Deed): readonly string[] => {
    const row = rows.find(([, name]) => name?.replaceAll("`", "") === role);
    const cell = row?.[2 + DEEDS.indexOf(deed)];
    if (cell === undefined) throw new Error(`The table says nothing of ${role} and ${deed}.`);
    return cell === "–" ? [] : cell.split(", ").map((word) => word.replace(/ \d+ h$/, ""));
  };
}

/** The least sure finder of a cell. */
export const leastOf = (words: readonly string[]): number =>
  Math.max(...words.map((word) => FINDERS.indexOf(word as Finder)));
