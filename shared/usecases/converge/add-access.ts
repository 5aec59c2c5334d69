import { type Entitlement, entitlementOf } from "../../domain/entries/entitlement.ts";
import { linkOf } from "../../domain/entries/extension-chain.ts";
import { wantedFuses } from "../../domain/entries/fuses.ts";
import { presentOn } from "../../domain/entries/knowledge.ts";
import type { Ledger } from "../../domain/entries/ledger.ts";
import { planAdditions, withBaselines } from "../../domain/entries/plan-additions.ts";
import type { Sighting } from "../../domain/entries/proof.ts";
import { scopeRemainder } from "../../domain/entries/scope.ts";
import { type EntryStep, targetOf } from "../../domain/entries/step.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import type { Admitted } from "./admit-grants.ts";
import { armFuses, armRevocations } from "./arm-timers.ts";
import { type CalledSteps, callEntry } from "./call-entry.ts";
import { greatest, type Need } from "./need.ts";
import { type Pass, workMillis } from "./pass.ts";
import { withRefusals } from "./refuse-additions.ts";
import { storeFuseIntent, storeIntents } from "./store-intents.ts";

export interface Added {
  readonly need: Need;
  /** Whether a call was made, so only a new read shows what is there. */
  readonly hasCalled: boolean;
  readonly fusesRefused: number;
}

/** Additions start only if the run has at least this much work time left, in milliseconds. */
const LEAST_MILLIS = 1_500;

export const NOTHING_ADDED: Added = {
  need: "settled",
  hasCalled: false,
  fusesRefused: 0,
};

/**
 * Adds the access that admitted grants lack. What ends the access is created first: each grant's
 * schedule, then each target's fuse. Then the ledger records that the grant has begun, then we call
 * EKS.
 */
export async function addAccess(pass: Pass, judged: Admitted, seen: Sighting): Promise<Added> {
  const admitted = pass.grants.open.filter(({ id }) => judged.admitted.has(id));
  if (admitted.length === 0) return NOTHING_ADDED;
  if (workMillis(pass) < LEAST_MILLIS) return { ...NOTHING_ADDED, need: "yield" };
  const hasBegun = ({ id }: AccessRequest) => Object.hasOwn(pass.held.current.begun, id);
  const timers = await armRevocations(
    pass,
    admitted.filter((grant) => !hasBegun(grant)),
  );
  const armed = admitted.filter((grant) => hasBegun(grant) || timers.ready.has(grant.id));
  const based = withNewBaselines(pass, armed, seen);
  const canBegin = (grant: AccessRequest) =>
    hasBegun(grant) || Object.hasOwn(based.targets, reached(pass, grant, based).target);
  const able = armed.filter(canBegin);
  await storeFuseIntent(
    pass,
    able.filter((grant) => !hasBegun(grant)).map(({ id }) => id),
  );
  const fused = await fuseTargets(pass, based, able, seen);
  const ready = able.filter(
    (grant) => hasBegun(grant) || !fused.missing.has(reached(pass, grant, based).target),
  );
  const begun = withBegun(fused.ledger, ready);
  const called = await callAdditions(pass, begun, new Set(ready.map(({ id }) => id)), seen);
  return {
    hasCalled: called !== NOTHING_CALLED,
    fusesRefused: fused.refused,
    need: greatest(
      timers.need,
      fused.need,
      called.need,
      armed.every(canBegin) ? "settled" : "retry",
    ),
  };
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

/** The fuses of access that is lent or about to be. */
function fuseTargets(
  pass: Pass,
  ledger: Ledger,
  beginning: readonly AccessRequest[],
  { reading }: Sighting,
) {
  const ids = new Set(beginning.map(({ id }) => id));
  const live = pass.grants.open.flatMap((grant) => {
    const entitlement = reached(pass, grant, ledger);
    const isLent = entitlement.hasBegun && !entitlement.isOver;
    return isLent || ids.has(grant.id) ? [[grant, entitlement] as const] : [];
  });
  const wanted = wantedFuses(ledger, live, reading, pass.ports.settings.fuseDelaySeconds);
  return armFuses(pass, ledger, wanted);
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

const NOTHING_CALLED: CalledSteps = { served: [], refused: [], need: "settled" };

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
  if (steps.length === 0) {
    pass.held.know(ledger);
    await pass.held.saveIfChanged();
    return NOTHING_CALLED;
  }
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
  await storeIntents(pass, ledger, steps, servedBy);
  const called = await callEntry(pass, ledger, { steps, servedBy, leastMillis: LEAST_MILLIS });
  return await withRefusals(pass, called);
}

/** An unanswered create is retried with the same token. Any other create gets a new one. */
function tokenFor({ ports }: Pass, { entry }: Ledger): string {
  const open = entry.tokenOpen ? entry.tokens.at(-1) : undefined;
  return open ?? ports.ids.newToken();
}
