import { randomBytes } from "node:crypto";
import type { Ids } from "../../ports/ids.ts";

/** Ids and tokens from the random source of the operating system. */
export const uuidIds: Ids = {
  newId: () => uuidV7(Date.now(), randomBytes(10)),
  newToken: () => randomBytes(16).toString("hex"),
};

/**
 * A UUIDv7: 48 bits of time, the version, 12 random bits, the variant, 62 random bits.
 * https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 *
 * @param random ten bytes
 */
export function uuidV7(epochMillis: number, random: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(epochMillis, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString("hex");
  return [8, 12, 16, 20].reduceRight((text, at) => `${text.slice(0, at)}-${text.slice(at)}`, hex);
}
