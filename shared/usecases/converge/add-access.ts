import { GROUPS } from "../../domain/entries/access.ts";
import { entitlementOf } from "../../domain/entries/entitlement.ts";
import { linkOf, withMember } from "../../domain/entries/extension-chain.ts";
import { armedFor } from "../../domain/entries/fuses.ts";
import { presentOn } from "../../domain/entries/knowledge.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { planAdditions, withBaselines } from "../../domain/entries/plan-additions.ts";
import { countingReading, type Sighting } from "../../domain/entries/proof.ts";
import { scopeRemainder } from "../../domain/entries/scope.ts";
import { type EntryStep, targetOf } from "../../domain/entries/step.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Settings } from "../../domain/settings.ts";
import type { ConvergePorts } from "../../ports/function-ports.ts";
import { LedgerTooLarge } from "../../ports/ledger-store.ts";
import { allDone } from "./all-done.ts";
import { armFuses, armRevocations, missingIn } from "./arm-timers.ts";
import { type CalledSteps, callEntry, NOTHING_CALLED } from "./call-entry.ts";
import type { Lean } from "./facts-of-grants.ts";
import { greatest, type Need } from "./need.ts";
import {
  ARMS_A_RUN,
  dropEarly,
  type EarlyFuses,
  fusesFor,
  NOT_EARLY,
  orderFuses,
} from "./order-fuses.ts";
import { type PartOf, type Pass, workMillis } from "./pass.ts";
import { withRefusals } from "./refuse-grants.ts";
import { snapshotOf } from "./snapshot.ts";
import { storeIntents } from "./store-intents.ts";

export interface Added {
  readonly need: Need;
  /** Whether a call was made, so only a new read shows what is there. */
  readonly hasCalled: boolean;
  readonly fusesRefused: number;
  readonly timersRefused: number;
}

/** The grants that may add access, and by grant id the facts that beginning ones lean on. */
interface Admittance {
  readonly admitted: readonly AccessRequest[];
  readonly leans: ReadonlyMap<string, Lean>;
}

/** Additions start only if the run has at least this much work time left, in milliseconds. */
const LEAST_MILLIS = 1_500;

export const NOTHING_ADDED: Added = {
  need: "settled",
  hasCalled: false,
  fusesRefused: 0,
  timersRefused: 0,
};

const OUT_OF_TIME: Added = { ...NOTHING_ADDED, need: "yield" };

/** The part of a pass that adds access. */
type Adder = Parameters<typeof callEntry>[0] & PartOf<"grants", "evidence" | "ids" | "schedules">;

/**
 * Adds the access that admitted grants lack. Each grant's schedule is created first,
 * and each target's fuse once the ledger knows its name: they end the access. Then the ledger records that the
 * grant has begun, then we call EKS.
 *
 * @param seen the last read
 */
export async function addAccess(
  pass: Adder,
  { admitted, leans }: Admittance,
  seen: Sighting,
  early: EarlyFuses,
): Promise<Added> {
  const { held, ports, now } = pass;
  if (admitted.length === 0 || workMillis(pass) < LEAST_MILLIS) {
    dropEarly(held, early);
    return admitted.length === 0 ? await keepFuses(pass, seen) : OUT_OF_TIME;
  }
  const hasBegun = ({ id }: AccessRequest) => Object.hasOwn(held.current.begun, id);
  const beginning = admitted.filter((grant) => !hasBegun(grant));
  const inTurn = [...admitted.filter(hasBegun), ...beginning.slice(0, ARMS_A_RUN)];
  prepareSessions(pass, beginning.slice(0, ARMS_A_RUN), seen);
  const targetOf = (grant: AccessRequest) => entitlementOf(grant, held.current, now).target;
  const based = withNewBaselines(held.current, inTurn.map(targetOf), seen, ports.settings);
  const known = snapshotOf(pass, based);
  const canBegin = (grant: AccessRequest) =>
    hasBegun(grant) || Object.hasOwn(based.targets, targetOf(grant));
  const able = inTurn.filter(canBegin);
  const wanted = (grants: readonly AccessRequest[]) =>
    fusesFor(known, idsOf(grants), seen.reading, ports.settings);
  const ordered = await orderFuses(pass, based, {
    beginning: idsOf(able.filter((grant) => !hasBegun(grant))),
    wanted: wanted(able),
    early,
  });
  const [timers, fused] = await allDone([armRevocations(pass, beginning), armFuses(pass, ordered)]);
  const armed = able.filter((grant) => hasBegun(grant) || timers.ready.has(grant.id));
  const missing = missingIn(fused, wanted(armed));
  const ready = armed.filter((grant) => hasBegun(grant) || !missing.has(targetOf(grant)));
  const called = await callAdditions(
    pass,
    withBegun(fused.ledger, ready, leans),
    idsOf(ready),
    seen,
  );
  const isUnfinished = missing.size > 0 || !inTurn.every(canBegin);
  return {
    hasCalled: called !== NOTHING_CALLED,
    fusesRefused: fused.refused,
    timersRefused: timers.refused + fused.untaken,
    need: greatest(timers.need, called.need, isUnfinished ? "retry" : "settled"),
  };
}

