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

const isCounts = (value: unknown) =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((each) => count.safeParse(each).success);

/** A list whose elements are all of a kind. One that is not is enough: zod would keep an issue for each. */
const every = <Kind extends z.ZodMiniType>(kind: Kind) =>
  z.custom<readonly z.output<Kind>[]>(
    (all) => Array.isArray(all) && all.every((one) => z.safeParse(kind, one).success),
  );

const tip = z.strictObject({ chain: z.string(), seq: count, hash });
const signed = {
  seal: z.strictObject({
    schema: z.literal(1),
    day,
    key: hash,
    root: hash,
    size: count,
    previous: hash,
    policyHashes: every(hash),
    counts: z.custom<Readonly<Record<string, number>>>(isCounts),
    late: every(z.strictObject({ chain: z.string(), seq: count, day })),
    disputed: z.optional(every(tip)),
  }),
  signature: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/)),
};
const SEALED_DAY = z.strictObject({ ...signed, tips: every(tip) });
const proofs = every(z.strictObject({ tip, index: count, proof: every(hash) }));
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
