import { GROUPS } from "../domain/access.ts";
import { type Claim, claimOf } from "../domain/claim.ts";
import { type ElementSet, EMPTY } from "../domain/element-set.ts";
import { latest, plusSeconds } from "../domain/instant.ts";
import { type Ledger, UNSURE } from "../domain/ledger.ts";
import { type ActualEntry, type Observation, observe } from "../domain/observe.ts";
import type { AccessRequest } from "../domain/request.ts";
import { scopeCovers } from "../domain/scope.ts";
import { CallFailed, type EntryAddress } from "../ports/access-entries.ts";
import type { ConvergePorts } from "../ports/ports.ts";
import { type ConvergeRun, factsOf } from "./converge-run.ts";
import type { GrantBook } from "./grant-book.ts";
import type { JudgedGrants } from "./judge-grants.ts";
import type { Readable } from "./read-entry.ts";

interface Before {
  readonly ledger: Ledger;
  readonly address: EntryAddress;
  readonly reading: Readable;
  readonly judged: JudgedGrants;
  readonly now: string;
  readonly run: ConvergeRun;
}

export interface Armed {
  readonly judged: JudgedGrants;
  /** What every grant makes of the entry, those without a schedule left out of what is live. */
  readonly claims: readonly Claim[];
  readonly observation: Observation;
  readonly now: string;
  /** A grant is about to become active: the ledger is to be stored before it does. */
  readonly begins: boolean;
  /** A schedule is missing, so that its grant waits; or a fuse is armed where it must not be. */
  readonly unfinished: boolean;
}

/**
 * Makes sure that what is about to be given will be taken: a grant's schedules exist before its
 * access does. A grant whose schedules cannot be made gets nothing in this pass.
 */
export async function armSchedules(
  ports: ConvergePorts,
  book: GrantBook,
  before: Before,
): Promise<Armed> {
  const { judged, reading, now, run } = before;
  const actual = reading.kind === "read" ? reading.actual : undefined;
  const identified = withIdentities(before.ledger, reading);
  const missing = new Set<string>();
  const attempt = async (grantIds: readonly string[], arm: () => Promise<unknown>) => {
    try {
      return await arm();
    } catch (error) {
      if (!(error instanceof CallFailed)) throw error;
      for (const id of grantIds) missing.add(id);
      run.log("schedule not armed", { binding: book.binding, grantIds, ...factsOf(error) });
      return undefined;
    }
  };
  for (const { id, state, revokeAt } of book.open)
    if (judged.admitted.has(id) && state === "approved" && revokeAt !== null)
      await attempt([id], () => ports.schedules.armRevocation(id, book.binding, revokeAt));
  const hoped = claimsOf(book, judged, missing, actual?.targets);
  const tentative = observe(identified, actual, hoped, now);
  const fuses = { ...tentative.ledger.fuses };
  const misplaced = Object.keys(fuses).filter((t) => !mayHaveFuse(t, tentative.ledger, actual));
  const wanted = [...fuseTimes(ports, book, judged, tentative.ledger, actual)].filter(
    ([target, at]) => fuses[target] !== at,
  );
  // From before one is touched, nobody knows how it is armed, until that is heard.
  const touched = [...misplaced, ...wanted.map(([target]) => target)];
  const known = touched.filter((target) => fuses[target] !== UNSURE);
  for (const target of known) fuses[target] = UNSURE;
  if (known.length > 0) await ports.ledgers.save({ ...tentative.ledger, fuses });
  for (const target of misplaced) {
    const disarmed = await attempt([], async () => {
      await ports.schedules.disarmFuse(book.binding, target);
      return true;
    });
    if (disarmed) delete fuses[target];
  }
  for (const [target, at] of wanted) {
    const waiting = book.open
      .filter((g) => judged.admitted.has(g.id) && claimOf(g, true).target === target)
      .map(({ id }) => id);
    const armed = await attempt(waiting, () =>
      ports.schedules.armFuse(book.binding, before.address, target, at),
    );
    if (armed === true) fuses[target] = at;
    else if (armed === false) delete fuses[target];
  }
  const claims = claimsOf(book, judged, missing, actual?.targets);
  const { ledger, findings } = observe(identified, actual, claims, now);
  const beginning = book.open.filter(
    ({ id, state }) => state === "approved" && judged.admitted.has(id) && !missing.has(id),
  );
  const deadlines = { ...deadlinesOf(beginning), ...ledger.deadlines };
  return {
    judged,
    claims,
    observation: { ledger: { ...ledger, fuses, deadlines }, findings },
    now,
    begins: beginning.length > 0,
    unfinished: missing.size > 0 || misplaced.some((target) => Object.hasOwn(fuses, target)),
  };
}

