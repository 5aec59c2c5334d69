/** Verifies the seals of a bundle: signature, inclusion proof, and the records that they cover. */
import { sealText } from "../../shared/domain/evidence/archive/seal.ts";
import type { SealKey } from "../../shared/domain/evidence/archive/seal-verify.ts";
import type { BundleRecords } from "../../shared/domain/evidence/report/bundle.ts";
import {
  type BundleSeal,
  chainsOfRequest,
  gapsIn,
  isSealed,
  type TipProof,
} from "../../shared/domain/evidence/report/bundle-seal.ts";
import type { BundleFault } from "./bundle-fault.ts";
import { EVENTS_FILE, EVIDENCE_FILE, sealFile } from "./bundle-files.ts";

/** @param key without it, signatures are not looked at */
export function sealFaults(
  records: BundleRecords,
  key: SealKey | undefined,
): readonly BundleFault[] {
  const own = records.seals.flatMap((seal) =>
    [
      ...signatureFaults(seal, key),
      ...seal.proofs.flatMap((proof) => proofFaults(seal, proof, records)),
      ...(seal.neighbours ?? []).flatMap((proof) => notIncluded(seal, proof)),
    ].map(([fault, detail]) => ({ file: sealFile(seal.seal.day), fault, detail })),
  );
  return key === undefined ? own : [...own, ...uncovered(records), ...leftOut(records)];
}

/**
 * Records that no seal in the bundle covers: their hashes have no key, so whoever writes them again can
 * make them fit. Findings are in chains with those of others, and no seal here covers any.
 */
function uncovered({ events, evidence, seals }: BundleRecords): readonly BundleFault[] {
  const [audit, evid] = chainsOfRequest(events[0]?.requestId ?? "");
  const tips = seals.flatMap(({ proofs }) => proofs.map(({ tip }) => tip));
  const chains = [
    { chain: audit, file: EVENTS_FILE, count: events.length },
    { chain: evid, file: EVIDENCE_FILE, count: evidence.length },
  ];
  return chains.flatMap(({ chain, file, count }) => {
    const upTo = Math.max(0, ...tips.flatMap((tip) => (tip.chain === chain ? tip.seq : [])));
    if (upTo >= count) return [];
    const which = upTo + 1 === count ? `record ${count}` : `the records ${upTo + 1} to ${count}`;
    const detail = `The key covers nothing of ${which} of ${chain}. Make the bundle again with the archive, once their days are sealed.`;
    return [{ file, fault: "uncovered", detail }];
  });
}

/** Days that may hide records. The key covers none of what is not shown. */
const leftOut = (records: BundleRecords): readonly BundleFault[] =>
  gapsIn(records).map(({ day, detail }) => ({ file: sealFile(day), fault: "gap", detail }));

type Found = readonly (readonly [fault: string, detail: string])[];

function signatureFaults({ seal, signature }: BundleSeal, key: SealKey | undefined): Found {
  if (key === undefined) return [];
  if (seal.key !== key.fingerprint) return [["other-key", `Another key sealed ${seal.day}.`]];
  return key.verifySignature(sealText(seal), signature)
    ? []
    : [["edited", `The seal of ${seal.day} does not match its signature.`]];
}

function proofFaults(sealed: BundleSeal, proof: TipProof, records: BundleRecords): Found {
  const { day } = sealed.seal;
  const { tip } = proof;
  const missing = notIncluded(sealed, proof);
  if (missing.length > 0) return missing;
  const found = recordAt(tip.chain, tip.seq, records);
  if (found === undefined)
    return [["cut-off", `Record ${tip.seq} of ${tip.chain} was sealed on ${day}; it is not here.`]];
  return found === tip.hash
    ? []
    : [["rewritten", `Record ${tip.seq} of ${tip.chain} is not what was sealed on ${day}.`]];
}

const notIncluded = ({ seal }: BundleSeal, proof: TipProof): Found =>
  isSealed(seal, proof)
    ? []
    : [["not-included", `Its proof does not show ${proof.tip.chain} in the seal of ${seal.day}.`]];

/** The hash of a record of the request's own chains. */
function recordAt(chain: string, seq: number, { events, evidence }: BundleRecords) {
  const [audit, evid] = chainsOfRequest(events[0]?.requestId ?? "");
  const all = chain === audit ? events : chain === evid ? evidence : [];
  return all.find((record) => record.seq === seq)?.hash;
}
