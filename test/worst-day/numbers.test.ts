/** How long access outlives its end on the worst days, by the numbers of production. The runbook has the same numbers. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inRepository } from "../../infra/synth/repository.ts";
import { PRODUCTION } from "../../infra/synth/settings.ts";
import { REGION } from "../../lab/fakes/builders.ts";
import { type PastTables, tablesAsOf } from "../../lab/fakes/restored-tables.ts";
import type { AccessRequest } from "../../shared/domain/requests/request.ts";
import { changeStops } from "../../shared/usecases/stops/change-stops.ts";
import {
  FAR_REGION,
  isFar,
  isUnfused,
  type LendingWorld,
  lendingWorld,
  longestLate,
  SCHEDULER_SECONDS,
  STEP_SECONDS,
} from "./lending-world.ts";

const HOUR = 3_600;
const { fuseDelaySeconds, retryCeilingSeconds, sweepPeriodSeconds } = PRODUCTION.broker;
/** From a grant's end until its fuse has fired. */
const FUSE = fuseDelaySeconds + SCHEDULER_SECONDS;
/** From when converge works again until it has ended what is over: a pause, a sweep, and a run. */
const BACK = retryCeilingSeconds + sweepPeriodSeconds + PRODUCTION.convergeTimeoutSeconds;

async function lending(): Promise<LendingWorld> {
  const world = await lendingWorld();
  await world.lendAll();
  expect(world.lent()).toHaveLength(20);
  return world;
}

const isFused = (request: AccessRequest) => !isUnfused(request);
const isNear = (request: AccessRequest) => !isFar(request);

/** Nothing of these was there after its end. */
const expectInTime = (world: LendingWorld, wanted?: (request: AccessRequest) => boolean) =>
  expect(longestLate(world, "own", wanted)).toBe(0);

/** The last of these went when its fuse fired, as exactly as somebody can tell who looks now and then. */
function expectFused(world: LendingWorld, wanted: (request: AccessRequest) => boolean): void {
  const late = longestLate(world, "last", wanted);
  expect(late).toBeLessThanOrEqual(FUSE);
  expect(late).toBeGreaterThan(FUSE - 2 * STEP_SECONDS);
}

/** Everything is over on record too, and on no entry. */
async function expectSettled(world: LendingWorld): Promise<void> {
  expect(world.lent()).toEqual([]);
  const states = await world.broker.states(...world.grants.map(({ request }) => request));
  expect(new Set(states)).toEqual(new Set(["ended"]));
}

it("On a good day nothing of 20 grants outlives its end", async () => {
  const world = await lending();
  await world.pass(3 * HOUR);
  expectInTime(world);
  await expectSettled(world);
});

describe("A bad release, whose functions throw", () => {
  it("Fuses end what has one within six minutes, and the rest goes within two of the former release", async () => {
    const world = await lending();
    world.parts.broker = false;
    await world.pass(3 * HOUR);
    expectFused(world, isFused);
    expect(world.lent().every(isUnfused)).toBe(true);
    world.parts.broker = true;
    await world.pass(BACK);
    expect(world.lent()).toEqual([]);
    await world.pass(10 * 60);
    await expectSettled(world);
  });

  it("Where it is rolled back before the ends, they come at their time", async () => {
    const world = await lending();
    world.parts.broker = false;
    await world.pass(HOUR / 2);
    world.parts.broker = true;
    await world.pass(2 * HOUR);
    expectInTime(world);
    await expectSettled(world);
  });

  it("A grant whose access a longer one shares the policy with stays until the fuse of that one", async () => {
    const world = await lending();
    world.parts.broker = false;
    await world.pass(3 * HOUR);
    expect(longestLate(world, "own", isFused)).toBeGreaterThan(HOUR);
  });
});

describe("A region that is gone for two hours", () => {
  it("Where it is the broker's, fuses end what is lent in other regions, and two minutes after it is back nothing is left", async () => {
    const world = await lending();
    await world.pass(HOUR / 2);
    world.parts.broker = false;
    world.parts.down.add(REGION);
    await world.pass(2 * HOUR);
    expectFused(world, isFar);
    expect(world.lent().length).toBeGreaterThan(0);
    expect(world.lent().some(isFar)).toBe(false);
    world.broker.schedules.timers.clear();
    world.parts.broker = true;
    world.parts.down.delete(REGION);
    await world.pass(BACK);
    expect(world.lent()).toEqual([]);
    await world.pass(10 * 60);
    await expectSettled(world);
  });

  it("Where it is a cluster's, all other access ends at its time, and there it goes within two minutes after it is back", async () => {
    const world = await lending();
    await world.pass(HOUR / 2);
    world.parts.down.add(FAR_REGION);
    await world.pass(2 * HOUR);
    expectInTime(world, isNear);
    expect(world.lent().length).toBeGreaterThan(0);
    expect(world.lent().every(isFar)).toBe(true);
    // Nobody says what Scheduler does with what came due meanwhile.
    world.broker.schedules.timers.clear();
    world.parts.down.delete(FAR_REGION);
    await world.pass(BACK);
    expect(world.lent()).toEqual([]);
    await world.pass(10 * 60);
    await expectSettled(world);
  });
});

