import { FIRST_DAY_KEY, sealKey } from "../../domain/evidence/archive/archive-keys.ts";
import type { SealedDay } from "../../domain/evidence/archive/seal.ts";
import { verifySeals } from "../../domain/evidence/archive/seal-verify.ts";
import type { ArchivePorts } from "../../ports/function-ports.ts";
import { dayBefore } from "./read-archive.ts";

/**
 * The seal of a day, verified: by its key and signature, its own tips, and the seal before it. If
 * somebody put another one in its place, the next seal would vouch for that.
 *
 * @returns undefined before the first day; `refused` for one that does not hold
 */
export async function sealBefore(
  { store, signer }: Pick<ArchivePorts, "store" | "signer">,
  day: string,
): Promise<SealedDay | "refused" | undefined> {
  const sealed = await sealOfDay(store, day);
  if (sealed === undefined) return (await isBeforeFirst(store, day)) ? undefined : "refused";
  const earlier = await sealOfDay(store, dayBefore(day));
  if (sealed === "refused" || earlier === "refused") return "refused";
  const key = await signer.key();
  const seals = earlier === undefined ? [sealed] : [earlier, sealed];
  try {
    const { faults } = verifySeals(seals, key, earlier ? { from: earlier.seal.day } : {});
    return sealed.seal.day === day && faults.length === 0 ? sealed : "refused";
  } catch {
    // A member has another type than a seal's.
    return "refused";
  }
}

async function sealOfDay(
  store: ArchivePorts["store"],
  day: string,
): Promise<SealedDay | "refused" | undefined> {
  for await (const line of (await store.read(sealKey(day))) ?? []) {
    try {
      return JSON.parse(line) as SealedDay;
    } catch {
      return "refused";
    }
  }
  return undefined;
}

async function isBeforeFirst(store: ArchivePorts["store"], day: string): Promise<boolean> {
  for await (const first of (await store.read(FIRST_DAY_KEY)) ?? []) return day < first;
  return false;
}
