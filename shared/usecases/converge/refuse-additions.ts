import type { Begun, Ledger, Refusal } from "../../domain/entries/ledger.ts";
import { mayPass } from "../../domain/entries/refusal.ts";
import { secondsBetween } from "../../domain/values/instant.ts";
import type { CallFailed } from "../../ports/access-entries.ts";
import type { CalledSteps } from "./call-entry.ts";
import { greatest } from "./need.ts";
import type { Pass } from "./pass.ts";

/**
 * Records what AWS refused to add. A refusal that may pass is retried for `policySkewSeconds`.
 * After that, or if it cannot pass, the grant is over. An active grant keeps what is there and is
 * retried until its end.
 */
export async function withRefusals(pass: Pass, called: CalledSteps): Promise<CalledSteps> {
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
  const ledger: Ledger = { ...held.current, begun: Object.fromEntries(begun) };
  held.know(ledger);
  await held.saveIfChanged();
  return hasFailed ? { ...called, need: greatest(called.need, "rerun") } : called;
}

function refused({ ports, grants, now }: Pass, id: string, begun: Begun, error: CallFailed): Begun {
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
