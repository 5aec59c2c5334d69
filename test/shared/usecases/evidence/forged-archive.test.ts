/** Objects that somebody may put into the archive, and what the next runs make of them. */
import { describe, expect, it } from "vitest";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { ArchiveUnreadable } from "../../../../shared/ports/archive-store.ts";
import { aChain, archiveWorld, faultsIn, named, recordsIn, sealsIn } from "./archive-world.ts";

const DAY = "2026-11-24";
const NEXT = "2026-11-25";
const at = (time: string, day = DAY) => `${day}T${time}.000Z`;
const OWN = () => aChain("AUDIT#r1", [at("11:58:00"), at("13:00:00"), at("23:59:59")]);

type World = ReturnType<typeof archiveWorld>;

/** Runs each hour, ten minutes past it, until an instant. */
async function runHourly(world: World, until: string) {
  const reports = [await world.run()];
  while (world.clock.now() < until) {
    world.clock.advance(3_600);
    reports.push(await world.run());
  }
  return reports;
}

/** A broker that was deployed on the 24th, up to an instant. */
async function worldAt(until: string) {
  const world = archiveWorld(at("12:10:00"), at("09:00:00"));
  world.records.table.push(...OWN());
  await runHourly(world, until);
  return world;
}

const put = ({ store }: World, key: string, lines: readonly string[] = []) =>
  store.objects.set(key, lines);

describe("Objects of the future", () => {
  it.each([
    "records/2027-01-15/2027-01-15T10/0001.ndjson.gz",
    "records/2026-11-24/2027-01-15T10/0001.ndjson.gz",
    "records/2027-01-15/2026-11-24T10/0001.ndjson.gz",
    "seals/2099-01-01.json",
    "seals/2026-11-25.json",
  ])("%s is refused by name, and neither archive nor seals stop for it", async (key) => {
    const world = await worldAt(at("15:10:00"));
    put(world, key, key.startsWith("seals") ? ["{}"] : []);
    world.clock.set(at("00:40:00", NEXT));
    expect(await world.run()).toMatchObject({ refused: [key], sealed: [], more: false });
    world.clock.set(at("01:10:00", NEXT));
    expect(await world.run()).toMatchObject({ refused: [key], sealed: [DAY], more: false });
    world.store.objects.delete(key);
    expect(named(recordsIn(world.store))).toEqual(named(OWN()));
    expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual([DAY]);
    expect(faultsIn(world)).toEqual([]);
  });
});

describe("An object whose lines are no records, as a function that was taken over may add", () => {
  const KEY = "records/2026-11-24/2026-11-24T15/0002.ndjson.gz";
  const [own] = OWN();
  const lineOf = (one: object) => JSON.stringify({ ...own, ...one });

  it.each([
    "junk",
    "null",
    "[]",
    "{}",
    lineOf({ record: null }),
    lineOf({ chain: "" }),
    lineOf({ chain: "x" }),
    lineOf({ chain: `AUDIT#${"x".repeat(2_048)}` }),
    lineOf({ record: { ...own?.record, seq: -1 } }),
    lineOf({ record: { ...own?.record, at: 1 } }),
  ])(
    "It is refused by name, and the day is sealed without it, where a line is %.60s",
    async (line) => {
      const world = await worldAt(at("15:10:00"));
      put(world, KEY, [JSON.stringify(own), line]);
      await sealsWithout(world, KEY);
    },
  );

  it("It is refused by name, and the day is sealed without it, where it is not compressed", async () => {
    const world = await worldAt(at("15:10:00"));
    put(world, KEY, []);
    const { read } = world.store;
    world.store.read = async (key) => (key === KEY ? broken(key) : await read(key));
    await sealsWithout(world, KEY);
  });

  it("What it has of the table's is archived in a part of our own", async () => {
    const world = archiveWorld(at("11:10:00"), at("09:00:00"));
    world.records.table.push(...OWN());
    const first = "records/2026-11-24/2026-11-24T11/0001.ndjson.gz";
    world.clock.set(at("12:02:00"));
    put(world, first, [JSON.stringify(own), "junk"]);
    world.clock.set(at("12:10:00"));
    await sealsWithout(world, first);
  });

  it.each(["00002", "99999999999999999999"])(
    "Number %s of a part, which archive does not write so, is refused by name",
    async (number) => {
      const world = await worldAt(at("15:10:00"));
      const key = KEY.replace("0002", number);
      put(world, key, [JSON.stringify(own)]);
      await sealsWithout(world, key);
    },
  );

  it("The highest number of a part keeps none of our own from being put", async () => {
    const world = await worldAt(at("15:10:00"));
    put(world, KEY.replace("0002", "9007199254740991"), []);
    world.records.table.push(...aChain("EVID#late", [at("15:05:00")]));
    await runHourly(world, at("01:10:00", NEXT));
    expect(sealsIn(world.store)[0]?.tips.map(({ chain }) => chain)).toContain("EVID#late");
    expect(faultsIn(world)).toEqual([]);
  });
});

async function* broken(key: string): AsyncGenerator<string> {
  yield JSON.stringify(OWN()[0]);
  throw new ArchiveUnreadable(key);
}

/** The next run, and the one that seals the day, refuse the key; the seal covers the table's records. */
async function sealsWithout(world: World, key: string) {
  world.clock.advance(3_600);
  expect((await world.run()).refused).toEqual([key]);
  const reports = await runHourly(world, at("01:10:00", NEXT));
  expect(reports.at(-1)).toMatchObject({ refused: [key], sealed: [DAY] });
  world.store.objects.delete(key);
  expect(named(recordsIn(world.store))).toEqual(named(OWN()));
  const [sealed] = sealsIn(world.store);
  expect(sealed?.tips).toMatchObject([{ chain: "AUDIT#r1", seq: 3 }]);
  expect(sealed?.seal.counts).toEqual({ "AUDIT/x": 3 });
  expect(faultsIn(world)).toEqual([]);
}