/**
 * Arms the fuses that lent access lacks, or has at another time, in a pass that adds nothing. Only the ledger says what
 * is lent and until when, so no verdict about a record counts here. Where all are armed, nothing is written. Where the
 * ledger has no room for a name, the pass goes on to its clean-up, which may make room.
 */
async function keepFuses(pass: Adder, { reading }: Sighting): Promise<Added> {
  const { held, ports } = pass;
  const before = held.current;
  const wanted = fusesFor(snapshotOf(pass), [], reading, ports.settings);
  if (wanted.every((each) => armedFor(before, each))) return NOTHING_ADDED;
  if (workMillis(pass) < LEAST_MILLIS) return OUT_OF_TIME;
  const order = { beginning: [], wanted, early: NOT_EARLY };
  const ordered = await orderFuses(pass, before, order).catch((error: unknown) => {
    if (!(error instanceof LedgerTooLarge)) throw error;
    held.know(before);
    return undefined;
  });
  if (!ordered) return { ...NOTHING_ADDED, need: "retry" };
  const fused = await armFuses(pass, ordered);
  held.know(fused.ledger);
  await held.saveIfChanged();
  const need = missingIn(fused, wanted).size > 0 ? "retry" : "settled";
  return { need, hasCalled: false, fusesRefused: fused.refused, timersRefused: fused.untaken };
}

const idsOf = (grants: readonly AccessRequest[]): readonly string[] => grants.map(({ id }) => id);

/** Assumes the roles of the calls to come, while the ends of the grants are armed. */
function prepareSessions(
  { entry, held, now }: Pick<Pass, "entry" | "held" | "now">,
  beginning: readonly AccessRequest[],
  { reading }: Sighting,
): void {
  const served = new Set<string>();
  for (const [at, grant] of beginning.entries()) {
    const { target } = entitlementOf(grant, held.current, now);
    const creates = at === 0 && reading.entry === undefined;
    const isNew = !served.has(target);
    if (creates || (target !== GROUPS && isNew)) entry.prepareCalls(grant.id, "policies");
    if (target === GROUPS && isNew) entry.prepareCalls(grant.id, "groups");
    served.add(target);
  }
}

/** Adds targets that are new to the ledger. Only a read that counts shows the access of others there. */
const withNewBaselines = (
  ledger: Ledger,
  targets: readonly string[],
  seen: Sighting,
  settings: Settings,
): Ledger => {
  const reading = countingReading(seen);
  return reading ? withBaselines(ledger, targets, reading, settings) : ledger;
};

/** From now on the ledger explains the grants' access as ours, and fixes their end times. */
function withBegun(
  ledger: Ledger,
  grants: readonly AccessRequest[],
  leans: Admittance["leans"],
): Ledger {
  const begun = grants.reduce((sum, grant) => {
    const { id, revokeAt, expiresAt } = grant;
    if (revokeAt === null || expiresAt === null || Object.hasOwn(ledger.begun, id)) return sum;
    const chain = linkOf(grant, ledger);
    const times = { revokeAt, expiresAt, over: false, refusal: null, refusedSince: null };
    const more = { ...leans.get(id), ...(chain ? { chain } : {}) };
    return withMember(sum, id, { ...times, ...more });
  }, ledger.begun);
  return { ...ledger, begun };
}

async function callAdditions(
  pass: Adder,
  ledger: Ledger,
  ids: readonly string[],
  { sight, reading }: Sighting,
): Promise<CalledSteps> {
  const admitted = new Set(ids);
  const { entitlements } = snapshotOf(pass, ledger);
  const counts = sight !== "stale";
  const steps = planAdditions(
    { ledger, entitlements, admitted, reading: counts ? reading : undefined },
    tokenFor(ledger, pass.ports),
  );
  const lacking = entitlements.filter(
    ({ grantId, target, elements }) =>
      admitted.has(grantId) && scopeRemainder(elements, presentOn(ledger, target)).length > 0,
  );
  const askingFor = (step: EntryStep) => {
    const target = targetOf(step);
    return lacking.filter((each) => target === undefined || each.target === target);
  };
  const servedBy = (step: EntryStep) => askingFor(step).map(({ grantId }) => grantId);
  const order = { steps, servedBy, leastMillis: LEAST_MILLIS };
  const called = await callEntry(pass, ledger, {
    ...order,
    beside: () => storeIntents(pass, ledger, steps, askingFor),
    unmade: () => pass.journal.makesNone(),
  });
  return called === NOTHING_CALLED ? called : await withRefusals(pass, called);
}

/** An unanswered create is retried with the same token. Any other create gets a new one. */
function tokenFor({ entry }: Ledger, { ids }: Pick<ConvergePorts, "ids">): string {
  const open = entry.tokenOpen ? entry.tokens.at(-1) : undefined;
  return open ?? ids.newToken();
}
