import { beforeEach, describe, expect, it } from "vitest";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { MessengerBusy } from "../../../../shared/ports/messenger.ts";
import { NoticeConflict } from "../../../../shared/ports/notice-store.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../fakes/builders.ts";
import { type FixedClock, fixedClock } from "../../../fakes/fixed-clock.ts";
import { fixedRandom } from "../../../fakes/fixed-random.ts";
import { memoryEventBus } from "../../../fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../fakes/memory-request-store.ts";
import { type MemoryTables, memoryTables } from "../../../fakes/memory-tables.ts";
import { requestFacts } from "../../../fakes/request-facts.ts";

const FIRST = aFirstStep();
const { id } = FIRST.request;

let tables: MemoryTables;
let clock: FixedClock;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let active: AccessRequest;

const store = () => memoryRequestStore(tables);
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
    bus: memoryEventBus(),
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
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

describe("an older update that takes effect after a newer one", () => {
  it("A late update without an answer is replaced again", async () => {
    const late: (() => Promise<void>)[] = [];
    const unanswered: MemoryMessenger["update"] = async (...args) => {
      late.push(() => messenger.update(...args));
      throw new MessengerBusy("Slack does not answer.", null);
    };
    ports = { ...ports, messenger: { ...messenger, update: unanswered } };
    await run(7_000);
    await store().save(aStep(active, { type: "return", at: clock.now() }));
    ports = { ...ports, messenger };
    await run(7_000);
    expect(shownState()).toBe("ending");
    for (const land of late) await land();
    expect(shownState()).toBe("active");
    clock.advance(60);
    await run();
    expect(shownState()).toBe("ending");
    expect(tables.notices.get(id)?.dueAt).toBeNull();
  });

  const conflict = () => new NoticeConflict("Another worker saved first.");
  const busy = () => new Error("The table does not answer.");
  it.each([
    ["whose save conflicts", [conflict]],
    ["whose save is not answered", [busy]],
    ["that conflicts once more when it says so", [conflict, conflict]],
    ["whose table fails when it says so", [conflict, busy, conflict, busy, conflict]],
  ])("A late update of an overtaken worker %s is replaced again", async (_title, failures) => {
    let overtaken = false;
    let refused = 0;
    const { notices } = ports;
    const save: NotifyPorts["notices"]["save"] = async (record) => {
      const fail = overtaken ? failures[refused] : undefined;
      if (!fail) return await notices.save(record);
      refused += 1;
      throw fail();
    };
    const slow: MemoryMessenger["update"] = async (...args) => {
      if (!overtaken) {
        const later = ports;
        ports = { ...ports, messenger, notices };
        await store().save(aStep(active, { type: "return", at: clock.now() }));
        await run(10_000);
        expect(shownState()).toBe("ending");
        ports = later;
        overtaken = true;
      }
      await messenger.update(...args);
    };
    ports = { ...ports, messenger: { ...messenger, update: slow }, notices: { ...notices, save } };
    // A run that fails is started again.
    await run().catch(() => run());
    expect(refused).toBe(failures.length);
    expect(shownState()).toBe("ending");
    expect(tables.notices.get(id)?.dueAt).toBeNull();
  });
});
