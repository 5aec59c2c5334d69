/** Whether auditing costs the same for each event, however long the record is. */
import { archiveHourWith } from "./audit/archive-hour.ts";
import { itemsReadPerAppend } from "./audit/chain-appends.ts";
import { itemsPerEvent } from "./audit/correlate-items.ts";
import { exportRates } from "./audit/export-rates.ts";
import { exportAndVerify } from "./audit/export-verify.ts";
import { mapToOcsf } from "./audit/ocsf-mapping.ts";
import { sealADay } from "./audit/seal-a-day.ts";
import { boundsReport } from "./bounds-report.ts";
import type { Suite } from "./report.ts";
import type { Figure } from "./storm/figure.ts";

/** The number of requests is the same each time, because memory holds the end of each chain. */
const REQUESTS = 10_000;
const SHORT = 100_000;
const LONG = 1_000_000;
const HOURS = [10_000, 100_000] as const;
const GRANTS = { few: 100, many: 1_000_000 } as const;
const CHAINS = [10, 5_000] as const;
/** In megabytes: half of what `archive` has. */
const MOST_SEAL_MEMORY = 512;
/** In megabytes: what an export and its verification may hold together. */
const MOST_EXPORT_MEMORY = 200;
const MEGABYTE = 1_024 * 1_024;

/**
 * The most that the cost may grow from the smaller size to the larger, tenfold one. One run
 * measures both sizes, since machines differ.
 */
export const MOST_GROWTH = { memory: 1.5, time: 2, reads: 1 } as const;

export const benchAudit: Suite = async (progress) => {
  const figures = [
    ...(await exportFigures(progress)),
    ...(await rateFigures(progress)),
    ...ocsfFigures(progress),
    ...(await archiveFigures(progress)),
    ...(await sealFigures(progress)),
    ...(await chainFigures(progress)),
    ...(await correlateFigures(progress)),
  ];
  return boundsReport(figures, "; time is the processor's", { requests: REQUESTS });
};

type Progress = Parameters<Suite>[0];

async function exportFigures(progress: Progress): Promise<readonly Figure[]> {
  progress(`an export of ${SHORT} events, verified as it comes`);
  const short = await exportAndVerify(REQUESTS, SHORT / REQUESTS);
  progress(`an export of ${LONG} events`);
  const long = await exportAndVerify(REQUESTS, LONG / REQUESTS);
  return [
    {
      ...figure(
        "exportMemory",
        "memory that an export of 1,000,000 events holds",
        long.mostBytes / MEGABYTE,
        "MB",
      ),
      bound: MOST_EXPORT_MEMORY,
    },
    growth(
      "exportMemoryGrowth",
      "the same, to that of 100,000",
      long.mostBytes / short.mostBytes,
      "memory",
    ),
    figure(
      "exportTime",
      "time for an event, to make, export and verify it",
      long.millisPerEvent,
      "ms",
    ),
    growth(
      "exportTimeGrowth",
      "the same, to that of 100,000",
      long.millisPerEvent / short.millisPerEvent,
      "time",
    ),
  ];
}

async function rateFigures(progress: Progress): Promise<readonly Figure[]> {
  progress(`${SHORT} events exported, and then verified`);
  const { exported, verified, toVerifying } = await exportRates(REQUESTS, SHORT / REQUESTS);
  return [
    figure("exportRate", "events exported in a second", exported, "events"),
    figure("verifyRate", "events verified in a second", verified, "events"),
    growth("exportToVerifying", "exporting an event, to verifying it", toVerifying, "time"),
  ];
}

function ocsfFigures(progress: Progress): readonly Figure[] {
  progress(`${SHORT} events in OCSF`);
  const { perSecond, toVerifying } = mapToOcsf(REQUESTS, SHORT / REQUESTS);
  return [
    figure("ocsfRate", "events mapped to OCSF in a second", perSecond, "events"),
    growth("ocsfToVerifying", "mapping an event, to verifying it", toVerifying, "time"),
  ];
}

async function archiveFigures(progress: Progress): Promise<readonly Figure[]> {
  progress(`hours of ${HOURS.join(" and ")} records in the archive`);
  const [small, large] = [await archiveHourWith(HOURS[0]), await archiveHourWith(HOURS[1])];
  return [
    figure("archiveTime", "time for a record, to archive an hour of 100,000", large, "ms"),
    growth("archiveTimeGrowth", "the same, to that of 10,000", large / small, "time"),
  ];
}

async function sealFigures(progress: Progress): Promise<readonly Figure[]> {
  progress(`the seal of a day of ${SHORT} and of ${LONG} records`);
  const [short, long] = [await sealADay(SHORT), await sealADay(LONG)];
  return [
    figure("sealChains", "chains in the seal of a day of 1,000,000 records", long.chains, "events"),
    {
      ...figure("sealMemory", "memory that this seal takes", long.mostBytes / MEGABYTE, "MB"),
      bound: MOST_SEAL_MEMORY,
    },
    figure("sealTime", "time for a record, to seal its day", long.millisPerRecord, "ms"),
    growth(
      "sealTimeGrowth",
      "the same, to that of 100,000",
      long.millisPerRecord / short.millisPerRecord,
      "time",
    ),
  ];
}

async function chainFigures(progress: Progress): Promise<readonly Figure[]> {
  progress(`appends to chains of ${CHAINS.join(" and ")} records`);
  const [short, long] = [await itemsReadPerAppend(CHAINS[0]), await itemsReadPerAppend(CHAINS[1])];
  return [
    growth(
      "appendReads",
      "items that an append reads, to those of a short chain",
      long / short,
      "reads",
    ),
  ];
}

/** Ten grants on each entry, as one person has them; and all grants on one, as a team's role has them. */
async function correlateFigures(progress: Progress): Promise<readonly Figure[]> {
  const { few, many } = GRANTS;
  progress(`events that are correlated beside ${few} and ${many} grants, ten on each entry`);
  const own = await correlateFiguresOf("", 10, 10);
  progress("the same, with all of the grants on one entry");
  return [...own, ...(await correlateFiguresOf("Shared", few, many))];
}

/** @param each how many grants an entry has, where there are few and where there are many */
async function correlateFiguresOf(
  kind: "" | "Shared",
  few: number,
  many: number,
): Promise<readonly Figure[]> {
  const small = await itemsPerEvent({ grants: GRANTS.few, each: few });
  const large = await itemsPerEvent({ grants: GRANTS.many, each: many });
  const where = kind === "" ? "" : ", entry shared by all";
  const most = large.map(({ read, written }, at) => {
    const before = small[at];
    return (read + written) / (before ? before.read + before.written : 0);
  });
  return [
    ...large.flatMap(({ name, what, read, written }) => [
      figure(`reads${kind}.${name}`, `items read for ${what}${where}`, read, "items"),
      figure(`writes${kind}.${name}`, `items written for ${what}${where}`, written, "items"),
    ]),
    growth(
      `correlate${kind}Growth`,
      `the most of these at 1,000,000 grants, to those at 100${where}`,
      Math.max(...most),
      "reads",
    ),
  ];
}

const figure = (name: string, what: string, value: number, unit: Figure["unit"]): Figure => ({
  name: `audit.${name}`,
  what,
  value,
  bound: null,
  unit,
});

const growth = (
  name: string,
  what: string,
  value: number,
  kind: keyof typeof MOST_GROWTH,
): Figure => ({ name: `audit.${name}`, what, value, bound: MOST_GROWTH[kind], unit: "times" });
