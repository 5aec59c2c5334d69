import { randomInt } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * A new identifier of IAM's: four letters that say of what, and 17 more. `AROA` for a role's
 * unique id, `ASIA` for a temporary access key.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
export function uniqueId(prefix: "AROA" | "ASIA" | "AKIA"): string {
  const length = prefix === "AROA" ? 17 : 16;
  return prefix + Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
}
