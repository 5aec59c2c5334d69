/**
 * Archives the records of one hour that the archive does not have yet. A first run, a run after a
 * crash, and a run that looks for late records are the same thing. Memory holds an identity and a
 * hash for each archived record of the hour. It also holds the one part that is being filled.
 */
import { contentKey, type PartName, partKey } from "../../domain/evidence/archive/archive-keys.ts";
import {
  type ArchivedRecord,
  archivedRecordIn,
  archiveLine,
} from "../../domain/evidence/archive/archived-record.ts";
import type { Contradiction } from "../../domain/evidence/findings/contradiction.ts";
import { sha256 } from "../../domain/values/canonical-json.ts";
import { ArchiveUnreadable } from "../../ports/archive-store.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";
import { isReading, keepContent } from "./keep-content.ts";

/** A part is full with this number of records, or of characters. */
const RECORDS_A_PART = 10_000;
const CHARACTERS_A_PART = 16 * 1_024 * 1_024;
/** A missing record costs a read of its own. Beyond this number, more of them say nothing new. */
const MOST_LOOKED_UP = 100;

type HourPorts = Pick<ArchivePorts, "records" | "standing" | "store" | "clock">;

export interface HourReport {
  /** Records that were added to the archive. */
  readonly added: number;
  readonly contradictions: readonly Contradiction[];
  /** SHA-256 of each archived line that the table does not have so. */
  readonly disputed: ReadonlySet<string>;
  /** Keys of items that are listed among the records of the hour, and are no records in their places. */
  readonly foreign: readonly string[];
  /** Keys of parts that have a line that is no record, or no lines at all. They count for nothing. */
  readonly unreadable: readonly string[];
  /** Keys of the other parts of the hour, those that were added included. */
  readonly readable: readonly string[];
  readonly contents: ContentReport;
}

/** Whether the archive has the lists that readings of the hour found. */
interface ContentReport {
  /** Keys of objects in the place of a content, which do not fit its hash. */
  readonly refused: readonly string[];
  /** Readings whose content the table does not have any more though it should, as `chain seq`. */
  readonly lost: readonly string[];
  /** Hashes of contents that the archive does not have, for whatever reason. */
  readonly without: readonly string[];
}

/**
 * @param sealDay the day whose seal will cover what is added
 * @param parts what the archive has of this hour, under any day
 */
export async function archiveHour(
  ports: HourPorts,
  hour: string,
  sealDay: string,
  parts: readonly PartName[],
): Promise<HourReport> {
  const { records, store } = ports;
  const { archived, unreadable, readable } = await archivedIn(store, parts);
  const contents = contentKeeper(ports);
  const contradictions: Contradiction[] = [];
  const writer = partWriter(store, hour, sealDay, parts);
  const disputed = new Set<string>();
  const foreign: string[] = [];
  const isForeign = (key: string) => foreign.push(key);
  for await (const one of records.ofHour(hour, isForeign)) {
    const { chain, record } = one;
    await contents.keep(one);
    const line = archiveLine(one);
    const known = archived.get(identity(one));
    archived.delete(identity(one));
    if (known === undefined) {
      await writer.add(line);
      continue;
    }
    known.delete(sha256(line));
    if (known.size > 0) contradictions.push({ chain, seq: record.seq, what: "changed" });
    for (const hash of known) disputed.add(hash);
  }
  // An hour without records has an empty part, which says that it was read.
  await writer.end(readable.length === 0);
  const gone = await goneFrom(records, archived);
  return {
    added: writer.added(),
    contradictions: [...contradictions, ...gone.contradictions],
    disputed: new Set([...disputed, ...gone.disputed]),
    foreign,
    unreadable,
    readable: [...readable, ...writer.keys()],
    contents: contents.report(),
  };
}

function contentKeeper(ports: HourPorts) {
  const refused: string[] = [];
  const lost: string[] = [];
  const without: string[] = [];
  return {
    report: (): ContentReport => ({ refused, lost, without }),
    async keep(one: ArchivedRecord) {
      if (!isReading(one)) return;
      const { state, hash } = await keepContent(ports, one);
      if (state === "lost") lost.push(identity(one));
      if (hash === undefined || state === "kept") return;
      if (state === "refused") refused.push(contentKey(hash));
      without.push(hash);
    },
  };
}

const identity = ({ chain, record }: ArchivedRecord) => `${chain} ${record.seq}`;

/** By identity, the hash of each line. There is one, unless somebody put another one beside it. */
type ArchivedLines = ReadonlyMap<string, ReadonlySet<string>>;

interface ArchivedHour extends Pick<HourReport, "unreadable" | "readable"> {
  readonly archived: Map<string, Set<string>>;
}

/** A part that is not as archive writes it is left out as a whole: whoever verifies cannot read it either. */
async function archivedIn(
  store: HourPorts["store"],
  parts: readonly PartName[],
): Promise<ArchivedHour> {
  const archived = new Map<string, Set<string>>();
  const [unreadable, readable]: [string[], string[]] = [[], []];
  for (const key of parts.map(partKey)) {
    const lines = await linesOfPart(store, key);
    (lines ? readable : unreadable).push(key);
    for (const [hash, id] of lines ?? [])
      archived.set(id, (archived.get(id) ?? new Set()).add(hash));
  }
  return { archived, unreadable, readable };
}

/** By hash, the identity of each line; undefined where the part is not as archive writes it. */
async function linesOfPart(
  store: HourPorts["store"],
  key: string,
): Promise<ReadonlyMap<string, string> | undefined> {
  const lines = new Map<string, string>();
  try {
    for await (const line of (await store.read(key)) ?? []) {
      const one = archivedRecordIn(line);
      if (!one) return undefined;
      lines.set(sha256(line), identity(one));
    }
  } catch (error) {
    if (error instanceof ArchiveUnreadable) return undefined;
    throw error;
  }
  return lines;
}

/** Fills parts, under the first numbers that are free: others may have put a part under any number. */
function partWriter(
  store: HourPorts["store"],
  hour: string,
  sealDay: string,
  parts: readonly PartName[],
) {
  const taken = new Set(parts.map(partKey));
  const keys: string[] = [];
  let number = 0;
  let lines: string[] = [];
  let characters = 0;
  let added = 0;
  const flush = async () => {
    let key: string;
    do key = partKey({ sealDay, hour, number: ++number });
    while (taken.has(key));
    await store.put(key, lines);
    keys.push(key);
    added += lines.length;
    lines = [];
    characters = 0;
  };
  return {
    added: () => added,
    keys: () => keys,
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

/**
 * Reads records that the index no longer lists from the table, which is never behind. Beyond a
 * number of records that nobody lost by accident, the rest counts as gone without a look.
 */
async function goneFrom(
  records: HourPorts["records"],
  left: ArchivedLines,
): Promise<Pick<HourReport, "contradictions" | "disputed">> {
  const contradictions: Contradiction[] = [];
  const disputed = new Set<string>();
  for (const [at, [id, hashes]] of [...left].entries()) {
    const space = id.lastIndexOf(" ");
    const [chain, seq] = [id.slice(0, space), Number(id.slice(space + 1))];
    const found = at < MOST_LOOKED_UP ? await records.find(chain, seq) : undefined;
    const own = found && sha256(archiveLine(found));
    const wrong = [...hashes].filter((hash) => hash !== own);
    for (const hash of wrong) disputed.add(hash);
    if (wrong.length > 0 && at < MOST_LOOKED_UP)
      contradictions.push({ chain, seq, what: found ? "changed" : "missing" });
  }
  return { contradictions, disputed };
}
