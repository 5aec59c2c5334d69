import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { type FixedClock, fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { memoryDelegationStore } from "../../../../lab/fakes/memory-delegation-store.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../../lab/fakes/memory-request-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { type MemoryTables, memoryTables } from "../../../../lab/fakes/memory-tables.ts";
import { requestFacts } from "../../../../lab/fakes/request-facts.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { MessengerBusy } from "../../../../shared/ports/messenger.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const FIRST = aFirstStep();
const { id } = FIRST.request;

let tables: MemoryTables;
let clock: FixedClock;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let active: AccessRequest;

const store = () => memoryRequestStore(tables);
const shownAll = () =>
  messenger.shown.map(
    ({ channel, notice }) => `${channel}: ${notice.kind}, ${requestFacts(notice).state}`,
  );
const dueIn = () => {
  const dueAt = tables.notices.get(id)?.dueAt;
  return dueAt === null || dueAt === undefined ? null : secondsBetween(clock.now(), dueAt);
};
const shownState = () => requestFacts(messenger.shown[0]?.notice).state;

function run(millis = 30_000) {
  const end = Date.parse(clock.now()) + millis;
  const millisLeft = () => end - Date.parse(clock.now());
  return notify(ports, id, { millisLeft, log: () => undefined });
}

/** Its channel's message shows a pending request, and the access is there. */
beforeEach(async () => {
  tables = memoryTables();
  clock = fixedClock(T0);
  messenger = memoryMessenger();
  ports = {
    requests: store(),
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } },
  };
  await store().create([FIRST]);
  await run();
  const approval = anApproval(FIRST.request, clock.now());
  await store().save(approval);
  const activation = aStep(approval.request, { type: "activate", at: clock.now() });
  await store().save(activation);
  active = activation.request;
  clock.advance(10);
});

/** Updates that Slack still applies after they were given up, in order. */
let late: (() => Promise<void>)[];
const unanswered: MemoryMessenger["update"] = async (...args) => {
  late.push(() => messenger.update(...args));
  throw new MessengerBusy("Slack does not answer.", null);
};
const land = async () => {
  for (const apply of late) await apply();
};

type Save = NotifyPorts["notices"]["save"];
const busy = () => new Error("The table does not answer.");

/** The request is returned, and a healthy worker shows that. */
async function returned(healthy: NotifyPorts): Promise<void> {
  ports = healthy;
  await store().save(aStep(active, { type: "return", at: clock.now() }));
  await run(14_000);
  expect(shownState()).toBe("ending");
}

/** After every call has landed, the message shows the state that is stored. */
async function isReplaced(): Promise<void> {
  expect(shownState()).toBe("active");
  // No step follows: the sweep finds it.
  const { record, dueAt } = tables.notices.get(id) ?? {};
  expect(record?.sent["request@C0001"]?.unsettledUntil).toBe(dueAt);
  clock.advance(60);
  await run();
  expect(shownState()).toBe("ending");
  // A run that was killed may have left a message that Slack has not reported yet.
  clock.advance(1_000);
  await run();
  expect(tables.notices.get(id)?.dueAt).toBeNull();
}

describe("an older update that takes effect after a newer one", () => {
  beforeEach(() => {
    late = [];
  });

  it("A late update without an answer is replaced again", async () => {
    const healthy = ports;
    ports = { ...ports, messenger: { ...messenger, update: unanswered } };
    await run(14_000);
    await returned(healthy);
    await land();
    await isReplaced();
  });

  it("A late update is replaced again if no save followed it", async () => {
    const healthy = ports;
    const save: Save = async (record) => {
      if (late.length > 0) throw busy();
      return await healthy.notices.save(record);
    };
    ports = {
      ...ports,
      messenger: { ...messenger, update: unanswered },
      notices: { ...ports.notices, save },
    };
    await expect(run(14_000)).rejects.toThrow("The table does not answer.");
    await returned(healthy);
    await land();
    await isReplaced();
  });

  it("A late update is replaced again if the next worker's clock is ten seconds ahead", async () => {
    const healthy = ports;
    ports = { ...ports, messenger: { ...messenger, update: unanswered } };
    await run(14_000);
    clock.advance(4 + 10);
    await returned(healthy);
    await land();
    await isReplaced();
  });

  it("A late update is replaced again if it lands while the newer one is on its way", async () => {
    const healthy = ports;
    ports = { ...ports, messenger: { ...messenger, update: unanswered } };
    await run(14_000);
    const until = tables.notices.get(id)?.record.sent["request@C0001"]?.unsettledUntil;
    clock.set(plusSeconds(until ?? "", -1));
    const update: MemoryMessenger["update"] = async (...args) => {
      await messenger.update(...args);
      await land();
      late = [];
      clock.advance(2);
    };
    ports = { ...healthy, messenger: { ...messenger, update } };
    await store().save(aStep(active, { type: "return", at: clock.now() }));
    await run();
    expect(shownState()).toBe("ending");
  });

  it.each([
    ["that conflicts", undefined, undefined],
    ["whose saves are not answered", busy, undefined],
    ["that is killed before its save", undefined, () => new Error("killed")],
  ])("A late update of an overtaken worker %s is replaced again", async (_title, fail, end) => {
    const healthy = ports;
    let overtaken = false;
    const save: Save = async (record) => {
      if (overtaken && fail) throw fail();
      return await healthy.notices.save(record);
    };
    const update: MemoryMessenger["update"] = async (...args) => {
      await returned(healthy);
      overtaken = true;
      await messenger.update(...args);
      if (end) throw end();
    };
    ports = { ...ports, messenger: { ...messenger, update }, notices: { ...ports.notices, save } };
    await run(16_000).catch(() => undefined);
    expect(overtaken).toBe(true);
    await isReplaced();
  });
});

