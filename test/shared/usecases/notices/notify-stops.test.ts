import { beforeEach, describe, expect, it } from "vitest";
import { T0 } from "../../../../lab/fakes/builders.ts";
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
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import { stopSubject } from "../../../../shared/domain/notices/subject.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { aStop } from "../../../contracts/stop-store.contract.ts";

let tables: MemoryTables;
let clock: FixedClock;
let bus: MemoryEventBus;
let messenger: MemoryMessenger;
let stops: ReturnType<typeof memoryStopStore>;
let ports: NotifyPorts;

const run = (seq: number, own = ports) => {
  const end = Date.parse(clock.now()) + 30_000;
  const millisLeft = () => end - Date.parse(clock.now());
  return notify(own, stopSubject(seq), { millisLeft, log: () => undefined });
};
const published = () => bus.published.map(({ type, detail }) => `${type} ${detail.id}`);

beforeEach(() => {
  tables = memoryTables();
  clock = fixedClock(T0);
  bus = memoryEventBus();
  messenger = memoryMessenger();
  stops = memoryStopStore([], tables);
  ports = {
    requests: memoryRequestStore(tables),
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops,
    bus,
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: { ...withAdmins(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } },
  };
});

describe("notify about suspensions and drains", () => {
  it("A suspension is shown to the alarm channel and to its person, published, and rests", async () => {
    await stops.append(() => aStop());
    expect(await run(1)).toMatchObject({ published: 1, delivered: 2, retried: false });
    expect(messenger.shown.map(({ notice }) => notice.key)).toEqual(["stop@C0002", "stop@alice"]);
    expect(published()).toEqual(["suspend stop-1#1"]);
    expect(tables.notices.get("stop-1")?.dueAt).toBeNull();
    expect(await run(1)).toMatchObject({ published: 0, delivered: 0 });
  });

  it("Each of several is shown as it was then, whatever came after", async () => {
    await stops.append(() => aStop());
    await stops.append(() => aStop({ type: "lift", actor: "dora", reason: "" }));
    await run(1);
    await run(2);
    expect(published()).toEqual(["suspend stop-1#1", "lift stop-2#1"]);
    expect(messenger.shown.map(({ notice }) => notice.subject)).toEqual([
      "stop-1",
      "stop-1",
      "stop-2",
      "stop-2",
    ]);
  });

  it("A notice record without its record of the chain fails, and shows nothing", async () => {
    await stops.append(() => aStop());
    const lost = { ...ports, stops: memoryStopStore() };
    await expect(run(1, lost)).rejects.toThrow("Record 1 of the stops");
    expect(messenger.shown).toEqual([]);
  });
});
