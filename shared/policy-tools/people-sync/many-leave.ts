import type { FilePeople, SyncedPeople } from "./sync-people.ts";
import { SyncRefusal } from "./sync-refusal.ts";

/** This many may leave at once however few there are, and this part of many. */
const FEW = 3;
const PART = 0.2;

/**
 * Refuses a list that is probably not whole: a directory that answers nobody, or without many of the people
 * who are there.
 *
 * @throws SyncRefusal
 */
export function refuseManyLeavers(
  current: FilePeople,
  { leaves, people }: Pick<SyncedPeople, "leaves" | "people">,
): void {
  const before = Object.keys(current).length;
  if (leaves.length <= FEW || leaves.length <= before * PART) return;
  const names = leaves.slice(0, FEW).map(({ name }) => name);
  throw new SyncRefusal(
    `${leaves.length} of ${before} people would leave (${names.join(", ")} and ${leaves.length - FEW} more), and ${Object.keys(people).length} would be in the file.`,
    "look whether the directory answered everyone. If they really leave: --allow-removals.",
  );
}