describe("the record of a run before it updates a message", () => {
  const unsettled = () => tables.notices.get(id)?.record.sent["request@C0001"]?.unsettledUntil;
  const saves = async (): Promise<{
    readonly count: number;
    readonly marks: readonly unknown[];
  }> => {
    const { notices } = ports;
    const marks: unknown[] = [];
    let count = 0;
    ports = {
      ...ports,
      notices: {
        ...notices,
        save: (record) => {
          count += 1;
          return notices.save(record);
        },
      },
      messenger: {
        ...messenger,
        update: async (...args) => {
          marks.push(unsettled());
          await messenger.update(...args);
        },
      },
    };
    await run();
    return { count, marks };
  };

  it("The save after the bus took the events announces the update, so that it costs no write", async () => {
    // The run's thirty seconds, ten in which a call may land, and ten between two clocks.
    const until = plusSeconds(clock.now(), 50);
    // For the events, the channel's message, and the requester's.
    expect(await saves()).toEqual({ count: 3, marks: [until] });
    expect(unsettled()).toBeUndefined();
  });

  it("An update of what changed without an event is announced in a save of its own", async () => {
    await run();
    const shown = tables.notices.get(id);
    if (!shown) throw new Error("The request has no notice record.");
    const { "request@C0001": message, ...others } = shown.record.sent;
    if (!message) throw new Error("The channel has no message.");
    const older = { ...others, "request@C0001": { ...message, hash: "older" } };
    tables.notices.set(id, { ...shown, record: { ...shown.record, sent: older } });
    expect(await saves()).toEqual({ count: 2, marks: [plusSeconds(clock.now(), 50)] });
    expect(unsettled()).toBeUndefined();
  });

  it.each([
    ["Slack limits", { kind: "busy", retryAfterSeconds: 30 }],
    ["Slack refuses", { kind: "refused", reason: "channel-not-found" }],
    [
      "a Slack that refuses the app does not take",
      { kind: "app-refused", reason: "token-revoked" },
    ],
  ] as const)("An update that %s is not made twice", async (_title, trouble) => {
    messenger.trouble(trouble, 1, "request@C0001");
    await run(14_000);
    expect(unsettled()).toBeUndefined();
  });

  /** The channel's message and the requester's are about to be updated, in this order. */
  const bothChange = async () => {
    await run();
    const ending = aStep(active, { type: "return", at: clock.now() });
    await store().save(ending);
    await store().save(aStep(ending.request, { type: "settle", at: clock.now() }));
  };
  const marks = () =>
    ["request@C0001", "access@alice"].map(
      (key) => tables.notices.get(id)?.record.sent[key]?.unsettledUntil,
    );

  it("After an update without an answer, those that were not tried count as settled", async () => {
    await bothChange();
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 1, "request@C0001");
    await run(13_500);
    expect(marks()).toEqual([expect.any(String), undefined]);
  });

  it("Updates for which no time is left count as settled", async () => {
    await bothChange();
    const update: MemoryMessenger["update"] = async (...args) => {
      await messenger.update(...args);
      clock.advance(2);
    };
    ports = { ...ports, messenger: { ...messenger, update } };
    await run(14_000);
    expect(marks()).toEqual([undefined, undefined]);
  });

  it("A short run does not shorten what a longer one announced", async () => {
    const until = plusSeconds(clock.now(), 50);
    const update = async () => Promise.reject(new Error("killed"));
    ports = { ...ports, messenger: { ...messenger, update } };
    await expect(run()).rejects.toThrow("killed");
    await expect(run(14_000)).rejects.toThrow("killed");
    expect(unsettled()).toBe(until);
  });

  it("A run that waits for an earlier update announces none, and writes nothing", async () => {
    late = [];
    const healthy = ports;
    ports = { ...ports, messenger: { ...messenger, update: unanswered } };
    await run(14_000);
    await returned(healthy);
    const until = unsettled();
    expect(until).toBeDefined();
    expect(await saves()).toEqual({ count: 0, marks: [] });
    expect(unsettled()).toBe(until);
  });
});

describe("a message that a newer one has overtaken", () => {
  it("A message that a newer one has overtaken is tried again to three minutes after Slack was busy", async () => {
    await run();
    const returned = aStep(active, { type: "return", actor: "alice", at: clock.now() });
    await store().save(returned);
    messenger.trouble({ kind: "busy", retryAfterSeconds: 5 }, 100, "access@alice");
    expect(await run()).toMatchObject({ delivered: 1, retried: false });
    expect(shownAll()).toEqual(["C0001: request, ending", "D-alice: access, active"]);
    await store().save(aStep(returned.request, { type: "settle", at: clock.now() }));
    expect(await run()).toMatchObject({ retried: false });
    expect(shownAll()).toContain("D-alice: access, active");
    const pause = dueIn() ?? 0;
    expect(pause).toBe(125);
    messenger.recover();
    clock.advance(pause);
    await run();
    expect(shownAll()).toContain("D-alice: access, ended");
    expect(dueIn()).toBeNull();
  });

  it("A message that a newer one has overtaken is left to a later run where time is short, and is no failure", async () => {
    await run();
    await store().save(aStep(active, { type: "return", actor: "alice", at: clock.now() }));
    let left = 60_000;
    const update = messenger.update.bind(messenger);
    const slow = {
      ...messenger,
      update: (...all: Parameters<typeof update>) => {
        left = 5_500;
        return update(...all);
      },
    };
    ports = { ...ports, messenger: slow };
    const report = await notify(ports, active.id, { millisLeft: () => left, log: () => undefined });
    expect(report).toMatchObject({ delivered: 1, retried: false });
    expect(shownAll()).toEqual(["C0001: request, ending", "D-alice: access, active"]);
    expect(dueIn()).toBe(120);
  });
});
