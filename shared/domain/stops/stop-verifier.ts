import { canonicalJson } from "../values/canonical-json.ts";
import { type HashChainVerifier, hashChainVerifier } from "../values/hash-chain.ts";
import { afterStop, NO_STOPS, type StopRecord } from "./stops.ts";

/** Verifies the records of the chain of stops, in any order: also that each says who is stopped then. */
export const stopVerifier = (): HashChainVerifier<StopRecord> =>
  hashChainVerifier<StopRecord, StopRecord>({
    noun: "Record of a suspension",
    chainOf: ({ chain }) => chain,
    keep: (record) => record,
    rule: (before, record) => {
      const after = afterStop(before?.details.after ?? NO_STOPS, record);
      if (canonicalJson(after) === canonicalJson(record.details.after)) return undefined;
      const detail = `Record of a suspension ${record.seq} does not say who is stopped after it.`;
      return { fault: "order", detail };
    },
  });
