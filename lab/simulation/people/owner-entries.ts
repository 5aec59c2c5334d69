/** Access entries as others create and edit them. */
import { GROUPS, groupElements } from "../../../shared/domain/entries/access.ts";
import type { ActualEntry } from "../../../shared/domain/entries/actual-entry.ts";
import { scopeElements } from "../../../shared/domain/entries/scope.ts";
import { type ElementSet, setOf } from "../../../shared/domain/values/element-set.ts";
import type { EditedEntry } from "../../fakes/memory-access-entries.ts";
import type { Random } from "../random.ts";
import { addressOf, TARGETS } from "../sim-policy.ts";
import type { World } from "../world.ts";
import type { Place } from "./people.ts";

/** When others created the entries that exist from the beginning. */
const LONG_AGO = "2026-11-01T00:00:00.000Z";

const NAMES = ["app-a", "app-b", "base", "ops"] as const;

/** Elements that somebody else puts on a target. */
function anyElements(random: Random, target: string): ElementSet {
  if (target === GROUPS) return groupElements(random.some(["viewers", "owners"], 0.6));
  if (random.chance(0.1)) return scopeElements({ type: "cluster" });
  const namespaces = [...new Set([random.pick(NAMES), random.pick(NAMES)])];
  return scopeElements({ type: "namespace", namespaces });
}

export const anyTargets = (random: Random): Record<string, ElementSet> =>
  Object.fromEntries(random.some(TARGETS, 0.35).map((each) => [each, anyElements(random, each)]));

/** Some give their entries a username of their own; EKS has a default for the others. */
export const anyName = (random: Random): Pick<EditedEntry, "username"> =>
  random.chance(0.5) ? { username: `owners:${random.whole(1, 99)}` } : {};

/** Creates an entry that exists before the broker does anything. */
export function standingEntry(world: World, place: Place): void {
  const address = addressOf(place.cluster, place.principal);
  const entry = { ...anyName(world.random), targets: anyTargets(world.random) };
  world.entries.edit(address, () => entry, LONG_AGO);
}

type Edit = (entry: ActualEntry | undefined, random: Random) => EditedEntry | undefined;

const kept = (
  entry: ActualEntry | undefined,
): EditedEntry & { targets: Record<string, ElementSet> } => ({
  tags: entry?.tags ?? {},
  targets: { ...entry?.targets },
});

/** Ways to edit an entry, by the trace's name for them. */
export const EDITS: Readonly<Record<string, Edit>> = {
  "adds to it": (entry, random) => {
    const { tags, targets } = kept(entry);
    const target = random.pick(TARGETS);
    const there = targets[target] ?? [];
    const more = there.includes("cluster") ? there : anyElements(random, target);
    const all = more.includes("cluster") ? more : setOf([...there, ...more]);
    const name = entry ? {} : anyName(random);
    return { ...name, tags: tags ?? {}, targets: { ...targets, [target]: all } };
  },
  "takes something from it": (entry, random) => {
    const { tags, targets } = kept(entry);
    const target = random.pick(Object.keys(targets).concat(TARGETS[0]));
    const left = (targets[target] ?? []).slice(1);
    return { tags: tags ?? {}, targets: { ...targets, [target]: left } };
  },
  "scopes it again": (entry, random) => {
    const { tags, targets } = kept(entry);
    const target = random.pick(Object.keys(targets).concat(TARGETS[0]));
    return { tags: tags ?? {}, targets: { ...targets, [target]: anyElements(random, target) } };
  },
  "deletes it": () => undefined,
};

/** The entry without empty targets: EKS keeps none. */
export function tidied(entry: EditedEntry | undefined): EditedEntry | undefined {
  if (!entry) return undefined;
  const targets = Object.fromEntries(
    Object.entries(entry.targets ?? {}).filter(([, elements]) => elements.length > 0),
  );
  return { ...entry, targets };
}