describe("A day before it is sealed", () => {
  it("A forged record that was put among its parts is not covered, and the seal names it", async () => {
    const world = await worldAt(at("15:10:00"));
    const [forged] = aChain("AUDIT#forged", [at("12:30:00")]);
    put(world, "records/2026-11-24/2026-11-24T12/0002.ndjson.gz", [JSON.stringify(forged)]);
    const reports = await runHourly(world, at("01:10:00", NEXT));
    const [sealed] = sealsIn(world.store);
    expect(sealed?.tips.map(({ chain }) => chain)).toEqual(["AUDIT#r1"]);
    expect(sealed?.seal.disputed).toEqual([
      { chain: "AUDIT#forged", seq: 1, hash: forged?.record.hash },
    ]);
    expect(reports.at(-1)?.contradictions).toEqual([
      { chain: "AUDIT#forged", seq: 1, what: "missing" },
    ]);
  });

  it("A second copy of a record, with another text, is not covered, and the true one is", async () => {
    const world = await worldAt(at("15:10:00"));
    const [own] = OWN();
    if (!own) throw new Error("A record was expected.");
    const copy = { ...own, record: linked({ ...own.record, type: "approve" }) };
    put(world, "records/2026-11-24/2026-11-24T11/0002.ndjson.gz", [JSON.stringify(copy)]);
    const reports = await runHourly(world, at("01:10:00", NEXT));
    expect(reports.at(-1)?.contradictions).toEqual([
      { chain: "AUDIT#r1", seq: 1, what: "changed" },
    ]);
    const [sealed] = sealsIn(world.store);
    expect(sealed?.seal.disputed).toEqual([{ chain: "AUDIT#r1", seq: 1, hash: copy.record.hash }]);
    expect(sealed?.tips).toMatchObject([{ chain: "AUDIT#r1", seq: 3 }]);
  });

  it("A record that is dated back by hours, while its day is open, is archived and sealed with it", async () => {
    const world = await worldAt(at("20:10:00"));
    world.records.table.push(...aChain("EVID#late", [at("09:30:00")]));
    await runHourly(world, at("01:10:00", NEXT));
    const chains = sealsIn(world.store)[0]?.tips.map(({ chain }) => chain);
    expect(chains).toEqual(["AUDIT#r1", "EVID#late"]);
    expect(sealsIn(world.store)[0]?.seal.late).toEqual([]);
    expect(faultsIn(world)).toEqual([]);
  });

  it("A day that there is no time to read whole is sealed by a later run", async () => {
    const world = await worldAt(at("00:10:00", NEXT));
    world.clock.set(at("01:10:00", NEXT));
    let left = 10;
    expect(await world.run(() => left-- <= 0)).toMatchObject({ sealed: [] });
    expect(await world.run()).toMatchObject({ sealed: [DAY] });
    expect(faultsIn(world)).toEqual([]);
  });
});

describe("The seal before", () => {
  const sealedWorld = async () => await worldAt(at("02:10:00", NEXT));
  const KEY = `seals/${DAY}.json`;

  it.each<[string, (text: string) => string]>([
    ["that was edited", (text) => text.replace('"size":1', '"size":2')],
    ["whose tips were edited", (text) => text.replace('"seq":3', '"seq":2')],
    ["by another key", (text) => text.replace(/"key":"..../, '"key":"0000')],
    ["of another day", (text) => text.replace(`"day":"${DAY}"`, '"day":"2026-11-23"')],
    ["that is none", () => "nothing"],
  ])(
    "A seal %s is refused by name, and none follows it until the true one is back",
    async (_what, change) => {
      const world = await sealedWorld();
      const [text = ""] = world.store.objects.get(KEY) ?? [];
      expect(change(text)).not.toBe(text);
      put(world, KEY, [change(text)]);
      world.clock.set(at("01:10:00", "2026-11-26"));
      expect(await world.run()).toMatchObject({ refused: [KEY], sealed: [], more: false });
      put(world, KEY, [text]);
      expect(await world.run()).toMatchObject({ refused: [], sealed: [NEXT] });
      expect(faultsIn(world)).toEqual([]);
    },
  );

  it("A seal by the key that does not follow the one before it is refused", async () => {
    const world = await sealedWorld();
    world.clock.set(at("01:10:00", "2026-11-26"));
    await world.run();
    const [first] = sealsIn(world.store);
    if (!first) throw new Error("A seal was expected.");
    const other = { ...first.seal, counts: { "AUDIT/x": 4 } };
    const sealed = { ...first, seal: other, signature: world.key.sign(JSON.stringify(other)) };
    put(world, KEY, [JSON.stringify(sealed)]);
    world.clock.set(at("01:10:00", "2026-11-27"));
    expect(await world.run()).toMatchObject({ refused: [`seals/${NEXT}.json`], sealed: [] });
  });

  it("A seal of a day that is over, put before ours, is refused by name", async () => {
    const world = await worldAt(at("00:10:00", NEXT));
    put(world, KEY, ['{"seal":{}}']);
    world.clock.set(at("01:10:00", "2026-11-26"));
    expect(await world.run()).toMatchObject({ refused: [KEY], sealed: [] });
  });
});
