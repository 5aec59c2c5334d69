import { hash } from "node:crypto";
import canonicalize from "canonicalize";

/**
 * SHA-256 in hex over the RFC 8785 form of `value`. Equal values give equal hashes on any machine.
 */
export const hashOf = (value: unknown): string => sha256(canonicalJson(value));

/** The RFC 8785 form of `value`: the one text that all machines write for it. */
export function canonicalJson(value: unknown): string {
  if (isInOrder(value)) return JSON.stringify(value);
  const text = canonicalize(value);
  if (text === undefined) throw new Error("Only JSON values can be hashed.");
  return text;
}

/** SHA-256 of UTF-8 text, hex. */
export const sha256 = (text: string): string => hash("sha256", text);

/** Deeper values are written by the library, which needs no stack. */
const DEEPEST = 32;

/**
 * Whether `JSON.stringify` writes the form of RFC 8785 at once: each object has its members in order. So have the
 * records of an archive, and to see that takes less than to write them member by member.
 * https://www.rfc-editor.org/rfc/rfc8785#section-3.2.3
 */
function isInOrder(value: unknown, levels = DEEPEST): boolean {
  if (typeof value === "string") return value.isWellFormed();
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object") return typeof value === "boolean";
  if (value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((one) => isInOrder(one, levels - 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  const members = value as Readonly<Record<string, unknown>>;
  let before = "";
  for (const name of Object.keys(members)) {
    if (name < before || !name.isWellFormed()) return false;
    if (!isInOrder(members[name], levels - 1)) return false;
    before = name;
  }
  return true;
}
