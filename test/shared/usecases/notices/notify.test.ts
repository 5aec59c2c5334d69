import { beforeEach, describe, expect, it } from "vitest";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { NoticeConflict } from "../../../../shared/ports/notice-store.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../fakes/builders.ts";
import { type FixedClock, fixedClock } from "../../../fakes/fixed-clock.ts";
import { fixedRandom } from "../../../fakes/fixed-random.ts";
import { type MemoryEventBus, memoryEventBus } from "../../../fakes/memory-event-bus.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../fakes/memory-request-store.ts";
import { type MemoryTables, memoryTables } from "../../../fakes/memory-tables.ts";

const POLICY: AccessPolicy = {
  ...aPolicy(),
  slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
};
const FIRST = aFirstStep();
const { id } = FIRST.request;

let tables: MemoryTables;
let clock: FixedClock;
let bus: MemoryEventBus;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let logged: string[];

const store = () => memoryRequestStore(tables);
const shown = () =>
  messenger.shown.map(({ channel, notice }) => `${channel}: ${notice.kind}, ${notice.facts.state}`);
const dueIn = () => {
  const dueAt = tables.notices.get(id)?.dueAt;
  return dueAt === null || dueAt === undefined ? null : secondsBetween(clock.now(), dueAt);
};

const run = (millis = 30_000) => {
  const end = Date.parse(clock.now()) + millis;
  return notify(ports, id, {
    millisLeft: () => end - Date.parse(clock.now()),
    log: (message) => logged.push(message),
  });
};

/** Stores the steps from the approval to active access. */
async function activate(from: AccessRequest = FIRST.request): Promise<AccessRequest> {
  const approval = anApproval(from, clock.now());
  await store().save(approval);
  const active = aStep(approval.request, { type: "activate", at: clock.now() });
  await store().save(active);
  return active.request;
}

beforeEach(async () => {
  tables = memoryTables();
  clock = fixedClock(T0);
  bus = memoryEventBus();
  messenger = memoryMessenger();
  logged = [];
  ports = {
    requests: store(),
    notices: memoryNoticeStore(tables),
    bus,
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    policy: POLICY,
  };
  await store().create([FIRST]);
});

describe("notify", () => {
  it("shows a new request in the approvers' channel, publishes it, and rests", async () => {
    expect(await run()).toEqual({
      published: 1,
      delivered: 1,
      refused: 0,
      unpublishedSeconds: 0,
      retried: false,
    });
    expect(shown()).toEqual(["C0001: request, pending"]);
    expect(bus.published.map(({ type }) => type)).toEqual(["request"]);
    expect(dueIn()).toBeNull();
  });

  it("changes nothing when it is woken again for nothing", async () => {
    await run();
    expect(await run()).toEqual({
      published: 0,
      delivered: 0,
      refused: 0,
      unpublishedSeconds: 0,
      retried: false,
    });
    expect(messenger.shown).toHaveLength(1);
    expect(messenger.shown[0]?.updates).toBe(0);
  });

  it("does nothing for a request that does not exist", async () => {
    const nobody = notify(ports, "unknown", {
      millisLeft: () => 1e6,
      log: () => undefined,
    });
    expect(await nobody).toMatchObject({ delivered: 0, published: 0 });
  });

  it("updates the channel's message and writes to the requester once access is there", async () => {
    await run();
    await activate();
    clock.advance(60);
    await run();
    expect(shown()).toEqual(["C0001: request, active", "D-alice: access, active"]);
    expect(messenger.shown[0]?.updates).toBe(1);
  });

  it("shows an approval after five seconds where access does not follow", async () => {
    await run();
    const began = clock.now();
    const approval = anApproval(FIRST.request, clock.now());
    await store().save(approval);
    await run();
    expect(secondsBetween(began, clock.now())).toBe(5);
    expect(messenger.shown[0]).toMatchObject({
      updates: 1,
      notice: { facts: { state: "approved" } },
    });
  });

  it("warns before the end when the time has come, and is due then by itself", async () => {
    await activate();
    clock.advance(60);
    await run();
    expect(dueIn()).toBe(3_600 - 120 - 600 - 60);
    clock.advance(dueIn() ?? 0);
    await run();
    expect(shown()).toContain("D-alice: ends-soon, active");
    expect(dueIn()).toBeNull();
  });

  it("catches up after an hour without Slack, and leaves out what no longer makes sense", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 1_000);
    await run();
    const active = await activate();
    await run();
    const returned = aStep(active, { type: "return", actor: "alice", at: clock.now() });
    await store().save(returned);
    await store().save(aStep(returned.request, { type: "settle", at: plusSeconds(T0, 60) }));
    await run();
    expect(messenger.shown).toEqual([]);
    messenger = memoryMessenger();
    ports = { ...ports, messenger };
    clock.advance(3_600);
    await run();
    expect(shown()).toEqual(["C0001: request, ended", "D-alice: over, ended"]);
  });

  it("shows an approval and the access that follows within seconds as one update", async () => {
    await run();
    clock.advance(60);
    const approval = anApproval(FIRST.request, clock.now());
    await store().save(approval);
    let waited = 0;
    ports = {
      ...ports,
      pause: {
        async for(millis) {
          waited += millis;
          clock.advance(millis / 1_000);
          await store().save(aStep(approval.request, { type: "activate", at: clock.now() }));
        },
      },
    };
    await run();
    expect(waited).toBe(5_000);
    expect(shown()).toEqual(["C0001: request, active", "D-alice: access, active"]);
    expect(messenger.shown.map(({ updates }) => updates)).toEqual([1, 0]);
  });

  it("leaves a message as it is that a newer one has overtaken, where Slack is busy", async () => {
    const active = await activate();
    await run();
    const returned = aStep(active, { type: "return", actor: "alice", at: clock.now() });
    await store().save(returned);
    messenger.trouble({ kind: "busy", retryAfterSeconds: 5 }, 100, "access@alice");
    expect(await run()).toMatchObject({ delivered: 1, retried: false });
    expect(shown()).toEqual(["C0001: request, ending", "D-alice: access, active"]);
    expect(dueIn()).toBeNull();
    messenger.recover();
    await store().save(aStep(returned.request, { type: "settle", at: clock.now() }));
    await run();
    expect(shown()).toContain("D-alice: access, ended");
  });
});

