import { bindingKey } from "../../domain/entries/binding.ts";
import type { KnownFacts } from "../../domain/evidence/explain-event.ts";
import { differences, type RecordedCall } from "../../domain/evidence/recorded-call.ts";
import type { TrailEvent } from "../../domain/evidence/trail-event.ts";
import { BrokerError } from "../../domain/values/errors.ts";
import type { CorrelatePorts } from "../../ports/function-ports.ts";
import { armedFuses, type GrantOnEntry, grantsAt, lentAccess } from "./grants-on-entry.ts";

/** What may explain an event, and the grants whose access may have been on its entry. */
export interface FactsOfEvent extends KnownFacts {
  readonly requestIds: readonly string[];
}

/** The most grants of one entry that are read for one event: the latest. */
const MOST_GRANTS = 50;

/** Reads what may explain the event. A call that agrees explains it alone. */
export async function knownFacts(ports: CorrelatePorts, event: TrailEvent): Promise<FactsOfEvent> {
  const { evidence, policy, settings, fuseRoleArn } = ports;
  const { eksRequestId, clusterArn, principalArn, eventTime } = event;
  const call = eksRequestId === null ? undefined : await evidence.call(eksRequestId);
  const facts = { call, fuseRoleArn, expected: policy.expected ?? [], requestIds: [] };
  if (call && differences(call, event).length === 0) return facts;
  const entry = entryOf(clusterArn, principalArn, call);
  if (!entry) return facts;
  const intents = await evidence.intents(entry);
  const ids = new Set(intents.flatMap(({ calls }) => calls.flatMap((each) => each.requestIds)));
  const grants = await grantsWith(ports, [...ids].slice(0, MOST_GRANTS));
  return {
    ...facts,
    intents,
    lent: lentAccess(grants, entry, eventTime),
    fuses: armedFuses(grants, fuseRoleArn, settings.fuseDelaySeconds),
    requestIds: grantsAt(grants, eventTime),
  };
}

/** CloudTrail names no entry where a call failed early. */
function entryOf(
  clusterArn: string | null,
  principalArn: string | null,
  call: RecordedCall | undefined,
): string | undefined {
  if (clusterArn !== null && principalArn !== null) return bindingKey(clusterArn, principalArn);
  return call && bindingKey(call.clusterArn, call.principalArn);
}

async function grantsWith(
  { requests }: Pick<CorrelatePorts, "requests">,
  ids: readonly string[],
): Promise<readonly GrantOnEntry[]> {
  const found = ids.map(async (id): Promise<readonly GrantOnEntry[]> => {
    try {
      return [{ grant: await requests.load(id), history: await requests.history(id) }];
    } catch (error) {
      if (error instanceof BrokerError && error.code === "request-not-found") return [];
      throw error;
    }
  });
  return (await Promise.all(found)).flat();
}
