/**
 * Archives the records of one hour that the archive does not have yet. A first run, a run after a
 * crash, and a run that looks for late records are the same thing. Memory holds an identity and a
 * hash for each archived record of the hour. It also holds the one part that is being filled.
 */
import { type PartName, partKey } from "../../domain/evidence/archive/archive-keys.ts";
import { type ArchivedRecord, archiveLine } from "../../domain/evidence/archive/archived-record.ts";
import type { Contradiction } from "../../domain/evidence/findings/contradiction.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";

/** A part is full with so many records, or so many characters. */
const RECORDS_A_PART = 10_000;
const CHARACTERS_A_PART = 16 * 1_024 * 1_024;
/** A missing record costs a read of its own. Beyond so many, more of them say nothing new. */
const MOST_LOOKED_UP = 100;

type HourPorts = Pick<ArchivePorts, "records" | "store">;

export interface HourReport {
  /** Records that were added to the archive. */
  readonly added: number;
  readonly contradictions: readonly Contradiction[];
}

/**
 * @param sealDay the day whose seal will cover what is added
 * @param parts what the archive has of this hour, under any day
 */
export async function archiveHour(
  { records, store }: HourPorts,
  hour: string,
  sealDay: string,
  parts: readonly PartName[],
): Promise<HourReport> {
  const archived = await archivedIn(store, parts);
  const contradictions: Contradiction[] = [];
  const writer = partWriter(store, hour, sealDay, parts);
  for await (const one of records.ofHour(hour)) {
    const { chain, record } = one;
    const line = archiveLine(one);
    const known = archived.get(identity(one));
    archived.delete(identity(one));
    if (known === undefined) await writer.add(line);
    else if (known !== sha256(line))
      contradictions.push({ chain, seq: record.seq, what: "changed" });
  }
  // An hour without records has an empty part, which says that it was read.
  await writer.end(parts.length === 0);
  return {
    added: writer.added(),
    contradictions: [...contradictions, ...(await goneFrom(records, archived))],
  };
}

const identity = ({ chain, record }: ArchivedRecord) => `${chain} ${record.seq}`;

async function archivedIn(
  store: HourPorts["store"],
  parts: readonly PartName[],
): Promise<Map<string, string>> {
  const archived = new Map<string, string>();
  for (const part of parts)
    for await (const line of (await store.read(partKey(part))) ?? [])
      archived.set(identity(JSON.parse(line) as ArchivedRecord), sha256(line));
  return archived;
}

/** Fills parts, and numbers them after those that are there. */
function partWriter(
  store: HourPorts["store"],
  hour: string,
  sealDay: string,
  parts: readonly PartName[],
) {
  const taken = parts.filter((part) => part.sealDay === sealDay).map((part) => part.number);
  let number = Math.max(0, ...taken);
  let lines: string[] = [];
  let characters = 0;
  let added = 0;
  const flush = async () => {
    number += 1;
    await store.put(partKey({ sealDay, hour, number }), lines);
    added += lines.length;
    lines = [];
    characters = 0;
  };
  return {
    added: () => added,
    async add(line: string) {
      lines.push(line);
      characters += line.length;
      if (lines.length >= RECORDS_A_PART || characters >= CHARACTERS_A_PART) await flush();
    },
    async end(evenEmpty: boolean) {
      if (lines.length > 0 || (evenEmpty && added === 0)) await flush();
    },
  };
}

/** What the index no longer lists is read once more from the table, which is never behind. */
async function goneFrom(
  records: HourPorts["records"],
  left: ReadonlyMap<string, string>,
): Promise<readonly Contradiction[]> {
  const gone: Contradiction[] = [];
  for (const [id, hash] of [...left].slice(0, MOST_LOOKED_UP)) {
    const at = id.lastIndexOf(" ");
    const [chain, seq] = [id.slice(0, at), Number(id.slice(at + 1))];
    const found = await records.find(chain, seq);
    if (!found) gone.push({ chain, seq, what: "missing" });
    else if (sha256(archiveLine(found)) !== hash) gone.push({ chain, seq, what: "changed" });
  }
  return gone;
}
