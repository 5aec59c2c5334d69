/**
 * Complete readings of standing access, on record: items `STANDING#<cluster ARN>` of the audit table. They are never
 * changed. A record has the hash of what was found, and when. Pure. Instants are ISO 8601 UTC.
 */
import { canonicalJson, sha256 } from "../values/canonical-json.ts";
import { isInstant, plusSeconds, secondsBetween } from "../values/instant.ts";
import type { ClusterSetup } from "./cluster-setup.ts";
import type { StandingEntry } from "./standing-entry.ts";

/** A complete reading, as its record says. */
export interface ReadingDetails {
  readonly passId: string;
  readonly startedAt: string;
  readonly completedAt: string;
  /** How many entries were read, and how many of them grants explain. */
  readonly read: number;
  readonly explained: number;
  /** The cluster as EKS described it then; null if it knew no such cluster. */
  readonly cluster: ClusterSetup | null;
  /** SHA-256 of the text of the content; null where that is larger than the archive keeps. */
  readonly content: string | null;
  /** For each entry of the content, in its order: when it was read, in milliseconds after `startedAt`. */
  readonly readAfter: readonly number[];
}

/** Everything that a reading found, but for the times: two readings of the same have the same content. */
export interface ReadingContent {
  /** One entry each, sorted by principal, in RFC 8785 form. */
  readonly lines: readonly string[];
  /** The entries of these lines, in the same order. */
  readonly entries: readonly StandingEntry[];
}

/** The most characters of a content. 3,000 entries as people make them have two million. */
export const MOST_CHARACTERS = 16 * 1_024 * 1_024;

/**
 * Puts the entries of a pass into their order. A pass that was broken off may have read one twice: the last read counts.
 *
 * @param most characters
 * @returns undefined where it is larger than that: by default, than the archive keeps
 */
export async function contentOf(
  entries: AsyncIterable<StandingEntry>,
  most = MOST_CHARACTERS,
): Promise<ReadingContent | undefined> {
  const found = new Map<string, { readonly line: string; readonly entry: StandingEntry }>();
  let characters = 0;
  for await (const entry of entries) {
    const before = found.get(entry.principalArn);
    if (before && before.entry.readAt >= entry.readAt) continue;
    const line = lineOf(entry);
    characters += line.length - (before?.line.length ?? 0);
    if (characters > most) return undefined;
    found.set(entry.principalArn, { line, entry });
  }
  const sorted = [...found.values()].sort((a, b) =>
    byText(a.entry.principalArn, b.entry.principalArn),
  );
  return { lines: sorted.map(({ line }) => line), entries: sorted.map(({ entry }) => entry) };
}

/** Whether two reads of an entry found the same. */
export const isSameEntry = (one: StandingEntry, other: StandingEntry): boolean =>
  lineOf(one) === lineOf(other);

/** The hash under which lines are kept: of their text, a line end behind each. */
export const contentHash = (lines: readonly string[]): string =>
  sha256(lines.map((line) => `${line}\n`).join(""));

/** AWS answers lists in any order, which makes no other content. */
function lineOf({ readAt: _, ...entry }: StandingEntry): string {
  const { policies, groups, claimedBy } = entry;
  return canonicalJson({
    ...entry,
    policies: policies.toSorted((a, b) => byText(a.policyArn, b.policyArn)),
    groups: groups.toSorted(byText),
    ...(claimedBy ? { claimedBy: claimedBy.toSorted(byText) } : {}),
  });
}

const byText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

/** When each entry was read, as a record has it. */
export const readAfterOf = (
  { entries }: Pick<ReadingContent, "entries">,
  startedAt: string,
): readonly number[] =>
  entries.map(({ readAt }) => Math.round(secondsBetween(startedAt, readAt) * 1_000));

/**
 * The entries of a content whose hash was verified, each with its own time.
 *
 * @returns undefined where they are no entries, or not as many as the record has times
 */
export function entriesIn(
  lines: readonly string[],
  { startedAt, readAfter }: Pick<ReadingDetails, "startedAt" | "readAfter">,
): readonly StandingEntry[] | undefined {
  if (lines.length !== readAfter.length) return undefined;
  const entries = lines.map((line, at) => {
    const entry = parsed(line);
    const readAt = plusSeconds(startedAt, (readAfter[at] ?? 0) / 1_000);
    return isEntry(entry) ? { ...entry, readAt } : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

type Loose = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Loose => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(isText);

/** A taken-over `standing` may have stored anything under a hash that fits. */
function isEntry(value: unknown): value is Omit<StandingEntry, "readAt"> {
  if (!isObject(value)) return false;
  const { policies, groups, claimedBy = [], tagged, isCut } = value;
  const names = ["principalArn", "kind", "type", "username", "createdAt", "principal", "power"];
  const areFlags = typeof tagged === "boolean" && typeof isCut === "boolean";
  return (
    names.every((name) => isText(value[name])) &&
    areFlags &&
    isTexts(groups) &&
    isTexts(claimedBy) &&
    Array.isArray(policies) &&
    policies.every(isPolicy)
  );
}

const isPolicy = (value: unknown): boolean =>
  isObject(value) &&
  isText(value["policyArn"]) &&
  isText(value["power"]) &&
  isTexts(value["elements"]);

const HASH = /^[0-9a-f]{64}$/;
const AUTHENTICATION = new Set(["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"]);

/** Whether details are those of a reading: archive and whoever verifies believe nobody's form. */
export function isReadingDetails(value: unknown): value is ReadingDetails {
  if (!isObject(value)) return false;
  const { passId, startedAt, completedAt, read, explained, cluster, content, readAfter } = value;
  const areTimes = isInstant(startedAt) && isInstant(completedAt) && startedAt <= completedAt;
  const isContent = content === null || (isText(content) && HASH.test(content));
  return (
    isText(passId) &&
    areTimes &&
    isContent &&
    isWhole(read) &&
    isWhole(explained) &&
    (cluster === null || isSetup(cluster)) &&
    Array.isArray(readAfter) &&
    readAfter.every((one) => isWhole(one))
  );
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value);

const isSetup = (value: unknown): boolean =>
  isObject(value) &&
  isInstant(value["createdAt"]) &&
  isText(value["authenticationMode"]) &&
  AUTHENTICATION.has(value["authenticationMode"]) &&
  (value["version"] === null || isText(value["version"])) &&
  typeof value["auditLog"] === "boolean";
