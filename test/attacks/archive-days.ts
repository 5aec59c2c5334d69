/**
 * A day of records in the archive, hour by hour, where somebody forges them once: before their hour
 * is archived, after that, or once their day is sealed.
 */
import { fixedClock } from "../../lab/fakes/fixed-clock.ts";
import { memoryArchiveStore } from "../../lab/fakes/memory-archive-store.ts";
import { memoryCosigner } from "../../lab/fakes/memory-cosigner.ts";
import { type MemorySigner, memorySigner } from "../../lab/fakes/memory-signer.ts";
import { storedEvent, storedInChain } from "../../shared/aws/dynamodb/audit/stored-record.ts";
import { padded } from "../../shared/aws/dynamodb/keys.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import { archive } from "../../shared/usecases/evidence/archive.ts";
import { isBehind, witnessArchive } from "../../shared/usecases/evidence/witness-archive.ts";
import { DAY, type RecordedDay } from "./recorded-day.ts";

export const MOMENTS = ["fresh", "archived", "sealed"] as const;
export type Moment = (typeof MOMENTS)[number];

/** When somebody forges: before 11:10, when the hour of the records is archived; after it; after 01:10 of the next day. */
export const INSTANTS: Readonly<Record<Moment, string>> = {
  fresh: `${DAY}T10:50:00.000Z`,
  archived: `${DAY}T11:40:00.000Z`,
  sealed: "2026-11-25T02:40:00.000Z",
};
const FIRST_RUN = `${DAY}T11:10:00.000Z`;
export const LAST_RUN = "2026-11-27T02:10:00.000Z";
const HOUR_SECONDS = 3_600;

/** An audit table with its archive, as somebody may change them. */
export interface World {
  readonly day: RecordedDay;
  /** Records that are listed by their hours. */
  readonly table: ArchivedRecord[];
  /** Records that stand in their chains, and in no list. */
  readonly hidden: ArchivedRecord[];
  readonly store: ReturnType<typeof memoryArchiveStore>;
  /** The key, as whoever may use it signs with it. */
  readonly signer: MemorySigner;
  /** The table as code in the place of archive's own pretends that it is; absent: the table. */
  lies?: readonly ArchivedRecord[];
  /** The clock's time when somebody forges. */
  readonly now: string;
}

/** The world at the end, with the answers of functions after the forgery. */
export interface Days extends World {
  /** Hours from the forgery to the first alarm of archive; undefined where there is no such alarm. */
  readonly alarmedAfter: number | undefined;
  /** The first refusal of the witness, or that it finds no seals; undefined where it cosigned all. */
  readonly witnessed: string | undefined;
}

const KEY = memorySigner();
const SEAL_KEY = await KEY.key();

/** @param forge called once, at the moment. @param runs false where archive's own code is not run from then on */
export async function archivedDays(
  day: RecordedDay,
  moment: Moment,
  forge: (world: World) => unknown,
  runs = true,
): Promise<Days> {
  const world = worldOf(day, INSTANTS[moment]);
  const clock = fixedClock(FIRST_RUN);
  const witness = witnessOf(world, clock);
  let alarmedAfter: number | undefined;
  let witnessed: string | undefined;
  let isForged = false;
  for (; clock.now() <= LAST_RUN; clock.advance(HOUR_SECONDS)) {
    if (!isForged && clock.now() > world.now) {
      await forge(world);
      isForged = true;
    }
    const alarms = !isForged || runs ? await alarmsOf(world, clock) : 0;
    const refused = await witness();
    if (!isForged) continue;
    if (alarms > 0) alarmedAfter ??= hoursBetween(world.now, clock.now());
    witnessed ??= refused;
  }
  return { ...world, alarmedAfter, witnessed };
}

const hoursBetween = (from: string, to: string) =>
  Math.ceil((Date.parse(to) - Date.parse(from)) / (HOUR_SECONDS * 1_000));

const worldOf = (day: RecordedDay, now: string): World => ({
  ...{ day, now, table: [...day.records], hidden: [] },
  ...{ store: memoryArchiveStore(), signer: KEY },
});

/** Whether whoever reads the table takes it for a record there, as the stores judge. */
export function isInItsPlace({ chain, record }: ArchivedRecord): boolean {
  const item = { pk: chain, sk: padded(record.seq) };
  const found = chain.startsWith("AUDIT#")
    ? storedEvent({ ...item, event: record })
    : storedInChain({ ...item, record });
  return found !== undefined;
}

/** One run of archive. @returns how much counts for ChainWentBack, or one for a failed run */
async function alarmsOf(world: World, clock: ReturnType<typeof fixedClock>): Promise<number> {
  const { hidden, store, signer, day, lies: table = world.table } = world;
  const records = {
    since: async () => `${DAY}T09:00:00.000Z`,
    async *ofHour(hour: string, isForeign: (key: string) => void) {
      for (const one of table.filter(({ record }) => record.at.startsWith(hour)))
        if (isInItsPlace(one)) yield one;
        else isForeign(one.chain);
    },
    find: async (chain: string, seq: number) =>
      [...table, ...hidden].find((one) => one.chain === chain && one.record.seq === seq),
  };
  try {
    const report = await archive(
      { records, store, signer, clock, standing: day.standing },
      () => false,
    );
    const { contradictions, refused, foreign, lost } = report;
    return [contradictions, refused, foreign, lost].flat().length;
  } catch {
    return 1;
  }
}

/** The auditor's witness, which first looks on the day after the first seal. */
function witnessOf({ store }: World, clock: ReturnType<typeof fixedClock>) {
  const ports = { archive: store, kept: memoryArchiveStore(), cosigner: memoryCosigner(), clock };
  const first = plusSeconds(`${DAY}T02:00:00.000Z`, 24 * HOUR_SECONDS);
  return async (): Promise<string | undefined> => {
    if (clock.now() < first) return undefined;
    const report = await witnessArchive(ports, { sealKey: SEAL_KEY, name: "auditors.example" });
    if (report.state === "refused") return report.why;
    return isBehind(report, clock.now()) ? "behind" : undefined;
  };
}

export { SEAL_KEY };
