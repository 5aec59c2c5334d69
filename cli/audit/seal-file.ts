/** Reads a seal's file in a bundle. */
import {
  isCount,
  isHash,
  isTip,
  listOf,
  only,
  readForm,
  SIGNED,
} from "../../shared/domain/evidence/archive/read-seal.ts";
import type { BundleSeal } from "../../shared/domain/evidence/report/bundle-seal.ts";

const proofs = listOf(only({ tip: isTip, index: isCount, proof: listOf(isHash) }));
const isBundleSeal = only({ ...SIGNED, proofs }, { neighbours: proofs });

/** @returns undefined where the text is no seal of a bundle, with proofs in place of tips */
export const readBundleSeal = (json: string): BundleSeal | undefined =>
  readForm(json, isBundleSeal) as BundleSeal | undefined;
