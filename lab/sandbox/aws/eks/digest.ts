import { createHash } from "node:crypto";

/** SHA-256 of the parts, as hex. JSON keeps their borders, so no two lists of parts collide. */
export function digest(...parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

/** The first 128 bits of a digest in the form of a UUID; EKS's own are no version 4 either. */
export function digestUuid(...parts: readonly unknown[]): string {
  const hex = digest(...parts);
  const cuts = [0, 8, 12, 16, 20, 32];
  return cuts
    .slice(1)
    .map((end, index) => hex.slice(cuts[index], end))
    .join("-");
}
