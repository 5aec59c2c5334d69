/**
 * Seals one day: the tips of all chains that changed, signed. Memory holds one line at a time, and
 * one tip for each chain of the day and the day before.
 */
import { type PartName, partKey, sealKey } from "../../domain/evidence/archive/archive-keys.ts";
import { type ArchivedRecord, countedType } from "../../domain/evidence/archive/archived-record.ts";
import {
  type ChainTip,
  type DayContent,
  dayOf,
  type SealedDay,
  sealOf,
  sealText,
} from "../../domain/evidence/archive/seal.ts";
import type { Contradiction } from "../../domain/evidence/findings/contradiction.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";

type SealPorts = Pick<ArchivePorts, "store" | "signer">;

/** The parts that a day is sealed from. */
interface DayParts {
  /** All parts that are filed under the day and were compared with the table. */
  readonly parts: readonly PartName[];
  /** The day before, sealed and verified; undefined for the first day. */
  readonly before: SealedDay | undefined;
  /** SHA-256 of each line that the table does not have so. The seal names them, and covers none. */
  readonly disputed: ReadonlySet<string>;
  /** Hashes of what readings found that the archive could not get. */
  readonly withoutContent: readonly string[];
}

export async function sealDay(
  { store, signer }: SealPorts,
  day: string,
  { parts, before, disputed, withoutContent }: DayParts,
): Promise<{ readonly sealed: SealedDay; readonly contradictions: readonly Contradiction[] }> {
  const content = dayContent(day, before?.tips ?? []);
  const named: ChainTip[] = [];
  for (const part of parts)
    for await (const line of (await store.read(partKey(part))) ?? []) {
      const one = JSON.parse(line) as ArchivedRecord;
      const { seq, hash } = one.record;
      if (disputed.size > 0 && disputed.has(sha256(line)))
        named.push({ chain: one.chain, seq, hash });
      else content.add(one);
    }
  const { contradictions, ...found } = content.end();
  const { fingerprint: key } = await signer.key();
  const about = { day, key, before: before?.seal, disputed: named, withoutContent };
  const { seal, tips } = sealOf({ ...about, ...found });
  const sealed: SealedDay = { seal, signature: await signer.sign(sealText(seal)), tips };
  await store.put(sealKey(day), [JSON.stringify(sealed)]);
  return { sealed, contradictions };
}

type Content = Pick<DayContent, "tips" | "policyHashes" | "counts" | "late"> & {
  readonly contradictions: readonly Contradiction[];
};

function dayContent(day: string, before: readonly ChainTip[]) {
  const earlier = new Map(before.map((tip) => [tip.chain, tip]));
  const tips = new Map<string, ChainTip>();
  const policyHashes = new Set<string>();
  const counts: Record<string, number> = {};
  const late: DayContent["late"][number][] = [];
  const contradictions: Contradiction[] = [];
  return {
    add(one: ArchivedRecord) {
      const { chain, record } = one;
      const { seq, hash, at, policyHash } = record;
      counts[countedType(one)] = (counts[countedType(one)] ?? 0) + 1;
      if (policyHash !== undefined) policyHashes.add(policyHash);
      if (dayOf(at) !== day) late.push({ chain, seq, day: dayOf(at) });
      const tip = tips.get(chain) ?? earlier.get(chain);
      const what = tip && contradicts(tip, record);
      if (what) contradictions.push({ chain, seq, what });
      else if (tip === undefined || seq > tip.seq) tips.set(chain, { chain, seq, hash });
    },
    end: (): Content => ({
      tips: [...tips.values()],
      policyHashes: [...policyHashes],
      counts,
      late,
      contradictions,
    }),
  };
}

/**
 * Records of one chain may come out of order, so a smaller number by itself contradicts nothing.
 */
function contradicts(
  tip: ChainTip,
  { seq, hash, previousHash }: ArchivedRecord["record"],
): Contradiction["what"] | undefined {
  if (seq === tip.seq && hash !== tip.hash) return "changed";
  return seq === tip.seq + 1 && previousHash !== tip.hash ? "unlinked" : undefined;
}
