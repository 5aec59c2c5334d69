/** One message for each notice in the end, whatever became of the answers. */
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
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const FIRST = aFirstStep();
const { id } = FIRST.request;
const KEY = "request@C0001";

let tables: MemoryTables;
let clock: FixedClock;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let logs: string[];

const store = () => memoryRequestStore(tables);
const run = (own = ports) => {
  const end = Date.parse(clock.now()) + 30_000;
  const millisLeft = () => end - Date.parse(clock.now());
  return notify(own, id, { millisLeft, log: (message) => logs.push(message) });
};
/** The messages in the approvers' channel: the state that each shows, and how many buttons it has. */
const channel = () =>
  messenger.shown
    .filter(({ notice }) => notice.key === KEY)
    .map(({ notice }) => [requestFacts(notice).state, notice.actions.length > 0]);
const dueAt = () => tables.notices.get(id)?.dueAt ?? null;
/** Runs whenever the record is due, as a sweep does. */
async function pass(seconds: number) {
  const end = Date.parse(clock.now()) + seconds * 1_000;
  while (Date.parse(clock.now()) < end) {
    clock.advance(60);
    const due = dueAt();
    if (due !== null && due <= clock.now()) await run();
  }
}
const deny = () =>
  store().save(aStep(FIRST.request, { type: "deny", actor: "bob", at: clock.now() }));

beforeEach(async () => {
  tables = memoryTables();
  clock = fixedClock(T0);
  messenger = memoryMessenger();
  logs = [];
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
});

describe("A message whose answer is lost", () => {
  it("is found, and taken over: no second one is sent", async () => {
    messenger.trouble({ kind: "answer-lost" }, 1, KEY);
    await run();
    await pass(120);
    expect(channel()).toEqual([["pending", true]]);
    expect(logs).toContain("a message without an answer was found");
    expect(tables.notices.get(id)?.record.marked).toEqual({});
  });

  it("loses its buttons with a decision that comes before it is found", async () => {
    messenger.trouble({ kind: "answer-lost" }, 1, KEY);
    await run();
    await deny();
    await run();
    await pass(120);
    expect(channel()).toEqual([["denied", false]]);
  });

  it("is sent again where Slack has not reported it, and each copy is taken away once it has", async () => {
    messenger.tells = false;
    messenger.trouble({ kind: "answer-lost" }, 3, KEY);
    await run();
    await pass(180);
    expect(channel().length).toBe(4);
    await deny();
    await run();
    messenger.tells = true;
    await pass(900);
    expect(channel()).toEqual([["denied", false]]);
    expect(logs.filter((line) => line === "a copy of a message was taken away")).toHaveLength(3);
  });

  it("is looked for, for a quarter of an hour, and then no more", async () => {
    messenger.tells = false;
    messenger.trouble({ kind: "answer-lost" }, 1, KEY);
    await run();
    await pass(1_800);
    expect(channel().length).toBe(2);
    expect(tables.notices.get(id)?.record.marked).toEqual({});
    expect(logs).toContain("a message has no answer, and was not found");
  });

  it("stays on record while Slack does not take a copy away", async () => {
    messenger.tells = false;
    messenger.trouble({ kind: "answer-lost" }, 1, KEY);
    await run();
    await pass(60);
    messenger.tells = true;
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 2, "");
    await pass(180);
    expect(channel().length).toBe(2);
    await pass(900);
    expect(channel()).toEqual([["pending", true]]);
  });
});

describe("Two runs of notify at once", () => {
  /** Ports whose first send begins only once another run is over, this many seconds later. */
  function overlapped(seconds: number): NotifyPorts {
    let hasRun = false;
    const send: typeof messenger.send = async (...sent) => {
      if (!hasRun) {
        hasRun = true;
        clock.advance(seconds);
        await run();
      }
      return messenger.send(...sent);
    };
    return { ...ports, messenger: { ...messenger, send } };
  }

  it("send one message: the other run waits for what the first has noted", async () => {
    await run(overlapped(0));
    await pass(120);
    expect(channel()).toEqual([["pending", true]]);
  });

  it("leave one message where the first is taken for dead, and lives", async () => {
    await run(overlapped(60)).catch(() => undefined);
    await store().save(anApproval(FIRST.request, clock.now()));
    await run();
    await pass(900);
    expect(channel()).toEqual([["approved", true]]);
  });
});
