/** Decides what happens to the live grants, by checking who would get access, and where. */
import { isThere, type Sighting } from "../../domain/entries/proof.ts";
import { type Admitted, admitGrants, NOTHING_ADMITTED } from "./admit-grants.ts";
import { learn } from "./learn.ts";
import { withRoom } from "./ledger-room.ts";
import type { Subject } from "./look-up-subject.ts";
import { type Histories, type LookUps, lookUp, UNASKED } from "./look-ups.ts";
import type { Look } from "./looks.ts";
import { confirmSubject } from "./obstacle.ts";
import type { PartOf } from "./pass.ts";
import { liveIn, type Snapshot, snapshotOf } from "./snapshot.ts";

export interface Judged {
  readonly subject: Subject | undefined;
  readonly judged: Admitted;
  readonly wakeAt: readonly string[];
  readonly outdated: Outdated;
  /** Ids of grants that have not begun, and whose end people noted. */
  readonly noted: readonly string[];
}

/** Ids of grants whose history goes on beyond their record, each with the latest version that it does so for. */
type Outdated = readonly (readonly [id: string, upTo: number])[];

const NOBODY: Judged = {
  subject: undefined,
  judged: NOTHING_ADMITTED,
  wakeAt: [],
  outdated: [],
  noted: [],
};

/** The part of a pass that judges grants. */
type Judge = PartOf<"grants" | "held" | "now" | "journal" | "stopped", "policy" | "settings"> &
  Parameters<typeof lookUp>[0];

/**
 * Looks up the principal and cluster if a grant is live. A removal needs neither.
 *
 * @param early look-ups that began while the entry was read
 */
export async function judgeGrants(
  pass: Judge,
  { seen, obstacle }: Look,
  early?: Promise<LookUps>,
): Promise<Judged> {
  const { ports, stopped, run } = pass;
  const { policy, settings } = ports;
  const under = { policy, settings, stopped };
  const known = snapshotOf(pass);
  if (liveIn(known).length === 0) return NOBODY;
  if (obstacle) {
    const admitted = admitGrants(known, { ...UNASKED, obstacle }, under);
    return { ...NOBODY, judged: withRoom(known, settings, admitted) };
  }
  if (!seen) return NOBODY;
  const isBeginning = known.open.some(({ state }) => state === "approved");
  const isMissing = isAnythingMissing(known, seen);
  // An earlier run may have learned the entry of another cluster, and broken off before it asked about that.
  const asksCluster =
    isBeginning || isMissing || seen.sight !== "same" || known.ledger.doubt !== null;
  const asksHistories = !run.isDriftCheck || isMissing;
  const asks = { cluster: asksCluster, histories: asksHistories };
  const found = await (early ?? lookUp(pass, known, asks));
  const { subject, histories } = found;
  const { ledger, certain, againAt } = confirmSubject(known.ledger, subject, {
    entry: seen.reading.entry,
    clusterName: pass.entry.address.cluster.name,
    lag: settings,
  });
  learn(pass, { ledger });
  const now = snapshotOf(pass);
  return {
    subject,
    judged: withRoom(now, settings, admitGrants(now, { ...found, obstacle: certain }, under), seen),
    wakeAt: againAt === undefined ? [] : [againAt],
    outdated: histories ? outdatedBy(now, histories) : [],
    noted: [...(histories ?? [])].flatMap(([id, verdict]) => (verdict === "noted" ? id : [])),
  };
}

/**
 * Grants whose record is an old one. An event beyond the record of a begun grant may have been stored between the
 * two reads: then the next pass reads a later version. If it does not, somebody took the places of the grant's
 * events, and nobody could store a step to end it early.
 */
const outdatedBy = ({ open, ledger }: Snapshot, histories: Histories): Outdated =>
  open.flatMap(({ id, version }) => {
    const history = histories.get(id);
    if (history === "over") return [[id, Number.POSITIVE_INFINITY] as const];
    const isBegun = Object.hasOwn(ledger.begun, id);
    return history === "later" && isBegun ? [[id, version] as const] : [];
  });

/** A drift check that finds all access in place adds nothing, and most find it so. */
const isAnythingMissing = ({ entitlements, ledger }: Snapshot, seen: Sighting): boolean =>
  entitlements.some((own) => own.isLive && !isThere(own, ledger, seen));
