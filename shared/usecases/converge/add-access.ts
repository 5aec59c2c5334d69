import { GROUPS } from "../../domain/entries/access.ts";
import { type Entitlement, entitlementOf } from "../../domain/entries/entitlement.ts";
import { linkOf } from "../../domain/entries/extension-chain.ts";
import { presentOn } from "../../domain/entries/knowledge.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { planAdditions, withBaselines } from "../../domain/entries/plan-additions.ts";
import type { Sighting } from "../../domain/entries/proof.ts";
import { scopeRemainder } from "../../domain/entries/scope.ts";
import { type EntryStep, targetOf } from "../../domain/entries/step.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Admitted } from "./admit-grants.ts";
import { allDone } from "./all-done.ts";
import { armFuses, armRevocations, missingIn } from "./arm-timers.ts";
import { type CalledSteps, callEntry, NOTHING_CALLED } from "./call-entry.ts";
import { greatest, type Need } from "./need.ts";
import { ARMS_A_RUN, dropEarly, type EarlyFuses, fusesFor, orderFuses } from "./order-fuses.ts";
import { type Pass, workMillis } from "./pass.ts";
import { withRefusals } from "./refuse-grants.ts";
import { storeIntents } from "./store-intents.ts";

export interface Added {
  readonly need: Need;
  /** Whether a call was made, so only a new read shows what is there. */
  readonly hasCalled: boolean;
  readonly fusesRefused: number;
  readonly timersRefused: number;
}

/** Additions start only if the run has at least this much work time left, in milliseconds. */
const LEAST_MILLIS = 1_500;

export const NOTHING_ADDED: Added = {
  need: "settled",
  hasCalled: false,
  fusesRefused: 0,
  timersRefused: 0,
};

/**
 * Adds the access that admitted grants lack. What ends the access is created first: each grant's
 * schedule, and each target's fuse once the ledger knows its name. Then the ledger records that the
 * grant has begun, then we call EKS.
 */
export async function addAccess(
  pass: Pass,
  judged: Admitted,
  seen: Sighting,
  early: EarlyFuses,
): Promise<Added> {
  const admitted = pass.grants.open.filter(({ id }) => judged.admitted.has(id));
  const hasTime = workMillis(pass) >= LEAST_MILLIS;
  if (admitted.length === 0 || !hasTime) {
    dropEarly(pass, early);
    return admitted.length === 0 ? NOTHING_ADDED : { ...NOTHING_ADDED, need: "yield" };
  }
  const hasBegun = ({ id }: AccessRequest) => Object.hasOwn(pass.held.current.begun, id);
  const beginning = admitted.filter((grant) => !hasBegun(grant));
  const inTurn = [...admitted.filter(hasBegun), ...beginning.slice(0, ARMS_A_RUN)];
  prepareSessions(pass, beginning.slice(0, ARMS_A_RUN), seen);
  const based = withNewBaselines(pass, inTurn, seen);
  const canBegin = (grant: AccessRequest) =>
    hasBegun(grant) || Object.hasOwn(based.targets, reached(pass, grant, based).target);
  const able = inTurn.filter(canBegin);
  const wanted = (grants: readonly AccessRequest[]) => fusesFor(pass, based, grants, seen.reading);
  const ordered = await orderFuses(pass, based, {
    beginning: able.filter((grant) => !hasBegun(grant)),
    wanted: wanted(able),
    early,
  });
  const [timers, fused] = await allDone([armRevocations(pass, beginning), armFuses(pass, ordered)]);
  const armed = able.filter((grant) => hasBegun(grant) || timers.ready.has(grant.id));
  const missing = missingIn(fused, wanted(armed));
  const ready = armed.filter(
    (grant) => hasBegun(grant) || !missing.has(reached(pass, grant, based).target),
  );
  const begun = withBegun(fused.ledger, ready);
  const called = await callAdditions(pass, begun, new Set(ready.map(({ id }) => id)), seen);
  const isUnfinished = missing.size > 0 || !inTurn.every(canBegin);
  return {
    hasCalled: called !== NOTHING_CALLED,
    fusesRefused: fused.refused,
    timersRefused: timers.refused + fused.untaken,
    need: greatest(timers.need, called.need, isUnfinished ? "retry" : "settled"),
  };
}

/** Assumes the roles of the calls to come, while the ends of the grants are armed. */
function prepareSessions(
  pass: Pass,
  beginning: readonly AccessRequest[],
  { reading }: Sighting,
): void {
  const served = new Set<string>();
  for (const [at, grant] of beginning.entries()) {
    const { target } = reached(pass, grant, pass.held.current);
    const creates = at === 0 && reading.entry === undefined;
    if (creates || (target !== GROUPS && !served.has(target)))
      pass.entry.prepareCalls(grant.id, "policies");
    if (target === GROUPS && !served.has(target)) pass.entry.prepareCalls(grant.id, "groups");
    served.add(target);
  }
}

const reached = ({ now }: Pass, grant: AccessRequest, ledger: Ledger): Entitlement =>
  entitlementOf(grant, ledger, now);

/**
 * Adds targets that are new to the ledger. Only a read that counts shows what was there before us.
 */
function withNewBaselines(
  pass: Pass,
  grants: readonly AccessRequest[],
  { sight, reading }: Sighting,
): Ledger {
  const ledger = pass.held.current;
  if (sight === "stale" || sight === "too-new") return ledger;
  const targets = grants.map((grant) => reached(pass, grant, ledger).target);
  return withBaselines(ledger, targets, reading, pass.ports.settings);
}

/** From now on the ledger explains the grants' access as ours, and fixes their end times. */
function withBegun(ledger: Ledger, grants: readonly AccessRequest[]): Ledger {
  const added = grants.flatMap((grant) => {
    const { id, revokeAt, expiresAt } = grant;
    if (revokeAt === null || expiresAt === null || Object.hasOwn(ledger.begun, id)) return [];
    const chain = linkOf(grant, ledger);
    const times = { revokeAt, expiresAt, over: false, refusal: null, refusedSince: null };
    return [[id, { ...times, ...(chain ? { chain } : {}) }] as const];
  });
  return { ...ledger, begun: { ...ledger.begun, ...Object.fromEntries(added) } };
}

async function callAdditions(
  pass: Pass,
  ledger: Ledger,
  admitted: ReadonlySet<string>,
  { sight, reading }: Sighting,
): Promise<CalledSteps> {
  const entitlements = pass.grants.open.map((grant) => reached(pass, grant, ledger));
  const token = tokenFor(pass, ledger);
  const counts = sight !== "stale";
  const steps = planAdditions(
    { ledger, entitlements, admitted, reading: counts ? reading : undefined },
    token,
  );
  const lacking = entitlements.filter(
    ({ grantId, target, elements }) =>
      admitted.has(grantId) && scopeRemainder(elements, presentOn(ledger, target)).length > 0,
  );
  const servedBy = (step: EntryStep) => {
    const target = targetOf(step);
    return lacking
      .filter((each) => target === undefined || each.target === target)
      .map(({ grantId }) => grantId);
  };
  const order = { steps, servedBy, leastMillis: LEAST_MILLIS };
  const beside = () => storeIntents(pass, ledger, steps, servedBy);
  const called = await callEntry(pass, ledger, { ...order, beside });
  return called === NOTHING_CALLED ? called : await withRefusals(pass, called);
}

/** An unanswered create is retried with the same token. Any other create gets a new one. */
function tokenFor({ ports }: Pass, { entry }: Ledger): string {
  const open = entry.tokenOpen ? entry.tokens.at(-1) : undefined;
  return open ?? ports.ids.newToken();
}
