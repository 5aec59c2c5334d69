/** Messages about several requests of one ask, from the tables to the messenger. */
import { beforeEach, describe, expect, it } from "vitest";
import { anApproval, aPolicy, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { dueIn } from "../../../../lab/fakes/due-notices.ts";
import { ASK, memoryBroker, view } from "../../../../lab/fakes/memory-broker.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { requestFacts } from "../../../../lab/fakes/request-facts.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { createAsk } from "../../../../shared/usecases/requests/create-ask.ts";

const POLICY = { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } };

let broker: ReturnType<typeof memoryBroker>;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let parts: readonly AccessRequest[];

/** Runs for one subject, as a message of the queue has it. */
const run = (subject: string, by = ports) => {
  const end = Date.parse(broker.clock.now()) + 30_000;
  const millisLeft = () => end - Date.parse(broker.clock.now());
  return notify(by, subject, { millisLeft, log: () => undefined });
};
const runAll = async () => {
  for (const { id } of parts) await run(id);
};
/** The messages of the channel, each with the states that it shows. */
const channel = () =>
  messenger.shown
    .filter(({ channel: where }) => where === "C0001")
    .map(({ notice }) => [
      requestFacts(notice).state,
      ...("parts" in notice ? (notice.parts ?? []) : []).map(({ facts }) => facts.state),
    ]);

beforeEach(async () => {
  broker = memoryBroker({ policy: POLICY });
  messenger = memoryMessenger();
  const { front, tables, clock } = broker;
  ports = {
    requests: front.requests,
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: front.delegations,
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: { fraction: () => 0.5 },
    ids: front.ids,
    policy: POLICY,
  };
  parts = await createAsk(
    front,
    broker.actor("alice"),
    [ASK, { ...ASK, access: view("payments-api") }],
    undefined,
  );
});

describe("The messages of an ask with two parts", () => {
  it("There is one message, in whatever order the parts are looked at", async () => {
    await runAll();
    expect(channel()).toEqual([["pending", "pending"]]);
    await runAll();
    expect(channel()).toHaveLength(1);
  });

  it("A step of the second part has the message of the first looked at again, which then shows it", async () => {
    await runAll();
    const [first, second] = parts;
    if (!first || !second) throw new Error("There is no ask.");
    await broker.front.requests.save(anApproval(second, broker.clock.now()));
    await run(second.id);
    expect(await dueIn(ports.notices, broker.clock.now(), 10)).toContain(first.id);
    await run(first.id);
    expect(channel()).toEqual([["pending", "approved"]]);
  });

  it("What is looked at again comes to an end: the first part has no other looked at", async () => {
    await runAll();
    for (let turn = 0; turn < 3; turn += 1)
      for (const subject of await dueIn(ports.notices, broker.clock.now(), 10)) await run(subject);
    expect(await dueIn(ports.notices, broker.clock.now(), 10)).toEqual([]);
  });

  it("A part that does not name the first in turn has a message of its own", async () => {
    const [first, second] = parts;
    if (!first || !second) throw new Error("There is no ask.");
    const alone = { ...second, askedWith: [] };
    const requests = {
      ...ports.requests,
      load: async (id: string) => (id === second.id ? alone : ports.requests.load(id)),
    };
    const spoiled = { ...ports, requests };
    for (const { id } of parts) await run(id, spoiled);
    expect(channel()).toEqual([["pending"], ["pending"]]);
  });

  it("Once all is decided, no button of it is left", async () => {
    await runAll();
    for (const each of parts)
      await broker.front.requests.save(
        aStep(await ports.requests.load(each.id), { type: "deny", at: T0, actor: "bob" }),
      );
    await runAll();
    await run(parts[0]?.id ?? "");
    expect(channel()).toEqual([["denied", "denied"]]);
    const [shown] = messenger.shown.filter(({ channel: where }) => where === "C0001");
    expect(JSON.stringify(shown?.notice)).not.toContain('"approve"');
  });
});
