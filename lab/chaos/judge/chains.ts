import { evidenceVerifier } from "../../../shared/domain/evidence/evidence-chain.ts";
import { verifyChains } from "../../../shared/domain/requests/audit-chain.ts";
import type { Judgement, Seen, SeenRequest } from "./seen.ts";

/** Breaks in the chain of a request's evidence. */
function brokenEvidence({ evidence: { records } }: SeenRequest): readonly unknown[] {
  const verifier = evidenceVerifier();
  const onArrival = records.flatMap((record) => verifier.add(record) ?? []);
  return [...onArrival, ...verifier.end()];
}

const judge = ({ requests, settledAt }: Seen) =>
  requests.flatMap((one) => {
    const { request, events } = one;
    const breaks = [...verifyChains(events), ...brokenEvidence(one)];
    const details = [
      ...(events.length === 0 ? ["It has no history."] : []),
      ...(breaks.length > 0 ? [`Its chains are broken: ${JSON.stringify(breaks)}`] : []),
    ];
    return details.map((detail) => ({ at: settledAt, request: request.id, detail }));
  });

export const CHAINS: Judgement = {
  sentence: "Every history and its evidence are unbroken chains.",
  judge,
};
