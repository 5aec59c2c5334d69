import type { AccessRequest } from "../../domain/requests/request.ts";
import { plusSeconds } from "../../domain/values/instant.ts";
import type { GrantChange } from "./binding-grants.ts";
import { proveFindings } from "./learn.ts";
import type { Pass } from "./pass.ts";
import type { RunJournal } from "./run-journal.ts";
import { type Snapshot, snapshotOf } from "./snapshot.ts";

/**
 * Stores `ending` for every grant that is over by its time or by the ledger, with the calls that removed its
 * access. Runs after the removal, and needs few transactions for many grants.
 */
export async function storeExpiries(
  pass: Pick<Pass, "grants" | "held" | "now" | "journal">,
): Promise<void> {
  const { grants, journal, now } = pass;
  const over = unstoredEnds(snapshotOf(pass));
  await proveFindings(pass);
  const lost = await grants.stepAll(
    over.map((grant) => [grant.id, grants.postponed(grant.id) ?? endOf(grant, journal, now)]),
  );
  journal.recorded(over.flatMap(({ id }) => (lost.has(id) || grants.postponed(id) ? [] : id)));
}

/** Grants that are over for another reason than a refusal: another step is stored for refused ones. */
const unstoredEnds = ({ open, entitlements, ledger }: Snapshot): readonly AccessRequest[] =>
  open.filter(({ id, state }, at) => {
    const isRefused = ledger.begun[id]?.refusal || ledger.failing[id];
    return entitlements[at]?.isOver && state !== "ending" && !isRefused;
  });

/** The clocks of two runs differ by less. */
const CLOCKS_DIFFER_SECONDS = 60;

/** The ledger keeps that an earlier run ended a grant, and not why. */
function endOf({ id, revokeAt }: AccessRequest, journal: RunJournal, now: string): GrantChange[1] {
  const isEarly = revokeAt !== null && plusSeconds(now, CLOCKS_DIFFER_SECONDS) < revokeAt;
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
    "Timelatch ended it before its time, and could not store why then: somebody stopped its requester, or the policy lent it no more.",
} as const;
