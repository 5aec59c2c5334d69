import { type Claim, claimed } from "../domain/claim.ts";
import { EMPTY } from "../domain/element-set.ts";
import { isUncertain } from "../domain/ledger.ts";
import { scopeCovers, scopeRemainder, scopeUnion } from "../domain/scope.ts";
import type { CallRecord } from "../ports/access-entries.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import type { GrantBook } from "./grant-book.ts";
import type { Reconciled } from "./reconcile-entry.ts";

interface Concluded {
  /** An end cannot be told yet. */
  readonly waiting: boolean;
  /** Access that should be there was not, so that it is not told either. */
  readonly unseen: boolean;
  /** By grant, calls that no step of this pass put on record. */
  readonly unrecorded: ReadonlyMap<string, readonly CallRecord[]>;
}

/**
 * Tells what was seen, and only that: `active` once its access was read back, `ended` and
 * `failed` once nothing was read back that only this grant explains, later than any call of ours
 * that may still land. Calls and others' edits are put on record either way.
 */
export async function concludeGrants(
  ports: ConvergePorts,
  book: GrantBook,
  entry: Reconciled,
): Promise<Concluded> {
  const at = ports.chance.now();
  const certain = entry.readBack && !isUncertain(entry.ledger, entry.readAt);
  const unrecorded = new Map<string, readonly CallRecord[]>();
  let kept = false;
  // Once a grant is over it explains nothing: what comes back of it must be seen to be others'.
  const keepWhatWasSeen = async () => {
    if (!kept) await ports.ledgers.save(entry.ledger);
    kept = true;
  };
  let waiting = false;
  let unseen = false;
  for (const grant of book.open) {
    const claim = entry.claims.find(({ grantId }) => grantId === grant.id);
    if (!claim) continue;
    const refusal = entry.judged.refused.get(grant.id);
    const details = evidenceFor(claim, entry);
    const step = async (change: Parameters<GrantBook["step"]>[1]) => {
      if (!(await book.step(grant.id, change))) unrecorded.set(grant.id, details.calls);
    };
    // What AWS refused just now may have left something behind: the next pass sees to it.
    if (entry.rejected.has(grant.id)) unrecorded.set(grant.id, details.calls);
    else if (grant.state === "approved" && claim.live && isThere(claim, entry))
      await step({
        type: "activate",
        at,
        details: {
          ...details,
          ...coverOf(claim, entry),
          authenticationMode: entry.authenticationMode,
        },
      });
    else if (grant.state === "ending" && certain && isGone(claim, entry)) {
      await keepWhatWasSeen();
      await step({ type: "settle", at, details });
    } else if (grant.state === "approved" && refusal && certain && isGone(claim, entry)) {
      await keepWhatWasSeen();
      await step({
        type: "refuse",
        at,
        details: { ...details, ...refusal },
        changes: { outcome: { code: refusal.code, detail: refusal.detail } },
      });
    } else {
      waiting ||= grant.state === "ending" || refusal !== undefined;
      unseen ||= grant.state === "approved" && claim.live;
      if (isWorthRecording(details)) await step({ type: "evidence", at, details });
    }
  }
  return { waiting, unseen, unrecorded };
}

function isThere(claim: Claim, { actual, readBack }: Reconciled): boolean {
  return readBack && scopeCovers(actual?.targets[claim.target] ?? EMPTY, claim.elements);
}

/**
 * Nothing is there that neither the baseline nor another live grant explains. On a target that the
 * ledger does not hold nothing was ever attempted: what is there is others'.
 */
function isGone(claim: Claim, { actual, ledger, claims }: Reconciled): boolean {
  const held = ledger.targets[claim.target];
  if (!held) return true;
  const there = actual?.targets[claim.target] ?? EMPTY;
  const others = claims.filter(({ live, grantId }) => live && grantId !== claim.grantId);
  const explained = scopeUnion(held.baseline, claimed(others, claim.target));
  const own = claim.elements.filter((element) => there.includes(element));
  return scopeRemainder(own, explained).length === 0;
}

function evidenceFor(claim: Claim, { calls, findings }: Reconciled) {
  const seen = findings.filter(({ target }) => target === undefined || target === claim.target);
  return { calls: calls.get(claim.grantId) ?? [], ...(seen.length > 0 ? { findings: seen } : {}) };
}

/** A call that AWS turned away changed nothing, and would fill the history while it is retried. */
const isWorthRecording = ({ calls, findings }: ReturnType<typeof evidenceFor>) =>
  findings !== undefined || calls.some(({ result }) => result === "ok");

/** A grant that needed no call of its own says what gives it its access. */
function coverOf(claim: Claim, { calls, claims, ledger }: Reconciled) {
  if (calls.has(claim.grantId)) return {};
  const grants = claims
    .filter(
      ({ live, target, grantId }) => live && target === claim.target && grantId !== claim.grantId,
    )
    .map(({ grantId }) => grantId);
  const baseline = (ledger.targets[claim.target]?.baseline ?? EMPTY).length > 0;
  return { coveredBy: [...grants, ...(baseline ? ["standing access"] : [])] };
}
