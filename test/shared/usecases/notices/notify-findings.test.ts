import { beforeEach, describe, expect, it } from "vitest";
import { aPolicy, T0 } from "../../../../lab/fakes/builders.ts";
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
import { tapPorts } from "../../../../lab/fakes/port-tap.ts";
import { findingSubject } from "../../../../shared/domain/notices/subject.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { aFindingDraft, anAcknowledgementDraft } from "../../domain/evidence/finding-samples.ts";

const DRAFT = aFindingDraft("grantor-outside-call");
const SUBJECT = findingSubject(DRAFT.details.findingId);

let tables: MemoryTables;
let clock: FixedClock;
let bus: MemoryEventBus;
let messenger: MemoryMessenger;
let findings: ReturnType<typeof memoryFindingStore>;
let ports: NotifyPorts;

const run = (own = ports) => {
  const end = Date.parse(clock.now()) + 30_000;
  const millisLeft = () => end - Date.parse(clock.now());
  return notify(own, SUBJECT, { millisLeft, log: () => undefined });
};
const record = () => findings.appendFinding(DRAFT);
const acknowledge = () => findings.appendFinding(anAcknowledgementDraft(DRAFT));
const dueAt = () => tables.notices.get(SUBJECT)?.dueAt;
const shown = () =>
  messenger.shown.map(({ channel, notice, updates }) => ({
    channel,
    updates,
    seenBy: notice.kind === "finding" && notice.facts.acknowledgements.map(({ actor }) => actor),
  }));
const publishedIds = () => bus.published.map(({ type, detail }) => `${type} ${detail.id}`);
const [FOUND, SEEN] = [1, 2].map((seq) => `${DRAFT.details.findingId}#${seq}`);

beforeEach(() => {
  tables = memoryTables();
  clock = fixedClock(T0);
  bus = memoryEventBus();
  messenger = memoryMessenger();
  findings = memoryFindingStore(tables);
  ports = {
    requests: memoryRequestStore(tables),
    notices: memoryNoticeStore(tables),
    findings,
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus,
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } },
  };
});

describe("notify about a finding", () => {
  it("notify shows a finding in the alarm channel, publishes it, and rests", async () => {
    await record();
    expect(await run()).toMatchObject({ published: 1, delivered: 1, retried: false });
    expect(shown()).toEqual([{ channel: "C0002", updates: 0, seenBy: [] }]);
    expect(publishedIds()).toEqual([`finding ${FOUND}`]);
    expect(dueAt()).toBeNull();
  });

  it("The same event of CloudTrail again shows and publishes nothing again", async () => {
    await record();
    await run();
    expect(await record()).toBe(false);
    expect(dueAt()).toBeNull();
    expect(await run()).toMatchObject({ published: 0, delivered: 0 });
    expect(shown()).toEqual([{ channel: "C0002", updates: 0, seenBy: [] }]);
  });

  it("notify updates the message once somebody acknowledges the finding, and publishes that", async () => {
    await record();
    await run();
    await acknowledge();
    expect(await run()).toMatchObject({ published: 1, delivered: 1 });
    expect(shown()).toEqual([{ channel: "C0002", updates: 1, seenBy: ["dave"] }]);
    expect(publishedIds()).toEqual([`finding ${FOUND}`, `acknowledgement ${SEEN}`]);
  });

  it("A finding that is acknowledged before Slack answers is shown once, as acknowledged", async () => {
    await record();
    messenger.trouble({ kind: "busy", retryAfterSeconds: null }, 1_000);
    bus.failNext("none");
    await run();
    clock.advance(3_600);
    await acknowledge();
    messenger.recover();
    await run();
    expect(shown()).toEqual([{ channel: "C0002", updates: 0, seenBy: ["dave"] }]);
    expect(publishedIds()).toEqual([`finding ${FOUND}`, `acknowledgement ${SEEN}`]);
  });

  it("Without Slack only the bus gets a finding", async () => {
    ports = { ...ports, messenger: undefined, policy: aPolicy() };
    await record();
    expect(await run()).toMatchObject({ published: 1, delivered: 0, retried: false });
    expect(dueAt()).toBeNull();
  });

  it("A finding whose channel is gone is on the bus, and its record says why it is in no channel", async () => {
    messenger.trouble({ kind: "refused", reason: "channel-not-found" }, 1);
    await record();
    expect(await run()).toMatchObject({ published: 1, delivered: 0, refused: 1 });
    expect(tables.notices.get(SUBJECT)?.record.undeliverable).toMatchObject({
      "finding@C0002": { reason: "channel-not-found" },
    });
  });

  it("A crash at any call of notify loses no message and no event, and repeats no message", async () => {
    const crashes = { at: 1, met: true };
    for (; crashes.met; crashes.at += 1) {
      crashes.met = false;
      tables.notices.clear();
      const own = memoryFindingStore(tables);
      const world = {
        ...ports,
        findings: own,
        bus: memoryEventBus(),
        messenger: memoryMessenger(),
      };
      await own.appendFinding(DRAFT);
      let calls = 0;
      const crashing = tapPorts(
        world,
        ["findings", "notices", "bus", "messenger"],
        async (call) => {
          calls += 1;
          const answer = await call.apply();
          if (calls !== crashes.at) return answer;
          crashes.met = true;
          throw new Error("The function ends here.");
        },
      );
      await run(crashing).catch(() => undefined);
      await run(world);
      // Nobody knows whether the run that ended still sends, and then whether Slack reports it.
      for (const seconds of [60, 1_000]) {
        clock.advance(seconds);
        await run(world);
      }
      const seen = { messages: world.messenger.shown.length, events: world.bus.published.length };
      expect(seen.messages, `${crashes.at}`).toBe(1);
      expect([1, 2], `${crashes.at}`).toContain(seen.events);
      expect(tables.notices.get(SUBJECT)?.dueAt).toBeNull();
    }
    expect(crashes.at).toBeGreaterThan(6);
  });

  it("A notice record without its finding is a defect that notify reports", async () => {
    await record();
    const lost = { ...ports, findings: memoryFindingStore() };
    await expect(run(lost)).rejects.toThrow(/is not stored/);
  });
});