describe("a service that fails", () => {
  it("is tried again after a growing pause", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 100);
    const pauses: (number | null)[] = [];
    for (let n = 0; n < 4; n += 1) {
      expect(await run()).toMatchObject({ delivered: 0, retried: true });
      pauses.push(dueIn());
      clock.advance(dueIn() ?? 0);
    }
    expect(pauses).toEqual([7.5, 15, 30, 60]);
  });

  it("is tried again when it asks to be", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: 42 }, 1);
    await run();
    expect(dueIn()).toBe(42);
  });

  it("shows a message twice at most where the answer was lost, and never loses one", async () => {
    messenger.trouble({ kind: "answer-lost" }, 1);
    await run();
    clock.advance(dueIn() ?? 0);
    await run();
    expect(shown()).toEqual(["C0001: request, pending", "C0001: request, pending"]);
  });

  it("holds up no other message with one that it refuses, and says so once", async () => {
    await activate();
    messenger.trouble({ kind: "refused", reason: "channel-not-found" }, 100, "request@C0001");
    expect(await run()).toMatchObject({ delivered: 1, refused: 1, retried: false });
    expect(shown()).toEqual(["D-alice: access, active"]);
    expect(tables.notices.get(id)?.record.undeliverable["request@C0001"]).toMatchObject({
      reason: "channel-not-found",
      at: T0,
    });
    expect(await run()).toMatchObject({ refused: 0 });
  });

  it("is asked again for what it refused once the message says something else", async () => {
    messenger.trouble({ kind: "refused", reason: "invalid-blocks" }, 1);
    await run();
    await activate();
    await run();
    expect(shown()).toContain("C0001: request, active");
    expect(tables.notices.get(id)?.record.undeliverable).toEqual({});
  });

  it("that refuses the app is tried again as it is, and every message goes out once it is repaired", async () => {
    await activate();
    messenger.trouble({ kind: "app-refused", reason: "token-revoked" }, 1_000);
    const pauses: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      expect(await run()).toMatchObject({ delivered: 0, refused: 2, retried: true });
      pauses.push(dueIn() ?? 0);
      clock.advance(dueIn() ?? 0);
    }
    expect(pauses.slice(0, 4)).toEqual([7.5, 15, 30, 60]);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(300);
    messenger.recover();
    expect(await run()).toMatchObject({ delivered: 2, refused: 0, retried: false });
    expect(shown()).toEqual(["C0001: request, active", "D-alice: access, active"]);
    expect(tables.notices.get(id)?.record.undeliverable).toEqual({});
  });

  it("that refuses the app is asked once a run, and why each message waits is recorded", async () => {
    await activate();
    messenger.trouble({ kind: "app-refused", reason: "token-revoked" }, 1);
    await run();
    const waiting = { reason: "token-revoked", at: T0, isRetried: true };
    expect(tables.notices.get(id)?.record.undeliverable).toMatchObject({
      "request@C0001": waiting,
      "access@alice": waiting,
    });
    expect(messenger.shown).toEqual([]);
  });

  it("that refuses the app is no longer asked a day after the request is over", async () => {
    await store().save(aStep(FIRST.request, { type: "deny", actor: "bob" }));
    messenger.trouble({ kind: "app-refused", reason: "account-inactive" }, 1_000);
    for (let n = 0; dueIn() !== null && n < 1_000; n += 1) {
      await run();
      clock.advance(dueIn() ?? 0);
    }
    expect(dueIn()).toBeNull();
    expect(secondsBetween(T0, clock.now())).toBeGreaterThan(86_400);
    expect(secondsBetween(T0, clock.now())).toBeLessThan(86_400 + 600);
  });

  it("waits with one busy channel and still serves the others", async () => {
    await activate();
    messenger.trouble({ kind: "busy", retryAfterSeconds: 30 }, 1, "request@C0001");
    expect(await run()).toMatchObject({ delivered: 1, retried: true });
    expect(dueIn()).toBe(30);
  });
});

