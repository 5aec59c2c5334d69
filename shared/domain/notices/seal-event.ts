import { type DaySeal, sealHash } from "../evidence/archive/seal.ts";
import type { BusEvent } from "./bus-event.ts";

/**
 * That a day was sealed. A receiver that keeps these events elsewhere can show that a seal was
 * replaced, even where somebody got hold of the key.
 *
 * @param at when it is published. ISO 8601 UTC
 */
export function sealEvent(seal: DaySeal, at: string): BusEvent {
  const { day, root, size, previous, key } = seal;
  const id = `seal-${day}`;
  const detail = { id, seal: { day, hash: sealHash(seal), root, size, previous, key } };
  return { subject: id, type: "seal", at, detail };
}
