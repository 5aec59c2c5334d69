/** Plays an attack at a moment, and asks each finder. */
import { aPolicy, aRequest } from "../../lab/fakes/builders.ts";
import { noticesFor } from "../../shared/domain/notices/notices-for.ts";
import { archivedDays, type Days, type Moment } from "./archive-days.ts";
import type { Attack, Deed } from "./attack.ts";
import { busEvents } from "./bus-events.ts";
import type { Finder } from "./finder.ts";
import { archivedIn, compared, exportHeld, openIn, reported, verified } from "./finders.ts";
import { DAY, DAY_AS_IT_WAS, foundIn, type RecordedDay, recordedDay } from "./recorded-day.ts";
import { statementsOf } from "./shown.ts";

export const AS_IT_WAS = await archivedDays(DAY_AS_IT_WAS, "fresh", () => undefined);
const WHOLE = statementsOf(archivedIn(AS_IT_WAS));
const OPEN = openIn(AS_IT_WAS);

export interface Found {
  readonly finder: Finder;
  /** After how many hours, where something runs by itself. */
  readonly hours?: number;
}

/** Everything that finds an attack at a moment. */
export async function foundBy(attack: Attack, moment: Moment): Promise<readonly Found[]> {
  const { forge = () => undefined, meddling, replacesArchive } = attack;
  const day = meddling ? await recordedDay(meddling) : DAY_AS_IT_WAS;
  const days = await archivedDays(day, moment, forge, !replacesArchive);
  const { alarmedAfter: hours } = days;
  const found: Found[] = [];
  for (const [finder, finds] of Object.entries({ ...probesOf(days), ...probesFor(attack, days) }))
    if (await finds())
      found.push({
        finder: finder as Finder,
        ...(finder === "alarm" && hours !== undefined ? { hours } : {}),
      });
  return found;
}

type Probes = Readonly<Partial<Record<Finder, () => unknown>>>;

/** The finders that need to know nothing of an attack. */
export const probesOf = (days: Days): Probes => ({
  kept: () => isKept(days),
  alarm: () => days.alarmedAfter !== undefined,
  finding: () => days.day.findings > DAY_AS_IT_WAS.findings,
  verify: () => isAny(verified(days)),
  export: () => isAny(exportHeld(days)),
  report: () => reported(days).length > 0,
  witness: () => days.witnessed !== undefined,
  log: () => compared(archivedIn(days), days.day).length > 0,
  EKS: () => readsOtherwise(days),
  bus: () => isUnpublished(days, days.day),
});

/** Those that depend on what an attack is for. */
const probesFor = (attack: Attack, days: Days): Probes => ({
  kept: () => !HIDES.has(attack.deed) && isKept(days),
  finding: () => isFinding(attack, days),
  report: () => reported(days).length > 0 || reportsOpen(attack, days),
  bus: () => attack.isPublished === undefined && isUnpublished(days, days.day),
  told: () => attack.isPublished === true && tells(),
  ...attack.probes,
});

const isAny = async (faults: Promise<readonly string[]>) => (await faults).length > 0;

/** Deeds that need no change of the records that are archived. */
const HIDES: ReadonlySet<Deed> = new Set<Deed>(["confirm", "un-find", "re-seal"]);

/** Whether the archive has what it would have without the attack, and nothing else. */
const isKept = (days: Days): boolean => statementsOf(archivedIn(days)) === WHOLE;

/** Whether EvidenceFindings counts more than on a day that nobody forged; or as often, where a finding was to be hidden later. */
const isFinding = ({ deed, forge, meddling }: Attack, { day }: Days): boolean =>
  deed === "un-find" && !forge && !meddling
    ? day.findings > 0
    : day.findings > DAY_AS_IT_WAS.findings;

/** A finding that was to vanish, and is in the report as an open one. */
const reportsOpen = ({ deed }: Attack, days: Days): boolean =>
  deed === "un-find" && openIn(days) === OPEN;

/** Whether a reading on record is not what EKS answers, or none is. */
function readsOtherwise(days: Days): boolean {
  const readings = archivedIn(days).filter(({ chain }) => chain.startsWith("STANDING#"));
  return readings.length === 0 || readings.some((one) => foundIn(one) !== days.day.entries);
}

/** Whether the archive has another record of people's steps than notify published, or lacks one. */
const isUnpublished = (days: Days, { records }: RecordedDay): boolean =>
  busEvents(archivedIn(days)).join() !== busEvents(records).join();

/** Whether messages about a decision name who is said to have made it. */
function tells(): boolean {
  const at = `${DAY}T10:02:00.000Z`;
  const policy = { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } };
  const approvals = [{ person: "bob", surface: "api", at, proof: {} }] as const;
  const { notices } = noticesFor(policy, { ...aRequest(), state: "approved", approvals }, at);
  return notices.some(({ send, facts }) => send && JSON.stringify(facts).includes('"bob"'));
}
