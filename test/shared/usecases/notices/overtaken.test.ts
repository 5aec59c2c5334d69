import { beforeEach, describe, expect, it } from "vitest";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../fakes/builders.ts";
import { type FixedClock, fixedClock } from "../../../fakes/fixed-clock.ts";
import { fixedRandom } from "../../../fakes/fixed-random.ts";
import { memoryDelegationStore } from "../../../fakes/memory-delegation-store.ts";
import { memoryEventBus } from "../../../fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../fakes/memory-request-store.ts";
import { memoryStopStore } from "../../../fakes/memory-stop-stores.ts";
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
const shown = () =>
  messenger.shown.map(
    ({ channel, notice }) => `${channel}: ${notice.kind}, ${requestFacts(notice).state}`,
  );
const dueIn = () => {
  const dueAt = tables.notices.get(id)?.dueAt;
  return dueAt === null || dueAt === undefined ? null : secondsBetween(clock.now(), dueAt);
};

function run(millis = 30_000) {
  const end = Date.parse(clock.now()) + millis;
  const millisLeft = () => end - Date.parse(clock.now());
  return notify(ports, id, { millisLeft, log: () => undefined });
}

/** The requester has a message about the access that is there. */
beforeEach(async () => {
  tables = memoryTables();
  clock = fixedClock(T0);
  messenger = memoryMessenger();
  ports = {
    requests: store(),
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    stops: memoryStopStore(),
    delegations: memoryDelegationStore(tables),
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
  await run();
});

describe("a message that a newer one has overtaken", () => {
  it("A message that a newer one has overtaken is tried again to three minutes after Slack was busy", async () => {
    const returned = aStep(active, { type: "return", actor: "alice", at: clock.now() });
    await store().save(returned);
    messenger.trouble({ kind: "busy", retryAfterSeconds: 5 }, 100, "access@alice");
    expect(await run()).toMatchObject({ delivered: 1, retried: false });
    expect(shown()).toEqual(["C0001: request, ending", "D-alice: access, active"]);
    await store().save(aStep(returned.request, { type: "settle", at: clock.now() }));
    expect(await run()).toMatchObject({ retried: false });
    expect(shown()).toContain("D-alice: access, active");
    const pause = dueIn() ?? 0;
    expect(pause).toBe(120);
    messenger.recover();
    clock.advance(pause);
    await run();
    expect(shown()).toContain("D-alice: access, ended");
    expect(dueIn()).toBeNull();
  });

  it("A message that a newer one has overtaken is left to a later run where time is short, and is no failure", async () => {
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
    expect(shown()).toEqual(["C0001: request, ending", "D-alice: access, active"]);
    expect(dueIn()).toBe(120);
  });
});
