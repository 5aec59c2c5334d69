import { type CheckResult, type Patient, well } from "./check-result.ts";
import { remotePlaces } from "./expected-names.ts";
import type { AccountSight } from "./sights.ts";

/** An account and a region without the broker, in which it has clusters. */
export interface RemotePlace {
  readonly account: string;
  readonly region: string;
}

/** The results of a check at each remote place whose account can be read. */
export async function atRemotePlaces(
  patient: Patient,
  judged: (patient: Patient, sight: AccountSight, place: RemotePlace) => Promise<CheckResult>,
): Promise<readonly CheckResult[]> {
  const { policy, account: hub, region, broker, others } = patient;
  const places = remotePlaces(policy, { account: hub, region });
  if (places.length === 0) return [well("all clusters are where the broker is")];
  const results: CheckResult[] = [];
  for (const place of places) {
    const sight = place.account === hub ? broker : others.get(place.account);
    if (sight) results.push(await judged(patient, sight, place));
  }
  return results;
}
