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

/** Grants that are over for another reason than a refusal: another step is stored for refused ones. */
const unstoredEnds = ({ open, entitlements, ledger }: Snapshot): readonly AccessRequest[] =>
  open.filter(({ id, state }, at) => {
    const isRefused = ledger.begun[id]?.refusal || ledger.failing[id];
    return entitlements[at]?.isOver && state !== "ending" && !isRefused;
  });

/** The ledger keeps that an earlier run ended a grant before its time by that run's clock, and not why. */
function endOf(
  { id }: AccessRequest,
  { held, journal, now }: PartOf<"held" | "journal" | "now">,
): GrantChange[1] {
  const isEarly = held.current.begun[id]?.early === true;
  return {
    ...(isEarly
      ? ({ type: "withdraw", changes: { outcome: ENDED_EARLY } } as const)
      : ({ type: "expire", changes: { outcome: EXPIRED } } as const)),
    at: now,
    details: journal.evidenceFor(id),
  };
}

const EXPIRED = { code: "expired", detail: "Its time was over." } as const;

const ENDED_EARLY = {
  code: "ended-early",
  detail:
    "Timelatch ended it before its time, and could not store why then: somebody ended it or stopped its requester, or the policy lent it no more.",
} as const;
