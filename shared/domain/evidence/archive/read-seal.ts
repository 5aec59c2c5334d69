/** Reads the text of a seal, and the public key that must have signed it. */
import { createHash, createPublicKey, verify } from "node:crypto";
import { isCanonicalNumber, parseStrictJson } from "../../values/strict-json.ts";
import type { SealedDay } from "./seal.ts";
import type { SealKey } from "./seal-verify.ts";

const DEEPEST = 8;

/** Whether a value has the form of something. */
export type Form = (value: unknown) => boolean;

const text =
  (form: RegExp): Form =>
  (value) =>
    typeof value === "string" && form.test(value);

const isText = text(/^/);
export const isHash = text(/^[0-9a-f]{64}$/);
const isDay = text(/^\d{4}-\d\d-\d\d$/);
export const isCount: Form = (value) => Number.isSafeInteger(value) && Number(value) >= 0;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCounts: Form = (value) => isObject(value) && Object.values(value).every(isCount);

/** A list whose elements are all of a form. */
export const listOf =
  (form: Form): Form =>
  (value) =>
    Array.isArray(value) && value.every(form);

/** An object with these members and no other. @param optional members that may be absent */
export const only =
  (members: Readonly<Record<string, Form>>, optional: Readonly<Record<string, Form>> = {}): Form =>
  (value) =>
    isObject(value) &&
    Object.entries(members).every(
      ([name, form]) => Object.hasOwn(value, name) && form(value[name]),
    ) &&
    Object.entries(value).every(
      ([name, one]) =>
        Object.hasOwn(members, name) || (Object.hasOwn(optional, name) && optional[name]?.(one)),
    );

export const isTip = only({ chain: isText, seq: isCount, hash: isHash });

/** The members that each kind of stored seal has. */
export const SIGNED: Readonly<Record<"seal" | "signature", Form>> = {
  seal: only(
    {
      schema: (value) => value === 1,
      day: isDay,
      key: isHash,
      root: isHash,
      size: isCount,
      previous: isHash,
      policyHashes: listOf(isHash),
      counts: isCounts,
      late: listOf(only({ chain: isText, seq: isCount, day: isDay })),
    },
    { disputed: listOf(isTip), withoutContent: listOf(isHash) },
  ),
  signature: text(/^[A-Za-z0-9+/]+={0,2}$/),
};

const isSealedDay = only({ ...SIGNED, tips: listOf(isTip) });

/** @returns undefined where the text is no seal */
export const readSeal = (json: string): SealedDay | undefined =>
  readForm(json, isSealedDay) as SealedDay | undefined;

/** @returns the value of a strict JSON text; undefined where it is no such text, or has another form */
export function readForm(json: string, form: Form): unknown {
  try {
    const value = parseStrictJson(json, DEEPEST, isCanonicalNumber);
    return form(value) ? value : undefined;
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
      verifySignature: (signed, signature) =>
        verify("sha256", Buffer.from(signed), key, Buffer.from(signature, "base64")),
    };
  } catch {
    return undefined;
  }
}