const deadlinesOf = (grants: readonly AccessRequest[]): Ledger["deadlines"] =>
  Object.fromEntries(
    grants.flatMap(({ id, revokeAt, expiresAt }) =>
      revokeAt === null || expiresAt === null ? [] : [[id, { revokeAt, expiresAt }]],
    ),
  );

/** Whom and where the ledger is about is written down once, at its first sight. */
function withIdentities(ledger: Ledger, reading: Readable): Ledger {
  if (reading.kind !== "read") return ledger;
  const { principal, cluster } = reading;
  return {
    ...ledger,
    principalId: ledger.principalId ?? (principal.kind === "known" ? principal.id : null),
    clusterCreatedAt:
      ledger.clusterCreatedAt ?? (cluster.kind === "known" ? cluster.createdAt : null),
  };
}

/** A grant that may add nothing keeps of its access what is there. */
function claimsOf(
  book: GrantBook,
  judged: JudgedGrants,
  missing: ReadonlySet<string>,
  actual: Readonly<Record<string, ElementSet>> = {},
): readonly Claim[] {
  return book.open.map((grant) => {
    const waits = grant.state === "approved" && missing.has(grant.id);
    const claim = claimOf(grant, judged.admitted.has(grant.id) && !waits);
    if (!judged.kept.has(grant.id)) return claim;
    const there = actual[claim.target] ?? EMPTY;
    const elements = claim.elements.filter((element) => scopeCovers(there, [element]));
    return { ...claim, live: true, elements };
  });
}

/**
 * Whether a fuse takes nothing but what we lent. It takes the whole association, so there is none
 * where that has a baseline; and for groups the whole entry, so that there is one only where the
 * entry is, or will be, our own, and nobody else uses it. Others may begin to at any time.
 */
function mayHaveFuse(
  target: string,
  { targets, accessEntryArn, owned }: Ledger,
  actual: ActualEntry | undefined,
): boolean {
  if (target !== GROUPS) return (targets[target]?.baseline ?? EMPTY).length === 0;
  const foreign = accessEntryArn !== null && !owned;
  const used = Object.values(targets).some(({ baseline }) => baseline.length > 0);
  const others = Object.keys(actual?.targets ?? {}).some((each) => !Object.hasOwn(targets, each));
  return !foreign && !used && !others;
}

/** When each target's fuse should fire: some minutes after its last live grant. */
function fuseTimes(
  { settings }: ConvergePorts,
  book: GrantBook,
  judged: JudgedGrants,
  ledger: Ledger,
  actual: ActualEntry | undefined,
): ReadonlyMap<string, string> {
  const times = new Map<string, string>();
  for (const target of Object.keys(ledger.targets)) {
    if (!mayHaveFuse(target, ledger, actual)) continue;
    const last = latest(
      book.open
        .filter(({ id }) => judged.admitted.has(id) || judged.kept.has(id))
        .filter((grant) => claimOf(grant, true).target === target)
        .flatMap(({ expiresAt }) => expiresAt ?? []),
    );
    if (last !== undefined) times.set(target, plusSeconds(last, settings.fuseDelaySeconds));
  }
  return times;
}
