import { describe, expect, it } from "vitest";
import { linked } from "../../../../shared/domain/values/hash-chain.ts";
import { aChain, archiveWorld, faultsIn, named, recordsIn, sealsIn } from "./archive-world.ts";

const DAY = "2026-11-24";
const NEXT = "2026-11-25";
const at = (time: string, day = DAY) => `${day}T${time}.000Z`;

/** A broker that was deployed on the 24th, with an hourly run from 12:10 on. */
async function aDay() {
  const world = archiveWorld(at("12:10:00"));
  world.records.table.push(
    ...aChain("AUDIT#r1", [at("11:58:00"), at("13:00:00"), at("23:59:59")]),
    ...aChain("EVID#r1", [at("13:00:01")]),
    ...aChain("FIND#c#2026-11", [at("23:59:59"), at("00:00:00", NEXT)]),
  );
  await world.run();
  return world;
}
type World = Awaited<ReturnType<typeof aDay>>;

async function runHourly(world: World, until: string) {
  const reports = [];
  while (world.clock.now() < until) {
    world.clock.advance(3_600);
    reports.push(await world.run());
  }
  return reports;
}

describe("archive", () => {
  it("An hour is archived five minutes after its end, and a day sealed an hour later", async () => {
    const world = await aDay();
    expect(named(recordsIn(world.store))).toEqual(["AUDIT#r1 1 2026-11-24"]);
    expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual(["2026-11-23"]);
    await runHourly(world, at("00:10:00", NEXT));
    expect(sealsIn(world.store)).toHaveLength(1);
    world.clock.set(at("01:04:59", NEXT));
    await world.run();
    expect(sealsIn(world.store)).toHaveLength(1);
    world.clock.set(at("01:05:00", NEXT));
    expect(await world.run()).toMatchObject({ sealed: [DAY], contradictions: [], more: false });
    expect(faultsIn(world)).toEqual([]);
    expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
  });

  it("While the key is to be deleted each hour is archived, and the days are sealed once it signs again", async () => {
    const world = await aDay();
    const { sign } = world.ports.signer;
    world.ports.signer.sign = () => Promise.reject(new Error("The key is pending deletion."));
    for (let hours = 0; hours < 37; hours += 1) {
      world.clock.advance(3_600);
      await world.run().catch(() => undefined);
    }
    expect(world.clock.now()).toBe(at("01:10:00", "2026-11-26"));
    expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
    expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual(["2026-11-23"]);
    world.ports.signer.sign = sign;
    expect(await world.run()).toMatchObject({ sealed: [DAY, NEXT], more: false });
    expect(faultsIn(world)).toEqual([]);
  });

  it("The seal of a day has its tips, counts by type and policies, even without records", async () => {
    const world = await aDay();
    await runHourly(world, at("01:10:00", NEXT));
    const [empty, day] = sealsIn(world.store);
    expect(empty).toMatchObject({ seal: { size: 0, counts: {}, policyHashes: [] }, tips: [] });
    expect(day).toMatchObject({
      seal: {
        counts: { "AUDIT/x": 3, "EVID/x": 1, "FIND/x": 1 },
        policyHashes: ["b".repeat(64)],
        late: [],
      },
      tips: [
        { chain: "AUDIT#r1", seq: 3 },
        { chain: "EVID#r1", seq: 1 },
        { chain: "FIND#c#2026-11", seq: 1 },
      ],
    });
  });

  it("A second run of archive changes nothing, and seals no day twice", async () => {
    const world = await aDay();
    await runHourly(world, at("03:10:00", NEXT));
    const before = [...world.store.objects];
    expect(await world.run()).toEqual({
      lost: [],
      hours: 2,
      records: 0,
      sealed: [],
      contradictions: [],
      refused: [],
      foreign: [],
      more: false,
    });
    expect([...world.store.objects]).toEqual(before);
  });

  it("A record up to two hours late is added to its own day while that is open", async () => {
    const world = await aDay();
    await runHourly(world, at("14:10:00"));
    world.records.table.push(...aChain("EVID#late", [at("12:30:00")]));
    await runHourly(world, at("01:10:00", NEXT));
    expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
    expect(sealsIn(world.store).at(-1)?.seal.late).toEqual([]);
    expect(faultsIn(world)).toEqual([]);
  });

  it("A record that came after its day was sealed is marked in the next seal", async () => {
    const world = await aDay();
    await runHourly(world, at("01:10:00", NEXT));
    world.records.table.push(...aChain("EVID#late", [at("23:30:00")]));
    const reports = await runHourly(world, at("01:10:00", "2026-11-26"));
    expect(reports.flatMap(({ sealed }) => sealed)).toEqual([NEXT]);
    expect(sealsIn(world.store).at(-1)?.seal.late).toEqual([
      { chain: "EVID#late", seq: 1, day: DAY },
    ]);
    expect(faultsIn(world)).toEqual([]);
  });

  it("archive reports a record that is gone from the table, and one that was changed", async () => {
    const world = await aDay();
    await runHourly(world, at("14:10:00"));
    const { table } = world.records;
    const gone = table.findIndex(({ chain }) => chain === "EVID#r1");
    table.splice(gone, 1);
    const changed = table.findIndex(
      ({ chain, record }) => chain === "AUDIT#r1" && record.seq === 2,
    );
    const [found] = table.splice(changed, 1);
    if (found) table.push({ ...found, record: linked({ ...found.record, type: "y" }) });
    expect((await world.run()).contradictions).toEqual([
      { chain: "AUDIT#r1", seq: 2, what: "changed" },
      { chain: "EVID#r1", seq: 1, what: "missing" },
    ]);
  });

  it("archive does not report a record that only the index does not list yet", async () => {
    const world = await aDay();
    await runHourly(world, at("14:10:00"));
    const { ofHour } = world.records;
    world.ports.records.ofHour = async function* (hour) {
      for await (const one of ofHour(hour)) if (one.chain !== "EVID#r1") yield one;
    };
    expect((await world.run()).contradictions).toEqual([]);
  });

  it("archive reports a chain that was rewritten after its day was sealed, and still seals", async () => {
    const world = await aDay();
    await runHourly(world, at("02:10:00", NEXT));
    const forged = aChain("AUDIT#r1", [
      ...[at("11:58:00"), at("13:00:01"), at("23:59:59")],
      ...[at("05:00:00", NEXT), at("06:00:00", NEXT)],
    ]);
    world.records.table.push(...forged.slice(3));
    const reports = await runHourly(world, at("01:10:00", "2026-11-26"));
    expect(reports.flatMap(({ contradictions }) => contradictions)).toEqual([
      { chain: "AUDIT#r1", seq: 4, what: "unlinked" },
    ]);
    expect(sealsIn(world.store)).toHaveLength(3);
  });

  it("archive catches up after days without a run, as far as its time allows", async () => {
    const world = await aDay();
    world.clock.set(at("09:10:00", "2026-11-28"));
    let left = 30;
    expect(await world.run(() => left-- === 0)).toMatchObject({ hours: 30, more: true });
    expect(await world.run()).toMatchObject({ more: false });
    expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual([
      ...["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"],
    ]);
    expect(faultsIn(world)).toEqual([]);
    expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
  });

  it("archive goes back to the day on which the audit table was made, however late its first run is", async () => {
    const world = archiveWorld(at("12:10:00", "2026-11-28"), at("15:30:00"));
    world.records.table.push(
      ...aChain("AUDIT#r1", [at("15:31:00"), at("23:59:59"), at("10:00:00", "2026-11-27")]),
      ...aChain("EVID#r1", [at("10:00:00", NEXT)]),
    );
    let left = 20;
    await world.run(() => left-- === 0);
    await world.run();
    expect(sealsIn(world.store).map(({ seal }) => seal.day)).toEqual([
      ...["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"],
    ]);
    expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
    expect(sealsIn(world.store).flatMap(({ seal }) => seal.late)).toEqual([]);
    expect(faultsIn(world)).toEqual([]);
  });

  it("archive reads the hours of a table that was made just before its first run", async () => {
    const world = archiveWorld(at("12:50:00"), at("12:41:00"));
    world.records.table.push(...aChain("AUDIT#r1", [at("12:45:00")]));
    await world.run();
    expect(recordsIn(world.store)).toEqual([]);
    world.clock.set(at("13:50:00"));
    await world.run();
    expect(named(recordsIn(world.store))).toEqual(named(world.records.table));
  });

  it("archive writes parts of 10,000 records, and keeps only one in memory", async () => {
    const world = archiveWorld(at("12:10:00"));
    const many = Array.from({ length: 100_000 }, (_, of) =>
      aChain(`AUDIT#${of}`, [at("11:30:00")]),
    ).flat();
    world.records.table.push(...many);
    const report = await world.run();
    world.clock.set(at("01:10:00", NEXT));
    await world.run();
    expect(report.records).toBe(100_000);
    const parts = [...world.store.objects].filter(([key]) => key.includes("/2026-11-24T11/"));
    expect(parts.map(([, lines]) => lines.length)).toEqual(Array(10).fill(10_000));
    expect(sealsIn(world.store).at(-1)?.seal).toMatchObject({ size: 100_000 });
  });
});