describe("the event bus", () => {
  it("gets every event in order, and the rest again where it took only some", async () => {
    await activate();
    bus.takeOnly(1);
    expect(await run()).toMatchObject({ published: 1, retried: true });
    clock.advance(dueIn() ?? 0);
    await run();
    expect(bus.published.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("may get events twice where its answer was lost, and messages go out all the same", async () => {
    bus.failNext("all");
    expect(await run()).toMatchObject({ published: 0, delivered: 1, retried: true });
    clock.advance(dueIn() ?? 0);
    await run();
    expect(bus.published.map(({ seq }) => seq)).toEqual([1, 1]);
  });

  it("that takes nothing has the age of the oldest event reported, until it takes it", async () => {
    const ages: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      bus.failNext("none");
      ages.push((await run()).unpublishedSeconds);
      clock.advance(100);
    }
    expect(ages).toEqual([0, 100, 200, 300, 400]);
    expect(await run()).toMatchObject({ published: 1, unpublishedSeconds: 0 });
  });

  it("gets events although no messages are wanted", async () => {
    ports = { ...ports, messenger: undefined };
    expect(await run()).toMatchObject({ published: 1, delivered: 0 });
  });
});

describe("two workers, or one that crashes", () => {
  it("takes a step that is stored while it parks", async () => {
    const { park } = ports.notices;
    let raced = false;
    ports = {
      ...ports,
      notices: {
        ...ports.notices,
        park: async (record, dueAt) => {
          if (!raced) {
            raced = true;
            await store().save(aStep(FIRST.request, { type: "deny", actor: "bob" }));
          }
          return park(record, dueAt);
        },
      },
    };
    await run();
    expect(shown()).toEqual(["C0001: request, denied", "D-alice: over, denied"]);
  });

  it("sends a message again where it crashed before it was recorded, and no message a third time", async () => {
    const { save } = ports.notices;
    let crashes = 1;
    const crashing = async (record: Parameters<typeof save>[0]) => {
      if (Object.keys(record.sent).length > 0 && crashes > 0) {
        crashes -= 1;
        throw new Error("crashed");
      }
      return save(record);
    };
    ports = { ...ports, notices: { ...ports.notices, save: crashing } };
    await expect(run()).rejects.toThrow("crashed");
    expect(dueIn()).toBe(0);
    await run();
    await run();
    expect(messenger.shown).toHaveLength(2);
  });

  it("reads again where another worker saved first, and gives up after three times", async () => {
    let conflicts = 0;
    const conflicting = async () => {
      conflicts += 1;
      throw new NoticeConflict("Another worker saved first.");
    };
    ports = { ...ports, notices: { ...ports.notices, save: conflicting } };
    await run();
    expect(conflicts).toBe(3);
    expect(dueIn()).toBe(0);
  });

  it("stops with time to spare, and stays due", async () => {
    await run(3_000);
    expect(messenger.shown).toEqual([]);
    expect(dueIn()).not.toBeNull();
  });
});
