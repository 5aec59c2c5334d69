import type { Ledger, Refusal } from "../../domain/entries/ledger.ts";
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

/** Grants that are over. One that is refused, and never was active, fails once a read proves that its access is gone. */
const unstoredEnds = ({ open, entitlements, ledger }: Snapshot): readonly AccessRequest[] =>
  open.filter(({ id, state }, at) => {
    const fails = state === "approved" && refusalIn(ledger, id) !== undefined;
    return entitlements[at]?.isOver && state !== "ending" && !fails;
  });

const refusalIn = ({ begun, failing }: Ledger, id: string): Refusal | undefined =>
  begun[id]?.refusal ?? failing[id];

function endOf(
  { id }: AccessRequest,
  { held, journal, now }: PartOf<"held" | "journal" | "now">,
): GrantChange[1] {
  const early = earlyEndOf(held.current, id);
  return {
    ...(early
      ? ({ type: "withdraw", changes: { outcome: early } } as const)
      : ({ type: "expire", changes: { outcome: EXPIRED } } as const)),
    at: now,
    details: journal.evidenceFor(id),
  };
}

/** Why it ended before its time. The ledger keeps that an earlier run ended it so by its own clock, and not why. */
function earlyEndOf(ledger: Ledger, id: string): Refusal | undefined {
  const refusal = refusalIn(ledger, id);
  if (refusal) return refusal.code === LEDGER_BEHIND.code ? refusal : refusedOnceActive(refusal);
  return ledger.begun[id]?.early === true ? ENDED_EARLY : undefined;
}

/**
 * A run that is behind may store `active` after another one has refused the grant. The words of a refusal are for
 * grants that never were active: most say that nothing was granted.
 */
const refusedOnceActive = ({ code }: Refusal): Refusal => ({
  code,
  detail: `Timelatch refused it (${code}) just as it became active on record. So the grant was ended; ask again.`,
});

const EXPIRED = { code: "expired", detail: "Its time was over." } as const;

const ENDED_EARLY = {
  code: "ended-early",
  detail:
    "Timelatch ended it before its time, and could not store why then: somebody ended it or stopped its requester, or the policy lent it no more.",
} as const;
