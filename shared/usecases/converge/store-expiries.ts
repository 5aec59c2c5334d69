import type { Refusal } from "../../domain/entries/ledger.ts";
import { LEDGER_BEHIND } from "../../domain/entries/unknown-ledger.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { GrantChange } from "./binding-grants.ts";
import { proveFindings } from "./learn.ts";
import type { PartOf } from "./pass.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/**
 * Stores `ending` for every grant that is over by its time or by the ledger, with the calls that removed its
 * access. Runs after the removal, and needs few transactions for many grants.
 */
export async function storeExpiries(
  pass: PartOf<"grants" | "held" | "now" | "journal">,
): Promise<void> {
  const { grants } = pass;
  const over = unstoredEnds(snapshotOf(pass));
  await proveFindings(pass);
  const lost = await grants.stepAll(
    over.map((grant) => [grant.id, grants.postponed(grant.id) ?? endOf(grant, pass)]),
  );
  pass.journal.recorded(over.flatMap(({ id }) => (lost.has(id) || grants.postponed(id) ? [] : id)));
}

/** Grants that are over, and have no other step to come. */
const unstoredEnds = ({ open, entitlements, ledger }: Snapshot): readonly AccessRequest[] =>
  open.filter(({ id, state }, at) => {
    const refusal = ledger.begun[id]?.refusal ?? ledger.failing[id];
    // A refused grant fails later. It may be active, by a run that overlapped with the one that refused it.
    const hasOwnStep = refusal && (state === "approved" || refusal.code === LEDGER_BEHIND.code);
    return entitlements[at]?.isOver && state !== "ending" && !hasOwnStep;
  });

/** The ledger keeps that an earlier run ended a grant before its time by that run's clock, and not why. */
function endOf(
  { id }: AccessRequest,
  { held, journal, now }: PartOf<"held" | "journal" | "now">,
): GrantChange[1] {
  const { early = false, refusal = null } = held.current.begun[id] ?? {};
  const at = { at: now, details: journal.evidenceFor(id) };
  if (refusal)
    return { type: "withdraw", changes: { outcome: refusedWhileBeginning(refusal) }, ...at };
  return early
    ? { type: "withdraw", changes: { outcome: ENDED_EARLY }, ...at }
    : { type: "expire", changes: { outcome: EXPIRED }, ...at };
}

const EXPIRED = { code: "expired", detail: "Its time was over." } as const;

const ENDED_EARLY = {
  code: "ended-early",
  detail:
    "Timelatch ended it before its time, and could not store why then: somebody ended it or stopped its requester, or the policy lent it no more.",
} as const;

/** The refusal's own text may say that nothing was granted. */
const refusedWhileBeginning = ({ code }: Refusal) => ({
  code,
  detail: `One run refused it (${code}) while another run found its access in place. Timelatch ended it before its time; ask again.`,
});
