import type { FindingDraft, FoundRecord } from "../../domain/evidence/findings/finding-record.ts";
import { type OwnPart, ownPart } from "../../domain/evidence/findings/own-finding.ts";
import { findingKey } from "../../domain/evidence/record-key.ts";
import type { Actor } from "../../domain/policy/actor.ts";
import { BrokerError, noFinding } from "../../domain/values/errors.ts";
import type { ApiPorts } from "../../ports/function-ports.ts";
import { countCall } from "../requests/count-call.ts";
import { checkNotSuspended } from "../stops/may-act.ts";
import { type KnownFinding, mayReadFindings } from "./list-findings.ts";

/** How many acknowledgements one finding has. A person who sends more must not fill its chain. */
export const MOST_ACKNOWLEDGEMENTS = 20;

/**
 * Records that the actor has looked at a finding, with a note. The same acknowledgement again changes
 * nothing. Nobody acknowledges a finding about a principal of their own, or about their own call.
 *
 * @throws BrokerError `forbidden`, `suspended`, `finding-not-found`, `own-finding`, `rate-limited`,
 *   `too-many-acknowledgements`, `dependency-unavailable`
 */
export async function acknowledgeFinding(
  ports: ApiPorts,
  actor: Actor,
  findingId: string,
  note: string,
): Promise<KnownFinding> {
  const { evidence, policy, clock } = ports;
  const { member, proof } = actor;
  if (!mayReadFindings(policy, member))
    throw new BrokerError(
      "forbidden",
      "Only auditors and admins may acknowledge findings. Nothing was changed; ask one of them.",
    );
  await checkNotSuspended(ports, member);
  await countCall(ports, actor, "acknowledgeFinding");
  const record = await evidence.finding(findingId);
  if (!record) throw noFinding(findingId);
  checkNoPart(ports, actor, record);
  const draft: FindingDraft = {
    type: "acknowledgement",
    chain: record.chain,
    at: clock.now(),
    details: { findingId, actor: member.name, note, proof },
  };
  const earlier = await evidence.acknowledgements(findingId);
  if (earlier.some((one) => findingKey(one) === findingKey(draft)))
    return { record, acknowledgements: earlier };
  if (earlier.length >= MOST_ACKNOWLEDGEMENTS) throw tooMany(findingId);
  await evidence.appendFinding(draft);
  return { record, acknowledgements: await evidence.acknowledgements(findingId) };
}

const BECAUSE: Readonly<Record<OwnPart, string>> = {
  principal: "It is about a principal of your own.",
  caller: "It is about a call that was made by you or for you.",
};

function checkNoPart(
  { policy }: Pick<ApiPorts, "policy">,
  { member }: Actor,
  record: FoundRecord,
): void {
  const part = ownPart(policy, member, record);
  if (part === undefined) return;
  throw new BrokerError(
    "own-finding",
    `You have a part in this finding. ${BECAUSE[part]} Nothing was changed; ask another auditor or admin.`,
  );
}

const tooMany = (findingId: string) =>
  new BrokerError(
    "too-many-acknowledgements",
    `Finding ${findingId} has ${MOST_ACKNOWLEDGEMENTS} acknowledgements, the most that one may have. Nothing was changed; write further notes down elsewhere.`,
  );
