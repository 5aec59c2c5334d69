/** The records of simulated lives are judged again, as `timelatch policy replay` does with an archive. */
import { expect, it } from "vitest";
import { simulate } from "../../../lab/simulation/simulate.ts";
import type { SimulatedRecord } from "../../../lab/simulation/simulated-record.ts";
import { delegationOf } from "../../../shared/domain/delegations/delegation.ts";
import { recordedRequest } from "../../../shared/policy-tools/replay/recorded-request.ts";
import { replayPolicy } from "../../../shared/policy-tools/replay/replay-policy.ts";

const SEEDS = 40;

function recorded({ events, delegations, policies = new Map() }: SimulatedRecord) {
  const requests = [...Map.groupBy(events, ({ requestId }) => requestId)].flatMap(
    ([id, history]) => {
      const found = recordedRequest(history);
      return found ? [[id, found] as const] : [];
    },
  );
  const given = [...delegations].flatMap(([id, records]) => {
    const found = delegationOf(id, records);
    return found ? [[id, found] as const] : [];
  });
  return { requests: new Map(requests), delegations: new Map(given), policies };
}

it("Each request comes out as it did under the policies that judged it, in the lives of 40 seeds", async () => {
  const counts = { requests: 0, granted: 0, policies: 0, delegated: 0 };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { record } = await simulate(seed);
    if (!record?.policies) continue;
    const life = recorded(record);
    for (const policy of record.policies.values()) {
      const found = replayPolicy(policy, life, () => true);
      expect({ seed, found: found.contradictions }).toEqual({ seed, found: [] });
      expect(found.missingPolicies).toEqual([]);
    }
    const all = [...life.requests.values()];
    counts.requests += all.length;
    counts.granted += all.filter(({ grantedBy }) => grantedBy === "people").length;
    counts.policies += Number(record.policies.size > 1);
    counts.delegated += all.filter(({ request: { approvals } }) =>
      approvals.some(({ onBehalfOf }) => onBehalfOf),
    ).length;
  }
  expect(counts.granted).toBeGreaterThan(SEEDS);
  expect(counts.policies + counts.delegated).toBeGreaterThan(0);
});
