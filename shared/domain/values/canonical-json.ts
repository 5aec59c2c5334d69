import { hash } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * SHA-256 in hex over the RFC 8785 form of `value`. Equal values give equal hashes on any machine.
 */
export const hashOf = (value: unknown): string => sha256(canonicalJson(value));

/** The RFC 8785 form of `value`: the one text that all machines write for it. */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error("Only JSON values can be hashed.");
  return text;
}

/** SHA-256 of UTF-8 text, hex. */
export const sha256 = (text: string): string => hash("sha256", text);
