/** Plays an attack at a moment, and asks each finder. */
import { aPolicy, aRequest } from "../../lab/fakes/builders.ts";
import { noticesFor } from "../../shared/domain/notices/notices-for.ts";
import { archivedDays, type Days, type Moment } from "./archive-days.ts";
import type { Attack, Deed } from "./attack.ts";
import type { Finder } from "./finder.ts";
import {
  archivedIn,
  compared,
  exportHeld,
  openIn,
  reported,
  stripped,
  verified,
} from "./finders.ts";
import { contentOf, DAY, type RecordedDay, recordedDay } from "./recorded-day.ts";

/** A day that nobody forged. */
const DAY_AS_IT_WAS = await recordedDay();
export const AS_IT_WAS = await archivedDays(DAY_AS_IT_WAS, "fresh", () => undefined);
const WHOLE = archivedIn(AS_IT_WAS).map(stripped).toSorted();
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
  for (const [finder, finds] of Object.entries(probesOf(attack, days)))
    if (await finds())
      found.push({
        finder: finder as Finder,
        ...(finder === "alarm" && hours !== undefined ? { hours } : {}),
      });
  return found;
}

type Probes = Readonly<Partial<Record<Finder, () => unknown>>>;

const probesOf = (attack: Attack, days: Days): Probes => ({
  kept: () => !HIDES.has(attack.deed) && isKept(days),
  alarm: () => days.alarmedAfter !== undefined,
  finding: () => isFinding(attack, days),
  verify: () => isAny(verified(days)),
  export: () => isAny(exportHeld(days)),
  report: () => reported(days).length > 0 || reportsOpen(attack, days),
  witness: () => days.witnessed !== undefined,
  log: () => compared(archivedIn(days), days.day).length > 0,
  EKS: () => readsOtherwise(days),
  bus: () => attack.isPublished === undefined && isUnpublished(days, days.day),
  told: () => attack.isPublished === true && tells(),
  ...attack.probes,
});

const isAny = async (faults: Promise<readonly string[]>) => (await faults).length > 0;

/** Deeds that need no change of the records that are archived. */
const HIDES: ReadonlySet<Deed> = new Set<Deed>(["confirm", "un-find", "re-seal"]);

/** Whether the archive has what it would have without the attack, and nothing else. */
const isKept = (days: Days): boolean =>
  archivedIn(days).map(stripped).toSorted().join() === WHOLE.join();

/** Whether EvidenceFindings counts more than on a day that nobody forged; or as often, where a finding was to be hidden later. */
const isFinding = ({ deed, forge, meddling }: Attack, { day }: Days): boolean =>
  deed === "un-find" && !forge && !meddling
    ? day.findings > 0
    : day.findings > DAY_AS_IT_WAS.findings;

/** A finding that was to vanish, and is in the report as an open one. */
const reportsOpen = ({ deed }: Attack, days: Days): boolean =>
  deed === "un-find" && openIn(days) === OPEN;

/** Whether a list of standing access on record is not what EKS answers. */
const readsOtherwise = (days: Days): boolean =>
  archivedIn(days).some(
    (one) => one.chain.startsWith("STANDING#") && contentOf(one) !== days.day.entries,
  );

/** Whether the archive has another record of people's steps than notify published, or lacks one. */
function isUnpublished(days: Days, { records }: RecordedDay): boolean {
  const isPublic = (one: string) => /^(?:AUDIT|DELEG|STOP)#/.test(one);
  const [archived, published] = [archivedIn(days), records].map((all) =>
    all.map(stripped).filter(isPublic).toSorted().join(),
  );
  return archived !== published;
}

/** Whether messages about a decision name who is said to have made it. */
function tells(): boolean {
  const at = `${DAY}T10:02:00.000Z`;
  const policy = { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } };
  const approvals = [{ person: "bob", surface: "api", at, proof: {} }] as const;
  const { notices } = noticesFor(policy, { ...aRequest(), state: "approved", approvals }, at);
  return notices.some(({ send, facts }) => send && JSON.stringify(facts).includes('"bob"'));
}
