import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { type FixedClock, fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { memoryDelegationStore } from "../../../../lab/fakes/memory-delegation-store.ts";
import { type MemoryEventBus, memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../../lab/fakes/memory-request-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { type MemoryTables, memoryTables } from "../../../../lab/fakes/memory-tables.ts";
import { requestFacts } from "../../../../lab/fakes/request-facts.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { NoticeConflict } from "../../../../shared/ports/notice-store.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

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
  messenger.shown.map(
    ({ channel, notice }) => `${channel}: ${notice.kind}, ${requestFacts(notice).state}`,
  );
const dueIn = () => {
  const dueAt = tables.notices.get(id)?.dueAt;
  return dueAt === null || dueAt === undefined ? null : secondsBetween(clock.now(), dueAt);
};

const stepsOf = ({ published }: MemoryEventBus) =>
  published.map(({ detail }) => Number(detail.id.split("#")[1]));

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
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus,
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: POLICY,
  };
  await store().create([FIRST]);
});

describe("notify", () => {
  it("notify shows a new request in the approvers' channel, publishes it, and rests for ten minutes", async () => {
    expect(await run()).toEqual({
      published: 1,
      delivered: 1,
      refused: 0,
      unpublishedSeconds: 0,
      retried: false,
    });
    expect(shown()).toEqual(["C0001: request, pending"]);
    expect(bus.published.map(({ type }) => type)).toEqual(["request"]);
    expect(dueIn()).toBe(600);
  });

  it("notify changes nothing when it is woken without a change", async () => {
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

  it("notify does nothing for a request that does not exist", async () => {
    const nobody = notify(ports, "unknown", {
      millisLeft: () => 1e6,
      log: () => undefined,
    });
    expect(await nobody).toMatchObject({ delivered: 0, published: 0 });
  });

  it("notify updates the channel's message and writes to the requester once access exists", async () => {
    await run();
    await activate();
    clock.advance(60);
    await run();
    expect(shown()).toEqual(["C0001: request, active", "D-alice: access, active"]);
    expect(messenger.shown[0]?.updates).toBe(1);
  });

  it("notify shows an approval after five seconds where access does not follow", async () => {
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

  it("notify warns before the end of access, and is due by itself at that time", async () => {
    await activate();
    clock.advance(60);
    await run();
    expect(dueIn()).toBe(3_600 - 120 - 600 - 60);
    clock.advance(dueIn() ?? 0);
    await run();
    expect(shown()).toContain("D-alice: ends-soon, active");
    expect(dueIn()).toBeNull();
  });

  it("notify catches up after an hour without Slack, and leaves out what is obsolete", async () => {
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

  it("notify shows an approval and its access as one update, within a second of the access", async () => {
    await run();
    clock.advance(60);
    const approval = anApproval(FIRST.request, clock.now());
    await store().save(approval);
    let paused = 0;
    ports = {
      ...ports,
      pause: {
        async for(millis) {
          paused += millis;
          clock.advance(millis / 1_000);
          if (paused === 3_000)
            await store().save(aStep(approval.request, { type: "activate", at: clock.now() }));
        },
      },
    };
    await run();
    expect(paused).toBe(3_000);
    expect(shown()).toEqual(["C0001: request, active", "D-alice: access, active"]);
    expect(messenger.shown.map(({ updates }) => updates)).toEqual([1, 0]);
  });
});

describe("a service that fails", () => {
  it("A service that fails is retried after growing pauses", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 100);
    const pauses: (number | null)[] = [];
    for (let n = 0; n < 4; n += 1) {
      expect(await run()).toMatchObject({ delivered: 0, retried: true });
      pauses.push(dueIn());
      clock.advance(dueIn() ?? 0);
    }
    expect(pauses).toEqual([7.5, 15, 30, 60]);
  });

  it("The pauses begin at the first one again once a message has arrived", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 3);
    for (let n = 0; n < 4; n += 1) {
      await run();
      clock.advance(dueIn() ?? 0);
    }
    expect(shown()).toHaveLength(1);
    await activate();
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 1);
    await run();
    expect(dueIn()).toBe(7.5);
  });

  it("A service that fails is retried when it asks to be", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: 42 }, 1);
    await run();
    expect(dueIn()).toBe(42);
  });

  it("A message whose answer is lost is found, and stays the only one", async () => {
    messenger.trouble({ kind: "answer-lost" }, 1);
    await run();
    clock.advance(dueIn() ?? 0);
    await run();
    expect(shown()).toEqual(["C0001: request, pending"]);
  });

  it("A refused message holds up no other message, and is reported once", async () => {
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

  it("A refused message is sent again once it says something else", async () => {
    messenger.trouble({ kind: "refused", reason: "invalid-blocks" }, 1);
    await run();
    await activate();
    await run();
    expect(shown()).toContain("C0001: request, active");
    expect(tables.notices.get(id)?.record.undeliverable).toEqual({});
  });

  it("A service that refuses the app is retried, and gets every message once that is repaired", async () => {
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

  it("A service that refuses the app is called once a run, and each message's delay is explained", async () => {
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

  it("A service that refuses the app is no longer called a day after the request ends", async () => {
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

  it("A busy channel waits, and the others still get their messages", async () => {
    await activate();
    messenger.trouble({ kind: "busy", retryAfterSeconds: 30 }, 1, "request@C0001");
    expect(await run()).toMatchObject({ delivered: 1, retried: true });
    expect(dueIn()).toBe(30);
  });
});

describe("the event bus", () => {
  it("The event bus gets every event in order, and the rest again if it took only some", async () => {
    await activate();
    bus.takeOnly(1);
    expect(await run()).toMatchObject({ published: 1, retried: true });
    clock.advance(dueIn() ?? 0);
    await run();
    expect(stepsOf(bus)).toEqual([1, 2, 3]);
  });

  it("The event bus may get events twice if its answer was lost, and messages still go out", async () => {
    bus.failNext("all");
    expect(await run()).toMatchObject({ published: 0, delivered: 1, retried: true });
    clock.advance(dueIn() ?? 0);
    await run();
    expect(stepsOf(bus)).toEqual([1, 1]);
  });

  it("notify reports the age of the oldest event until the event bus takes it", async () => {
    const ages: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      bus.failNext("none");
      ages.push((await run()).unpublishedSeconds);
      clock.advance(100);
    }
    expect(ages).toEqual([0, 100, 200, 300, 400]);
    expect(await run()).toMatchObject({ published: 1, unpublishedSeconds: 0 });
  });

  it("The event bus gets events even if no messages are wanted", async () => {
    ports = { ...ports, messenger: undefined };
    expect(await run()).toMatchObject({ published: 1, delivered: 0 });
  });
});

describe("two workers, or one that crashes", () => {
  it("notify handles a step that is stored while it parks", async () => {
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

  it("notify finds a message after a crash before its record, and sends no other", async () => {
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
    expect(messenger.shown).toHaveLength(1);
    expect(dueIn()).toBe(600);
  });

  it("notify reads again if another worker saved first, and gives up after three attempts", async () => {
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

  it("notify stops with time to spare, and stays due", async () => {
    await run(3_000);
    expect(messenger.shown).toEqual([]);
    expect(dueIn()).not.toBeNull();
  });
});
