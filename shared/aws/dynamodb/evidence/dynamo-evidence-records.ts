import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { nextEvidence } from "../../../domain/evidence/evidence-chain.ts";
import type { EvidenceDraft, EvidenceRecord } from "../../../domain/evidence/evidence-record.ts";
import { evidenceKey, explainedKey } from "../../../domain/evidence/record-key.ts";
import type { EvidenceStore } from "../../../ports/evidence-store.ts";
import type { Random } from "../../../ports/random.ts";
import {
  type ChainTable,
  chainTable,
  type Place,
  putAbsent,
  type StoredKind,
} from "../audit/chain-table.ts";
import { SCHEMA } from "../keys.ts";
import { inPartition, queryItems } from "../query-items.ts";
import { evidenceOnceKey, evidencePk, findingPlaceKey } from "./record-keys.ts";

/** The form of a stored record of evidence. */
const EVIDENCE: StoredKind<EvidenceRecord, EvidenceDraft> = {
  next: nextEvidence,
  beside: (one) => ({ once: evidenceOnceKey(one.requestId, evidenceKey(one)) }),
};

/** The event of an explanation has its one record already. */
class Concluded extends Error {}

/**
 * With an explanation goes the place of its event, which a finding about it would take too. So of
 * both there is one.
 */
const explanationOf = (table: string, findingId: string): typeof EVIDENCE => ({
  ...EVIDENCE,
  beside: (one, place) => {
    const item = { ...findingPlaceKey(findingId), schema: SCHEMA, place };
    return {
      ...EVIDENCE.beside(one, place),
      more: [putAbsent(table, item, () => new Concluded())],
    };
  },
});

/** Records of evidence in the audit table. Each request has a chain. */
export function evidenceRecords(
  client: DynamoDBDocumentClient,
  table: string,
  chains: ChainTable,
): Pick<EvidenceStore, "appendEvidence" | "evidenceOf"> {
  /** An event of several requests is explained in the chain of each, and the first has its place. */
  const isExplained = async (findingId: string): Promise<boolean> => {
    const { pk } = findingPlaceKey(findingId);
    const query = { TableName: table, ...inPartition(pk), ConsistentRead: true };
    const [item] = await queryItems(client, query);
    const place = item?.["place"] as Place | undefined;
    return place?.chain.startsWith(evidencePk("")) === true;
  };
  return {
    async appendEvidence(draft) {
      const pk = evidencePk(draft.requestId);
      const findingId = explainedKey(draft);
      if (findingId === undefined) return await chains.append(pk, EVIDENCE, draft);
      try {
        return await chains.append(pk, explanationOf(table, findingId), draft);
      } catch (error) {
        if (!(error instanceof Concluded)) throw error;
        return (await isExplained(findingId)) && (await chains.append(pk, EVIDENCE, draft));
      }
    },
    evidenceOf: (requestId) => chains.all<EvidenceRecord>(evidencePk(requestId)),
  };
}

/** Reads the evidence of requests, and writes nothing. */
export const dynamoActivity = (
  client: DynamoDBDocumentClient,
  table: string,
  random: Random,
): Pick<EvidenceStore, "evidenceOf"> => {
  const chains = chainTable(client, table, random);
  return { evidenceOf: (requestId) => chains.all<EvidenceRecord>(evidencePk(requestId)) };
};
