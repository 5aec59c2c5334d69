import { expect, it } from "vitest";
import { sealHash } from "../../../../shared/domain/evidence/archive/seal.ts";
import { archiveWorld, sealsIn } from "./archive-world.ts";

/** An archive with the seals of two days. */
async function sealed() {
  const world = archiveWorld("2026-11-25T01:10:00.000Z");
  await world.run();
  const seals = sealsIn(world.store).map(({ seal }) => seal);
  expect(seals.map(({ day }) => day)).toEqual(["2026-11-23", "2026-11-24"]);
  const ids = () => world.bus.published.map(({ detail }) => detail.id);
  return { ...world, seals, ids };
}

it("Each seal is published once, with the hash that the next seal names", async () => {
  const { publish, bus, seals, clock } = await sealed();
  expect(await publish()).toEqual(["2026-11-23", "2026-11-24"]);
  expect(await publish()).toEqual([]);
  expect(bus.published).toEqual(
    seals.map((seal) => ({
      subject: `seal-${seal.day}`,
      type: "seal",
      at: clock.now(),
      detail: {
        id: `seal-${seal.day}`,
        seal: {
          day: seal.day,
          hash: sealHash(seal),
          root: seal.root,
          size: seal.size,
          previous: seal.previous,
          key: seal.key,
        },
      },
    })),
  );
  expect(seals.slice(1).map(({ previous }) => previous)).toEqual(seals.slice(0, 1).map(sealHash));
});

it("A seal that the bus did not take is published by the next run, and later seals wait for it", async () => {
  const { publish, bus, ids } = await sealed();
  bus.takeOnly(0);
  await expect(publish()).rejects.toThrow("did not take the seal of 2026-11-23");
  expect(ids()).toEqual([]);
  bus.failNext("none");
  await expect(publish()).rejects.toThrow("did not answer");
  await publish();
  expect(ids()).toEqual(["seal-2026-11-23", "seal-2026-11-24"]);
});

it("A seal is published again where its mark was not stored", async () => {
  const { publish, bus, ids } = await sealed();
  bus.failNext("all");
  await expect(publish()).rejects.toThrow("did not answer");
  await publish();
  expect(ids()).toEqual(["seal-2026-11-23", "seal-2026-11-23", "seal-2026-11-24"]);
});

it("A day that is sealed later is published by itself", async () => {
  const { publish, run, clock, ids } = await sealed();
  await publish();
  clock.set("2026-11-26T01:10:00.000Z");
  await run();
  expect(await publish()).toEqual(["2026-11-25"]);
  expect(ids()).toEqual(["seal-2026-11-23", "seal-2026-11-24", "seal-2026-11-25"]);
});

it.each([
  ["a seal", "seals/2099-01-01.json", "{}"],
  ["a mark", `published/2099-01-01-${"0".repeat(64)}.txt`, ""],
])("Seals are published although somebody put %s of the future", async (_, key, line) => {
  const { publish, store, ids } = await sealed();
  store.objects.set(key, [line]);
  expect(await publish()).toEqual(["2026-11-23", "2026-11-24"]);
  expect(await publish()).toEqual([]);
  expect(ids()).toEqual(["seal-2026-11-23", "seal-2026-11-24"]);
});
