import { bindingKey } from "../../shared/domain/entries/binding.ts";
import type { ArchivedRecord } from "../../shared/domain/evidence/archive/archived-record.ts";
import type { CallIntent } from "../../shared/domain/evidence/calls/call-intent.ts";
import type { RecordedCall } from "../../shared/domain/evidence/calls/recorded-call.ts";
import { nextEvidence } from "../../shared/domain/evidence/evidence-chain.ts";
import type { EvidenceRecord } from "../../shared/domain/evidence/evidence-record.ts";
import type { FindingRecord } from "../../shared/domain/evidence/findings/finding-record.ts";
import { evidenceKey, explainedKey } from "../../shared/domain/evidence/record-key.ts";
import { hashOf } from "../../shared/domain/values/canonical-json.ts";
import { type EvidenceStore, MOST_CALLS_READ } from "../../shared/ports/evidence-store.ts";
import { memoryFindingStore, pageOf } from "./memory-finding-store.ts";
import type { MemoryTables } from "./memory-tables.ts";

/** A store whose calls and intents a test may restore. */
export interface MemoryEvidenceStore extends EvidenceStore {
  readonly kept: readonly Map<string, unknown>[];
}

/**
 * Calls, intents, evidence and findings in memory. Each call takes effect at once and as a whole.
 * @param tables where a finding makes its notices due
 */
export function memoryEvidenceStore(tables?: MemoryTables): MemoryEvidenceStore {
  const calls = new Map<string, RecordedCall>();
  const waiting = new Map<string, { readonly turn: string; readonly readDownTo: string | null }>();
  const intents = new Map<string, ReadonlyMap<string, CallIntent>>();
  const evidence = new Map<string, readonly EvidenceRecord[]>();
  const { chains, explain, ...findings } = memoryFindingStore(tables);
  return {
    kept: [calls, waiting, intents],
    async putCall(call) {
      if (calls.has(call.eksRequestId)) return;
      calls.set(call.eksRequestId, call);
      if (call.result === "ok") waiting.set(call.eksRequestId, { turn: call.at, readDownTo: null });
    },
    call: async (id) => calls.get(id),
    callsFor: async (requestId) =>
      [...calls.values()]
        .filter(({ requestIds }) => requestIds.includes(requestId))
        .toSorted((a, b) => (a.at < b.at ? -1 : 1))
        .slice(-MOST_CALLS_READ),
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
      const key = `${intent.from}#${intent.sessionName}#${hashOf(intent)}`;
      intents.set(binding, new Map([...(intents.get(binding) ?? []), [key, intent]]));
    },
    intents: async (binding, before, most) =>
      [...(intents.get(binding) ?? [])]
        .filter(([key]) => key < before)
        .toSorted(([a], [b]) => (a < b ? 1 : -1))
        .slice(0, most)
        .map(([, intent]) => intent),

    async appendEvidence(draft) {
      const chain = evidence.get(draft.requestId) ?? [];
      if (chain.some((one) => evidenceKey(one) === evidenceKey(draft))) return false;
      const findingId = explainedKey(draft);
      if (findingId !== undefined && !explain(findingId)) return false;
      evidence.set(draft.requestId, [...chain, nextEvidence(chain.at(-1), draft)]);
      return true;
    },
    evidenceOf: async (requestId) => evidence.get(requestId) ?? [],

    ...findings,
    recordsBetween: async (from, to, page, isWanted = () => true) =>
      pageOf(
        archived(evidence, chains).filter(
          (one) => one.record.at >= from && one.record.at < to && isWanted(one),
        ),
        ({ chain, record: { at, seq } }) => `${at}#${chain}#${String(seq).padStart(6, "0")}`,
        page,
      ),
  };
}

type Chains<Kind> = ReadonlyMap<string, readonly Kind[]>;

/** Every record, as the archive has it. */
const archived = (
  evidence: Chains<EvidenceRecord>,
  findings: Chains<FindingRecord>,
): readonly ArchivedRecord[] => [
  ...[...evidence].flatMap(([id, records]) =>
    records.map((record) => ({ chain: `EVID#${id}`, record })),
  ),
  ...[...findings].flatMap(([chain, records]) =>
    records.map((record) => ({ chain: `FIND#${chain}`, record })),
  ),
];
