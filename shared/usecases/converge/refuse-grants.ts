/** Ends begun grants that get their access no more: the policy, an obstacle or AWS refuses it. */
import { kept } from "../../domain/entries/bounds.ts";
import type { Begun, Refusal } from "../../domain/entries/ledger.ts";
import { mayPass } from "../../domain/entries/refusal.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { CallFailed } from "../../ports/access-entries.ts";
import type { Admitted } from "./admit-grants.ts";
import type { CalledSteps } from "./call-entry.ts";
import { greatest } from "./need.ts";
import type { PartOf, Pass } from "./pass.ts";

type Refuser = Pick<Pass, "grants" | "held" | "now">;

/**
 * Withdraws active grants whose access can no longer exist. Marks begun grants that are now refused
 * as over. The next pass removes their access.
 *
 * @returns whether there is such a grant
 */
export async function failGrants(
  { held, grants, now }: Refuser,
  { refused, withdrawn }: Pick<Admitted, "refused" | "withdrawn">,
): Promise<boolean> {
  const overs = Object.entries(held.current.begun).flatMap(([id, begun]) => {
    const refusal: Refusal | undefined = refused.get(id);
    return refusal && !begun.over
      ? [[id, { ...begun, over: true, refusal: kept(refusal) }] as const]
      : [];
  });
  // An active grant that is missing in this ledger may have begun after the ledger was loaded.
  if (withdrawn.size > 0) await held.fence();
  if (overs.length > 0) {
    const begun = { ...held.current.begun, ...Object.fromEntries(overs) };
    await held.save({ ...held.current, begun });
  }
  await grants.stepAll(
    [...withdrawn].map(([id, { code, detail }]) => [
      id,
      { type: "withdraw", at: now, details: {}, changes: { outcome: { code, detail } } },
    ]),
  );
  return overs.length > 0 || withdrawn.size > 0;
}

/**
 * Records AWS's refusals of additions. A refusal that may pass is retried for `policySkewSeconds`. After that, or
 * if it cannot pass, the grant is over. An active grant keeps the access that is there and is retried until its
 * end.
 */
export async function withRefusals(
  pass: Refuser & PartOf<never, "settings">,
  called: CalledSteps,
): Promise<CalledSteps> {
  const { held } = pass;
  const byGrant = new Map(
    called.refused.flatMap(({ served, error }) => served.map((id) => [id, error] as const)),
  );
  const served = new Set(called.served);
  let hasFailed = false;
  const begun = Object.entries(held.current.begun).map(([id, each]) => {
    const error = byGrant.get(id);
    if (!error) return [id, served.has(id) ? { ...each, refusedSince: null } : each] as const;
    const next = refused(pass, id, each, error);
    hasFailed ||= next.over;
    return [id, next] as const;
  });
  held.know({ ...held.current, begun: Object.fromEntries(begun) });
  await held.saveIfChanged();
  return hasFailed ? { ...called, need: greatest(called.need, "rerun") } : called;
}

function refused(
  { ports, grants, now }: PartOf<"grants" | "now", "settings">,
  id: string,
  begun: Begun,
  error: CallFailed,
): Begun {
  const since = begun.refusedSince ?? now;
  const isActive = grants.open.some((grant) => grant.id === id && grant.state === "active");
  const isPassing =
    mayPass(error.code) && secondsBetween(since, now) < ports.settings.policySkewSeconds;
  if (isActive || isPassing) return { ...begun, refusedSince: since };
  return { ...begun, over: true, refusal: refusalOf(error) };
}

const refusalOf = ({ code, record }: CallFailed): Refusal => ({
  code: "refused-by-aws",
  detail: `AWS refused ${record.operation} with ${code}. Nothing is left of the access; fix the cause and ask again.`,
});
