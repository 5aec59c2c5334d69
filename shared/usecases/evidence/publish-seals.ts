import {
  PUBLISHED,
  publishedDayOf,
  publishedKey,
  SEALS,
  sealedDayOf,
  sealKey,
} from "../../domain/evidence/archive/archive-keys.ts";
import { dayOf, type SealedDay, sealHash } from "../../domain/evidence/archive/seal.ts";
import { sealEvent } from "../../domain/notices/seal-event.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";

/**
 * Publishes each seal on the event bus, at least once and in order. A mark in the archive says which
 * were. So a run that ends between the two publishes a seal again, and none is left out.
 *
 * @returns the days that were published
 * @throws where the bus does not take a seal; the next run goes on there
 */
export async function publishSeals({
  store,
  bus,
  clock,
}: Pick<ArchivePorts, "store" | "bus" | "clock">): Promise<readonly string[]> {
  // Archive makes no seal and no mark of a day that is not over: others may, and all would wait for it.
  const isOver = (day: string | undefined) => day !== undefined && day < dayOf(clock.now());
  const last = (await store.list(PUBLISHED)).map(publishedDayOf).findLast(isOver);
  const keys = await store.list(SEALS, last === undefined ? "" : sealKey(last));
  const days = keys.flatMap((key) => sealedDayOf(key) ?? []).filter(isOver);
  for (const day of days) {
    const { seal } = await sealOf(store, day);
    const taken = await bus.publish([sealEvent(seal, clock.now())]);
    if (taken === 0)
      throw new Error(`The event bus did not take the seal of ${day}. The next run publishes it.`);
    await store.put(publishedKey(day), [sealHash(seal)]);
  }
  return days;
}

async function sealOf(store: ArchivePorts["store"], day: string): Promise<SealedDay> {
  for await (const line of (await store.read(sealKey(day))) ?? [])
    return JSON.parse(line) as SealedDay;
  throw new Error(`The seal of ${day} is empty. Nothing was published; compare it with a copy.`);
}
