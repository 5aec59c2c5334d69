/** Marks that somebody who took archive over put before the seals of their days were published. */
import { expect, it } from "vitest";
import { type SealedDay, sealHash } from "../../../../shared/domain/evidence/archive/seal.ts";
import { archiveWorld } from "./archive-world.ts";

it.each([
  ["the last day that is over", "2026-11-24"],
  ["the day before", "2026-11-23"],
])("The seals are published although somebody put a mark of %s", async (_, day) => {
  const world = archiveWorld("2026-11-25T01:10:00.000Z");
  world.store.objects.set(`published/${day}-${"0".repeat(64)}.txt`, ["x"]);
  await world.run();
  await world.publish();
  await world.publish();
  const ids = world.bus.published.map(({ detail }) => detail.id);
  expect(ids).toEqual(["seal-2026-11-23", "seal-2026-11-24"]);
});

it("Seals of days without a mark are published, although somebody put the true mark of a later one", async () => {
  const world = archiveWorld("2026-11-25T01:10:00.000Z");
  await world.run();
  const [line = ""] = world.store.objects.get("seals/2026-11-24.json") ?? [];
  const hash = sealHash((JSON.parse(line) as SealedDay).seal);
  world.store.objects.set(`published/2026-11-24-${hash}.txt`, [hash]);
  await world.publish();
  expect(world.bus.published.map(({ detail }) => detail.id)).toEqual(["seal-2026-11-23"]);
});
