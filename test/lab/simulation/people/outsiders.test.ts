import { expect, it } from "vitest";
import { Outsiders } from "../../../../lab/simulation/people/outsiders.ts";
import { People, placeOf } from "../../../../lab/simulation/people/people.ts";
import { addressOf, bindingAt, CLUSTERS } from "../../../../lab/simulation/sim-policy.ts";
import { makeWorld } from "../../../../lab/simulation/world.ts";

const ADDRESS = addressOf("one", "oncall");

/** In how many of twenty worlds an owner who edits five times has an entry. */
function entriesMade(isDeleted: boolean): number {
  const options = { without: new Set<never>(), slack: "healthy", evidence: "absent" } as const;
  let made = 0;
  for (let seed = 1; seed <= 20; seed += 1) {
    const world = makeWorld(seed, options, () => undefined);
    world.oracle.watchOver(bindingAt(ADDRESS), "one/oncall", ADDRESS);
    if (isDeleted) world.clusters.delete(CLUSTERS["one"] ?? "");
    const outsiders = new Outsiders(world, new People(world));
    for (let times = 0; times < 5; times += 1) outsiders.edit(placeOf("one", "oncall"));
    if (world.entries.peek(ADDRESS)) made += 1;
  }
  return made;
}

it("nobody makes an access entry on a cluster that was deleted", () => {
  expect(entriesMade(true)).toBe(0);
  expect(entriesMade(false)).toBeGreaterThan(5);
});
