import { describe, expect, it } from "vitest";
import { aPolicy, PROD, STAGING, T0 } from "../../../../lab/fakes/builders.ts";
import { callFailed } from "../../../../lab/fakes/memory-standing-reader.ts";
import { contentHash, contentOf } from "../../../../shared/domain/standing/reading.ts";
import type { StandingRecord } from "../../../../shared/domain/standing/standing-record.ts";
import { anEntry, EDIT, TAGGED, VIEW } from "../../domain/standing/samples.ts";
import { roleOf, standingWorld } from "./standing-fixture.ts";

const THROTTLED = () => callFailed("throttled", "ThrottlingException");

describe("A reading of standing access", () => {
  it("Every entry is read once, and what stands is listed when all were read", async () => {
    const { run, listed, count, store } = standingWorld(5);
    expect(await run()).toMatchObject({ read: 5, completed: 2, failed: 0 });
    expect((await listed())?.map(({ principalArn }) => principalArn)).toHaveLength(5);
    expect(count("entry ")).toBe(5);
    expect(await store.load(PROD.arn)).toMatchObject({
      setup: { cluster: { authenticationMode: "API" } },
      complete: { read: 5, explained: 0 },
      reading: null,
    });
  });

  it("An entry that grants explain is counted and not listed", async () => {
    const { world, lend, run, listed, store } = standingWorld(1);
    const targets = { [EDIT]: ["ns/payments-api"] };
    world.entries.get(PROD.arn)?.set(roleOf("lent"), anEntry({ tags: TAGGED, targets }));
    lend(roleOf("lent"));
    await run();
    expect((await listed())?.map(({ principalArn }) => principalArn)).toEqual([roleOf("r000")]);
    expect((await store.load(PROD.arn))?.complete).toMatchObject({ read: 2, explained: 1 });
  });

  it("A reading that is complete is on record, with the hash of what was found", async () => {
    const { run, readings, store, ports } = standingWorld(2);
    await run();
    const complete = (await store.load(PROD.arn))?.complete;
    const found = await contentOf(ports.store.all(PROD.arn, complete?.passId ?? ""));
    const [record, ...others] = readings.filter(({ chain }) => chain === PROD.arn);
    expect(others).toEqual([]);
    expect(record).toMatchObject({ seq: 1, type: "reading", at: complete?.completedAt });
    expect(record?.details).toEqual({
      passId: complete?.passId,
      startedAt: T0,
      completedAt: complete?.completedAt,
      read: 2,
      explained: 0,
      cluster: (await store.load(PROD.arn))?.setup?.cluster,
      content: contentHash(found?.lines ?? []),
      readAfter: [0, 1_000],
    });
    expect(complete?.content).toBe(record?.details.content);
    expect((await store.load(PROD.arn))?.keptSince).toBe(complete?.completedAt);
  });

  it("A run that ends between the record and the list repeats neither, and keeps the time on record", async () => {
    const { run, readings, store, clock, ports } = standingWorld(2);
    const save = store.save;
    let fails = true;
    Object.assign(ports.store, {
      save: async (record: StandingRecord) => {
        if (fails && record.complete) throw new Error("The table does not answer.");
        await save(record);
      },
    });
    await expect(run()).rejects.toThrow("does not answer");
    fails = false;
    clock.advance(600);
    await run();
    const [record, ...others] = readings.filter(({ chain }) => chain === PROD.arn);
    expect(others).toEqual([]);
    expect((await store.load(PROD.arn))?.complete?.completedAt).toBe(record?.at);
  });

  it("A reading that cannot be put on record is not complete, and the next run goes on", async () => {
    const { run, listed, count, ports, clock } = standingWorld(2);
    const { keep } = ports.readings;
    Object.assign(ports.readings, {
      keep: async () => {
        throw new Error("Another writer took the place.");
      },
    });
    await expect(run()).rejects.toThrow("took the place");
    expect(await listed()).toBeUndefined();
    Object.assign(ports.readings, { keep });
    clock.advance(300);
    await run();
    expect(await listed()).toHaveLength(2);
    expect(count("entry ")).toBe(2);
  });

  it("Readings that find the same have one hash, and a record each", async () => {
    const { run, readings, clock, world } = standingWorld(2);
    await run();
    clock.advance(21_600);
    await run();
    world.entries.get(PROD.arn)?.delete(roleOf("r000"));
    clock.advance(21_600);
    await run();
    const prod = readings.filter(({ chain }) => chain === PROD.arn);
    expect(prod.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    const [first, second, third] = prod.map(({ details }) => details.content);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it("An entry is kept with what IAM says of its principal", async () => {
    const { world, run, listed } = standingWorld(1);
    world.principals.set(roleOf("r000"), "recreated");
    await run();
    expect(await listed()).toMatchObject([{ principal: "recreated" }]);
  });

  it("An entry that is gone when it is read is not counted", async () => {
    const { world, run, store } = standingWorld(2);
    world.before = (call) => {
      if (call.startsWith("list")) return;
      world.entries.get(PROD.arn)?.delete(roleOf("r001"));
    };
    await run();
    expect((await store.load(PROD.arn))?.complete).toMatchObject({ read: 1 });
  });

  it("The grants are read after the entry, so access that was just lent does not stand", async () => {
    const { world, lend, run, listed } = standingWorld(1);
    const targets = { [VIEW]: ["cluster"] };
    const access = { policy: "AmazonEKSViewPolicy", scope: { type: "cluster" } } as const;
    world.entries.get(PROD.arn)?.set(roleOf("r000"), anEntry({ tags: TAGGED, targets }));
    world.before = (call) => {
      if (call.startsWith("entry")) lend(roleOf("r000"), access);
    };
    await run();
    expect(await listed()).toEqual([]);
  });

  it("A cluster in CONFIG_MAP has no entries to read, and is complete", async () => {
    const { world, run, listed, count } = standingWorld(2);
    const setup = world.setups.get(PROD.arn);
    if (setup) world.setups.set(PROD.arn, { ...setup, authenticationMode: "CONFIG_MAP" });
    await run();
    expect(await listed()).toEqual([]);
    expect(count("list prod")).toBe(0);
  });

  it("A cluster that EKS does not know has no entries to read", async () => {
    const { world, run, store, count } = standingWorld(2);
    world.setups.delete(PROD.arn);
    await run();
    expect(await store.load(PROD.arn)).toMatchObject({ setup: { cluster: null } });
    expect(count("list prod")).toBe(0);
  });

  it("A retired cluster is not read", async () => {
    const policy = aPolicy();
    const clusters = {
      prod: { arn: PROD.arn, retired: true },
    };
    const { run, world } = standingWorld(2, { ...policy, clusters });
    expect(await run()).toMatchObject({ read: 0, completed: 0 });
    expect(world.calls).toEqual([]);
  });

  it("A cluster is read again a period after the last time began, and not before", async () => {
    const { run, clock, count, listed, world } = standingWorld(2);
    await run();
    clock.set("2026-11-24T15:59:59.000Z");
    await run();
    expect(count("setup prod")).toBe(1);
    world.entries.get(PROD.arn)?.delete(roleOf("r000"));
    clock.set("2026-11-24T16:00:00.000Z");
    await run();
    expect(count("setup prod")).toBe(2);
    expect((await listed())?.map(({ principalArn }) => principalArn)).toEqual([roleOf("r001")]);
  });
});

describe("A reading that stops", () => {
  it("A run ends when its time is up, and the next goes on without reading anything twice", async () => {
    const { run, listed, count, store } = standingWorld(7);
    for (let runs = 0; runs < 20 && (await listed()) === undefined; runs += 1) await run(3);
    expect(await listed()).toHaveLength(7);
    expect(count("entry ")).toBe(7);
    expect((await store.load(PROD.arn))?.complete).toMatchObject({ read: 7, startedAt: T0 });
  });

  it("The list of the last pass stays until the next is complete", async () => {
    const { run, listed, clock } = standingWorld(4);
    await run();
    const before = await listed();
    clock.set("2026-11-24T17:00:00.000Z");
    await run(2);
    expect(await listed()).toEqual(before);
  });

  it("A throttle stops the whole run at once, and the next run waits five minutes", async () => {
    const { world, run, clock, count, logged } = standingWorld(4);
    world.before = (call) => {
      if (call.startsWith("entry") && call.endsWith("r001")) throw THROTTLED();
    };
    expect(await run()).toMatchObject({ read: 1, failed: 1, completed: 0 });
    expect(world.calls.at(-1)).toContain("r001");
    expect(count("setup")).toBe(1);
    expect(logged.join()).toContain("ThrottlingException");
    world.before = () => undefined;
    await run();
    expect(count("setup prod")).toBe(1);
    clock.advance(300);
    expect(await run()).toMatchObject({ read: 3, completed: 1 });
    expect(count("entry ")).toBe(5);
  });

  it("A cluster that cannot be read does not keep others from being read", async () => {
    const { world, run, store } = standingWorld(2);
    world.before = (call) => {
      if (call.startsWith("list prod")) throw callFailed("refused", "AccessDeniedException");
    };
    expect(await run()).toMatchObject({ failed: 1, completed: 1 });
    expect((await store.load(STAGING.arn))?.complete).not.toBeNull();
    expect((await store.load(PROD.arn))?.failure).toMatchObject({
      code: "AccessDeniedException",
      times: 1,
    });
  });

  it("Where EKS no longer takes the token of the list, the pass begins again later", async () => {
    const { world, run, clock, listed, count } = standingWorld(3);
    world.before = (call) => {
      if (call === "list prod 2") throw callFailed("refused", "InvalidParameterException");
    };
    expect(await run()).toMatchObject({ failed: 1 });
    world.before = () => undefined;
    clock.advance(300);
    expect(await run()).toMatchObject({ failed: 0, completed: 1 });
    expect(await listed()).toHaveLength(3);
    expect(count("entry ")).toBe(5);
  });

  it("Progress ends the growth of the pauses", async () => {
    const { world, run, clock, store } = standingWorld(20);
    let calls = 0;
    world.before = (call) => {
      if (call.startsWith("entry") && ++calls % 4 === 0) throw THROTTLED();
    };
    for (let runs = 0; runs < 3; runs += 1) {
      await run();
      expect((await store.load(PROD.arn))?.failure?.times).toBe(1);
      clock.advance(300);
    }
  });

  it("Another error is a bug, and what was read is kept all the same", async () => {
    const { world, run, store } = standingWorld(3);
    world.before = (call) => {
      if (call.endsWith("r001")) throw new TypeError("a bug");
    };
    await expect(run()).rejects.toThrow("a bug");
    expect((await store.load(PROD.arn))?.reading?.done).toEqual([roleOf("r000")]);
  });
});

describe("A reading beside converge", () => {
  it("While converge has work, nothing is read", async () => {
    const { queue, run, count, listed } = standingWorld(3);
    queue.waiting = 1;
    expect(await run(60)).toMatchObject({ read: 0, waits: 30 });
    expect(count("entry ")).toBe(0);
    queue.waiting = 0;
    await run();
    expect(await listed()).toHaveLength(3);
  });

  it("Work that comes in the middle holds up the next entry", async () => {
    const { queue, run, world, count } = standingWorld(3);
    world.before = (call) => {
      if (call.endsWith("r000")) queue.waiting = 1;
    };
    await run(20);
    expect(count("entry ")).toBe(1);
  });

  it("A queue that does not answer counts as one with work", async () => {
    const { queue, run, count } = standingWorld(3);
    queue.answers = false;
    await run(20);
    expect(count("entry ")).toBe(0);
  });

  it("There is a second after each entry, so EKS has calls left for converge", async () => {
    const { run, pauses } = standingWorld(3);
    await run();
    expect(pauses).toEqual([1_000, 1_000, 1_000]);
  });
});
