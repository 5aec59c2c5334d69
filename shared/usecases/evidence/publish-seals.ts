import {
  PUBLISHED,
  publishedIn,
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
  const marks = (await store.list(PUBLISHED)).flatMap((key) => publishedIn(key) ?? []);
  const last = await lastPublished(
    store,
    marks.filter(({ day }) => isOver(day)),
  );
  const marked = new Set(marks.map(({ day }) => day));
  // A true mark of a later day, put by others, hides no day that has no mark.
  const isLeft = (day: string) => !marked.has(day) || last === undefined || day > last;
  const sealed = (await store.list(SEALS)).flatMap((key) => sealedDayOf(key) ?? []);
  const days = sealed.filter((day) => isOver(day) && isLeft(day));
  for (const day of days) {
    const { seal } = await sealOf(store, day);
    const taken = await bus.publish([sealEvent(seal, clock.now())]);
    if (taken === 0)
      throw new Error(`The event bus did not take the seal of ${day}. The next run publishes it.`);
    const hash = sealHash(seal);
    await store.put(publishedKey(day, hash), [hash]);
  }
  return days;
}

/** The last day whose mark has the hash of its seal. Others may have put marks of days that were not published. */
async function lastPublished(
  store: ArchivePorts["store"],
  marks: readonly { readonly day: string; readonly hash: string }[],
): Promise<string | undefined> {
  for (const { day, hash } of marks.toReversed()) {
    const line = await firstLine(store, sealKey(day));
    if (line !== undefined && sealHash((JSON.parse(line) as SealedDay).seal) === hash) return day;
  }
  return undefined;
}

async function firstLine(store: ArchivePorts["store"], key: string): Promise<string | undefined> {
  for await (const line of (await store.read(key)) ?? []) return line;
  return undefined;
}

async function sealOf(store: ArchivePorts["store"], day: string): Promise<SealedDay> {
  const line = await firstLine(store, sealKey(day));
  if (line !== undefined) return JSON.parse(line) as SealedDay;
  throw new Error(`The seal of ${day} is empty. Nothing was published; compare it with a copy.`);
}
