/** Reads a seal's file, and the public key that must have signed it. */
import { createHash, createPublicKey, verify } from "node:crypto";
import * as z from "zod/mini";
import type { SealedDay } from "../../shared/domain/evidence/archive/seal.ts";
import type { SealKey } from "../../shared/domain/evidence/archive/seal-verify.ts";
import type { BundleSeal } from "../../shared/domain/evidence/report/bundle-seal.ts";
import { isCanonicalNumber, parseStrictJson } from "../../shared/domain/values/strict-json.ts";

const DEEPEST = 8;
const hash = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const day = z.string().check(z.regex(/^\d{4}-\d\d-\d\d$/));
const count = z.int().check(z.minimum(0));

const tip = z.strictObject({ chain: z.string(), seq: count, hash });
const signed = {
  seal: z.strictObject({
    schema: z.literal(1),
    day,
    key: hash,
    root: hash,
    size: count,
    previous: hash,
    policyHashes: z.array(hash),
    counts: z.record(z.string(), count),
    late: z.array(z.strictObject({ chain: z.string(), seq: count, day })),
    disputed: z.optional(z.array(tip)),
  }),
  signature: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
};
const SEALED_DAY = z.strictObject({ ...signed, tips: z.array(tip) });
const proofs = z.array(z.strictObject({ tip, index: count, proof: z.array(hash) }));
const BUNDLE_SEAL = z.strictObject({ ...signed, proofs, neighbours: z.optional(proofs) });

/** @returns undefined where the text is no seal */
export const readSeal = (text: string): SealedDay | undefined => strictly(SEALED_DAY, text);

/** @returns undefined where the text is no seal of a bundle, with proofs in place of tips */
export const readBundleSeal = (text: string): BundleSeal | undefined => strictly(BUNDLE_SEAL, text);

function strictly<Kind extends z.ZodMiniType>(
  kind: Kind,
  text: string,
): z.output<Kind> | undefined {
  try {
    const parsed = kind.safeParse(parseStrictJson(text, DEEPEST, isCanonicalNumber));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param pem a public key on the curve P-256
 * @returns undefined where the text is not such a key
 */
export function readSealKey(pem: string): SealKey | undefined {
  // Node would make a public key from a private one, which nobody should hand to an auditor.
  if (!pem.includes("BEGIN PUBLIC KEY")) return undefined;
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyDetails?.namedCurve !== "prime256v1") return undefined;
    const spki = key.export({ type: "spki", format: "der" });
    return {
      fingerprint: createHash("sha256").update(spki).digest("hex"),
      verifySignature: (text, signature) =>
        verify("sha256", Buffer.from(text), key, Buffer.from(signature, "base64")),
    };
  } catch {
    return undefined;
  }
}
