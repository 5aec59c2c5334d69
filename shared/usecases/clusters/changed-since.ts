import { findingChain } from "../../domain/evidence/findings/finding-record.ts";
import {
  type ChangedEntry,
  changedBetween,
  datedChanges,
  MOST_CHANGED,
  type WholeReading,
} from "../../domain/standing/changed-between.ts";
import { contentOf } from "../../domain/standing/reading.ts";
import type { CompletePass } from "../../domain/standing/standing-record.ts";
import type { StandingThen } from "../../domain/standing/standing-then.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";

/** Standing access at an instant, with what the reading after it found differently. */
export interface ChangedThen extends StandingThen {
  /** Null where the two lists are too large to compare. */
  readonly changed: readonly ChangedEntry[] | null;
}

type ChangePorts = Pick<ApiPorts, "standing" | "evidence">;

/** A list of more characters is not compared while somebody waits: it has some 5,000 entries. */
const MOST_COMPARED = 4 * 1_024 * 1_024;
/** How many of the last records of a chain of findings are looked at. Without an older one, a change counts as undated. */
const MOST_RECORDS = 1_000;

/** Compares the two readings around an instant, unless their hashes say that they found the same. */
export async function withChanges(
  ports: ChangePorts,
  clusterArn: string,
  then: StandingThen,
  at: string,
): Promise<ChangedThen> {
  const { pass, following, unknown } = then;
  if (!pass || !following || unknown !== null || hasSame(pass, following))
    return { ...then, changed: [] };
  const changed = await changesBetween(ports, clusterArn, [pass, following], at);
  const isKnown = changed !== null && changed.length === 0;
  return { ...then, changed, unknown: isKnown ? null : "changed" };
}

/** A reading of an earlier release has no hash. */
const hasSame = (pass: CompletePass, following: CompletePass): boolean =>
  typeof pass.content === "string" && pass.content === following.content;

async function changesBetween(
  ports: ChangePorts,
  clusterArn: string,
  [pass, following]: readonly [CompletePass, CompletePass],
  at: string,
): Promise<readonly ChangedEntry[] | null> {
  const before = await wholeReading(ports, clusterArn, pass);
  const after = before && (await wholeReading(ports, clusterArn, following));
  if (!before || !after) return null;
  const chains = [pass.startedAt, following.completedAt].map((each) =>
    findingChain(clusterArn, each),
  );
  const records = await Promise.all(
    [...new Set(chains)].map((chain) => ports.evidence.latestFindings(chain, MOST_RECORDS)),
  );
  const changes = datedChanges(records.flat());
  return changedBetween(before, after, changes, at).slice(0, MOST_CHANGED);
}

async function wholeReading(
  { standing }: ChangePorts,
  clusterArn: string,
  { passId, startedAt, completedAt }: CompletePass,
): Promise<WholeReading | undefined> {
  const found = await contentOf(standing.all(clusterArn, passId), MOST_COMPARED);
  return found && { startedAt, completedAt, entries: found.entries };
}
