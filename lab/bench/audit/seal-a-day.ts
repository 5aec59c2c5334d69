import { type PartName, partKey } from "../../../shared/domain/evidence/archive/archive-keys.ts";
import { archiveLine } from "../../../shared/domain/evidence/archive/archived-record.ts";
import type { ArchiveStore } from "../../../shared/ports/archive-store.ts";
import { sealDay } from "../../../shared/usecases/evidence/seal-day.ts";
import { memorySigner } from "../../fakes/memory-signer.ts";
import { cpuMillis, liveBytes } from "./live-memory.ts";
import { histories } from "./long-history.ts";

const DAY = "2026-11-24";
/** The number that `archive` puts into one object. */
const PART = 10_000;
/** Events of one request: asked, approved, active, some calls, over. */
const EACH = 10;

export interface SealRun {
  /** Chains that changed on the day. */
  readonly chains: number;
  /** The most bytes that sealing held at once, the text of the seal included. */
  readonly mostBytes: number;
  /** Milliseconds of processor time for a record, its making included. */
  readonly millisPerRecord: number;
}

/**
 * Seals a day of `records` records, which are made as they are read. @throws Error where a record
 * is lost
 */
export async function sealADay(records: number): Promise<SealRun> {
  const parts = Array.from(
    { length: Math.ceil(records / PART) },
    (_, at): PartName => ({ sealDay: DAY, hour: `${DAY}T10`, number: at + 1 }),
  );
  const before = liveBytes();
  let mostBytes = 0;
  let looking = 0;
  const look = () => {
    const began = cpuMillis();
    mostBytes = Math.max(mostBytes, liveBytes() - before);
    looking += cpuMillis() - began;
  };
  const began = cpuMillis();
  const store = storeOf(records, parts.map(partKey), look);
  const { sealed, contradictions } = await sealDay({ store, signer: memorySigner() }, DAY, {
    parts,
    before: undefined,
    disputed: new Set(),
    withoutContent: [],
  });
  const counted = Object.values(sealed.seal.counts).reduce((sum, count) => sum + count, 0);
  if (counted !== records || contradictions.length > 0)
    throw new Error(`Of ${records} records, ${counted} were sealed.`);
  const millisPerRecord = (cpuMillis() - began - looking) / records;
  return { chains: sealed.seal.size, mostBytes, millisPerRecord };
}

/** An archive whose parts are read once, in order. It looks at memory now and then, and at the end. */
function storeOf(records: number, keys: readonly string[], look: () => void): ArchiveStore {
  const events = histories(records / EACH, EACH);
  const every = Math.ceil(keys.length / 10);
  async function* linesOf(key: string) {
    if (keys.indexOf(key) % every === 0) look();
    for (let count = 0; count < PART; count += 1) {
      const { done, value } = events.next();
      if (done) return;
      yield archiveLine({ chain: `AUDIT#${value.requestId}`, record: value });
    }
  }
  return {
    read: async (key) => (keys.includes(key) ? linesOf(key) : undefined),
    put: async () => look(),
    list: async () => keys,
  };
}
