import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { CallIntent } from "../../shared/domain/evidence/call-intent.ts";
import { nextEvidence, nextFinding } from "../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import type { FindingRecord } from "../../shared/domain/evidence/finding-record.ts";
import { evidenceKey, findingKey } from "../../shared/domain/evidence/record-key.ts";
import type { RecordedCall } from "../../shared/domain/evidence/recorded-call.ts";
import type { EvidenceStore } from "../../shared/ports/evidence-store.ts";

/** Calls, intents, evidence and findings in memory. Each call takes effect at once and as a whole. */
export function memoryEvidenceStore(): EvidenceStore {
  const calls = new Map<string, RecordedCall>();
  const waiting = new Map<string, { readonly turn: string; readonly readDownTo: string | null }>();
  const intents = new Map<string, ReadonlyMap<string, CallIntent>>();
  const evidence = new Map<string, readonly EvidenceRecord[]>();
  const findings = new Map<string, readonly FindingRecord[]>();
  return {
    async putCall(call) {
      if (calls.has(call.eksRequestId)) return;
      calls.set(call.eksRequestId, call);
      if (call.result === "ok") waiting.set(call.eksRequestId, { turn: call.at, readDownTo: null });
    },
    call: async (id) => calls.get(id),
    async postponeCall(id, turn, readDownTo) {
      if (waiting.has(id)) waiting.set(id, { turn, readDownTo });
    },
    async settleCall(id) {
      waiting.delete(id);
    },
    unconfirmed: async (until, limit) =>
      [...waiting]
        .filter(([, { turn }]) => turn <= until)
        .toSorted(([, a], [, b]) => (a.turn < b.turn ? -1 : 1))
        .slice(0, limit)
        .flatMap(([id, { readDownTo }]) => {
          const call = calls.get(id);
          return call ? { call, readDownTo } : [];
        }),

    async putIntent(intent) {
      const binding = bindingKey(intent.clusterArn, intent.principalArn);
      const key = `${intent.from}#${intent.sessionName}`;
      intents.set(binding, new Map([...(intents.get(binding) ?? []), [key, intent]]));
    },
    intents: async (binding) =>
      [...(intents.get(binding) ?? [])]
        .toSorted(([a], [b]) => (a < b ? 1 : -1))
        .map(([, intent]) => intent),

    async appendEvidence(draft) {
      const chain = evidence.get(draft.requestId) ?? [];
      if (chain.some((one) => evidenceKey(one) === evidenceKey(draft))) return false;
      evidence.set(draft.requestId, [...chain, nextEvidence(chain.at(-1), draft)]);
      return true;
    },
    evidenceOf: async (requestId) => evidence.get(requestId) ?? [],

    async appendFinding(draft) {
      const chain = findings.get(draft.chain) ?? [];
      if (chain.some((one) => findingKey(one) === findingKey(draft))) return false;
      findings.set(draft.chain, [...chain, nextFinding(chain.at(-1), draft)]);
      return true;
    },
    findingsIn: async (chain) => findings.get(chain) ?? [],
  };
}
