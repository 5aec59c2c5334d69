/** Decides what happens to the live grants, by checking who would get access, and where. */

import { kept } from "../../domain/entries/bounds.ts";
import type { Refusal } from "../../domain/entries/ledger.ts";
import { isThere, type Sighting } from "../../domain/entries/proof.ts";
import { type Admitted, admitGrants } from "./admit-grants.ts";
import { withRoom } from "./ledger-room.ts";
import type { Histories } from "./look-up-records.ts";
import type { Subject } from "./look-up-subject.ts";
import { type LookUps, lookUp, UNASKED } from "./look-ups.ts";
import type { Look } from "./looks.ts";
import { confirmSubject } from "./obstacle.ts";
import { entitlementsIn, type Pass } from "./pass.ts";

export interface Judged {
  readonly subject: Subject | undefined;
  readonly judged: Admitted;
  readonly wakeAt: readonly string[];
  readonly outdated: Outdated;
}

/** Ids of grants whose history goes on beyond their record, each with the latest version that it does so for. */
type Outdated = readonly (readonly [id: string, upTo: number])[];

const NOBODY: Admitted = {
  admitted: new Set(),
  refused: new Map(),
  withdrawn: new Map(),
  isWaiting: false,
};

/** Looks up the principal and cluster if a grant is live. A removal needs neither. */
export async function judgeGrants(
  pass: Pass,
  look: Look,
  early?: Promise<LookUps>,
): Promise<Judged> {
  const live = entitlementsIn(pass).filter(({ isLive }) => isLive);
  const nobody: Judged = { subject: undefined, judged: NOBODY, wakeAt: [], outdated: [] };
  if (live.length === 0) return nobody;
  if (look.obstacle)
    return { ...nobody, judged: withRoom(pass, admitGrants(pass, UNASKED, look.obstacle)) };
  if (!look.seen) return nobody;
  const isBeginning = pass.grants.open.some(({ state }) => state === "approved");
  const asksCluster = isBeginning || look.seen.sight !== "same" || pass.held.current.doubt !== null;
  const found = await (early ??
    lookUp(pass, { cluster: asksCluster, histories: asksHistories(pass, look.seen) }));
  const { subject, histories } = found;
  const { ledger, certain, againAt } = confirmSubject(pass.held.current, subject, {
    entry: look.seen.reading.entry,
    clusterName: pass.entry.address.cluster.name,
    lag: pass.ports.settings,
  });
  pass.held.know(ledger);
  return {
    subject,
    judged: withRoom(pass, admitGrants(pass, found, certain), look.seen),
    wakeAt: againAt === undefined ? [] : [againAt],
    outdated: histories ? outdatedBy(pass, histories) : [],
  };
}

/**
 * Grants whose record is an old one. An event beyond the record of a begun grant may have been stored between the two
 * reads: then the next pass reads a later version. Where it does not, nobody can store a step of the grant any more,
 * since somebody took the places of its events. So nobody could end it early.
 */
const outdatedBy = ({ grants, held }: Pass, histories: Histories): Outdated =>
  grants.open.flatMap(({ id, version }) => {
    const history = histories.get(id);
    if (history === "over") return [[id, Number.POSITIVE_INFINITY] as const];
    const isBegun = Object.hasOwn(held.current.begun, id);
    return history === "later" && isBegun ? [[id, version] as const] : [];
  });

/** A drift check that finds all access in place adds nothing, and most find it so. */
const asksHistories = (pass: Pass, seen: Sighting): boolean =>
  !pass.run.isDriftCheck ||
  entitlementsIn(pass).some((own) => own.isLive && !isThere(own, pass.held.current, seen));

/**
 * Withdraws active grants whose access can no longer exist. Marks begun grants that are now refused
 * as over. The next pass removes their access.
 *
 * @returns whether there is such a grant
 */
export async function failGrants(pass: Pass, { refused, withdrawn }: Admitted): Promise<boolean> {
  const { held, grants, now } = pass;
  const overs = Object.entries(held.current.begun).flatMap(([id, begun]) => {
    const refusal: Refusal | undefined = refused.get(id);
    return refusal && !begun.over
      ? [[id, { ...begun, over: true, refusal: kept(refusal) }] as const]
      : [];
  });
  // An active grant that is missing in this ledger may have begun after the ledger was loaded.
  if (withdrawn.size > 0) await held.fence();
  if (overs.length > 0) {
    const begun = { ...held.current.begun, ...Object.fromEntries(overs) };
    await held.save({ ...held.current, begun });
  }
  await grants.stepAll(
    [...withdrawn].map(([id, { code, detail }]) => [
      id,
      { type: "withdraw", at: now, details: {}, changes: { outcome: { code, detail } } },
    ]),
  );
  return overs.length > 0 || withdrawn.size > 0;
}
