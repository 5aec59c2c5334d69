/** The record of a broker on fakes, as `policy replay` takes it. */
import type { memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { delegationOf } from "../../../../shared/domain/delegations/delegation.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { recordedRequest } from "../../../../shared/policy-tools/replay/recorded-request.ts";
import { replayPolicy } from "../../../../shared/policy-tools/replay/replay-policy.ts";

type Broker = ReturnType<typeof memoryBroker>;

/** The record of a broker whose policy never changed. */
export function recordOf({ tables }: Broker, policy: AccessPolicy) {
  const requests = [...Map.groupBy(tables.events, ({ requestId }) => requestId)].map(
    ([id, events]) => [id, recordedRequest(events)] as const,
  );
  return {
    requests: new Map(requests.flatMap(([id, found]) => (found ? [[id, found] as const] : []))),
    delegations: new Map(
      [...tables.delegations].flatMap(([id, records]) => {
        const found = delegationOf(id, records);
        return found ? [[id, found] as const] : [];
      }),
    ),
    policies: new Map(tables.events.map(({ policyHash }) => [policyHash, policy])),
  };
}

/** @param own the policy under which it was played */
export const replayed = (broker: Broker, own: AccessPolicy, other: AccessPolicy) =>
  replayPolicy(other, recordOf(broker, own), () => true);
export const verdicts = (found: ReturnType<typeof replayPolicy>) =>
  found.replays.map((each) => each.replayed.verdict);
