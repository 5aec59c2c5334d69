/**
 * Refusals of AWS and deployments, for a while or from now on, and the effects that they must not
 * have.
 */
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { EntryAddress } from "../../../shared/ports/access-entries.ts";
import type { PolicyChange } from "../faults/policy-change.ts";
import type { Invocation } from "../invocation.ts";
import { bindingAt } from "../sim-policy.ts";
import type { Facts } from "./facts.ts";
import { isWithdrawn, type Truth } from "./truth.ts";

/** Calls that add to an entry. AssociateAccessPolicy also narrows. */
const ADDITIONS: ReadonlySet<string> = new Set([
  "entries.create",
  "entries.updateGroups",
  "entries.associate",
]);

/** IAM refused an addition. The refusal passes before a grant may fail of it. */
export function additionDenied(facts: Facts, address: EntryAddress): void {
  const truth = facts.truths.get(bindingAt(address));
  if (truth) denied(facts, truth);
}

/** IAM refused the session of a call. A narrowing that fails of it takes the whole association. */
export function sessionRefused(facts: Facts, invocation: Invocation, operation: string): void {
  if (ADDITIONS.has(operation))
    for (const truth of facts.truthsOf(invocation)) denied(facts, truth);
}

function denied(facts: Facts, truth: Truth): void {
  truth.deniedAt = facts.now;
  facts.disturb(truth, facts.now);
}

/** A deployment lends less from now on. */
export function deployed(facts: Facts, { lends }: PolicyChange): void {
  facts.deployments.push({ at: facts.now, lends });
}

/** A cluster takes no access entries: nothing can be lent there until it does. */
export function takesNoEntries(facts: Facts, cluster: string): void {
  for (const truth of truthsOn(facts, cluster)) truth.withdrawnAt = facts.options.startedAt;
}

/** It takes them from now on. */
export function takesEntries(facts: Facts, cluster: string): void {
  for (const truth of truthsOn(facts, cluster)) {
    if (truth.withdrawnAt === facts.options.startedAt) truth.withdrawnAt = Number.POSITIVE_INFINITY;
    facts.disturb(truth, facts.now);
  }
}

const truthsOn = ({ truths }: Facts, cluster: string): readonly Truth[] =>
  [...truths.values()].filter(({ address }) => address.cluster.name === cluster);

/** Each life has one span of refusals at most, shorter than a grant waits. */
export function checkRefusal(facts: Facts, { request, event }: Step): void {
  const { hardships } = facts.options;
  const truth = facts.truthOf(request);
  const areBoth = hardships.has("stsFails") && hardships.has("additionDenied");
  if (event.type !== "refuse" || !truth || isWithdrawn(truth) || areBoth) return;
  const { code = "", detail = "" } = request.outcome ?? {};
  if (code === "refused-by-aws" && detail.includes("AccessDenied"))
    facts.broken("refusal-passes", `${request.id} failed: ${detail}`);
}