describe("The broker's stack, deleted", () => {
  it("Fuses end what has one in every account, and the rest stays until two minutes after it is deployed again", async () => {
    const world = await lending();
    world.parts.broker = false;
    await world.pass(3 * HOUR);
    expectFused(world, isFused);
    expect(world.lent().every(isUnfused)).toBe(true);
    expect(world.lent()).not.toEqual([]);
    world.parts.broker = true;
    await world.pass(BACK);
    expect(world.lent()).toEqual([]);
    await world.pass(10 * 60);
    await expectSettled(world);
  });

  it("Where its fuses are deleted too, what is lent in its account stays until two minutes after both are deployed again", async () => {
    const world = await lending();
    world.parts.broker = false;
    for (const [name, timer] of world.broker.schedules.timers)
      if (timer.kind === "revocation" || timer.address.cluster.region === REGION)
        world.broker.schedules.timers.delete(name);
    await world.pass(3 * HOUR);
    expectFused(world, isFar);
    expect(world.lent().length).toBe(world.grants.filter(({ request }) => isNear(request)).length);
    world.parts.broker = true;
    await world.pass(BACK);
    expect(world.lent()).toEqual([]);
    await world.pass(10 * 60);
    await expectSettled(world);
  });
});

const EIGHT_HOURS = 8 * HOUR;

/** Two people have grants an hour before the restore. All others borrow after the instant to which tables go back. */
async function atRestore(): Promise<{ world: LendingWorld; past: PastTables }> {
  const world = await lendingWorld();
  await world.lendAll(2);
  const past = tablesAsOf(world.broker);
  await world.pass(60);
  await world.lendAll();
  expect(world.lent()).toHaveLength(20);
  await world.pass(HOUR / 2);
  return { world, past };
}

const stop = (world: LendingWorld, by: string, verb: "drain" | "lift") =>
  changeStops(world.broker.front, world.broker.actor(by), verb, null, "tables are restored");

describe("Tables that are restored to before most grants", () => {
  it("After a drain nothing is lent that they could miss", async () => {
    const { world, past } = await atRestore();
    await stop(world, "bob", "drain");
    await world.pass(10 * 60);
    await expectSettled(world);
    past.ledgers();
    past.requests();
    await stop(world, "ben", "lift");
    await world.pass(EIGHT_HOURS);
    expect(world.lent()).toEqual([]);
    expectInTime(world);
  });

  it.each(["ledgers", "requests"] as const)(
    "Without a drain, only of %s: nothing outlives its end",
    async (table) => {
      const { world, past } = await atRestore();
      past[table]();
      await world.pass(EIGHT_HOURS);
      expectInTime(world);
      expect(world.lent()).toEqual([]);
    },
  );

  it("Without a drain, of both: forgotten access goes by its fuse, and stays without one", async () => {
    const { world, past } = await atRestore();
    past.ledgers();
    past.requests();
    await world.pass(24 * HOUR);
    expectFused(world, isFused);
    expect(world.lent().every(isUnfused)).toBe(true);
    expect(world.lent()).not.toEqual([]);
  });

  it("Without a drain, of both: access lent since beside a longer grant that they know stays, and the log says so", async () => {
    const world = await lendingWorld();
    await world.lendAll(2);
    const past = tablesAsOf(world.broker);
    await world.pass(60);
    const forgotten = await world.lendOneMore();
    await world.pass(HOUR / 4);
    past.ledgers();
    past.requests();
    await world.pass(24 * HOUR);
    expect(world.lent().map(({ id }) => id)).toEqual([forgotten.id]);
    expect(world.broker.logs.map(({ message }) => message)).toContain("entry adopted by others");
  });
});

describe("The runbook", () => {
  const [, ...sections] = readFileSync(inRepository("docs/runbook.md"), "utf8").split(/^## /m);
  const sectionOf = (title: string) =>
    (sections.find((one) => one.startsWith(`${title}\n`)) ?? "").replaceAll(/\s+/g, " ");
  const BY_FUSE = "six minutes after the end of the last grant of the same policy on the entry";

  it.each([
    ["Restore a table", [BY_FUSE, "leaves nothing lent past its end"]],
    ["A bad release", [BY_FUSE, "within two minutes after the deployment"]],
    ["A stuck update", ["the same holds as for [a bad release]"]],
    ["The stack was deleted", [BY_FUSE, "within two minutes after the deployment"]],
    ["A region is gone", [BY_FUSE, "until two minutes after the region is back"]],
    ["The seal key is to be deleted", ["nothing stays past its end"]],
    ["A quota is reached", [BY_FUSE, "what is lent ends at its time"]],
  ])("%s says until when something stays lent", (title, numbers) => {
    for (const number of numbers) expect(sectionOf(title)).toContain(number);
  });

  it("Its numbers are those of production", () => {
    expect([FUSE, BACK]).toEqual([6 * 60, 2 * 60]);
  });
});
