/** Messages that ask for a decision, while the requester is suspended. */
import { beforeEach, describe, expect, it } from "vitest";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { dueIn } from "../../../../lab/fakes/due-notices.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import { withAdmins } from "../../../../lab/fakes/two-admins.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { messageFor } from "../../../../shared/slack/message.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";
import { changeStops } from "../../../../shared/usecases/stops/change-stops.ts";

const REMIND_SECONDS = 600;
const READERS = ["C0001", "D-bob", "D-bella"] as const;
const DECISIONS = ["approve", "approve-less", "deny", "details"];
const SAID = "carol suspended alice, so nobody decides on this now; dora or erin can lift it.";

/** Bob and bella are asked in messages of their own, and reminded after ten minutes. */
function asking() {
  const policy = withAdmins(policyDelegating());
  const rules = policy.rules.map((rule) => ({
    ...rule,
    decideIn: ["api", "slack"] as const,
    notify: { ...rule.notify, direct: true },
    remind: { afterSeconds: REMIND_SECONDS, times: 1 },
  }));
  return { ...policy, rules, slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } };
}

let broker: MemoryBroker;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
beforeEach(() => {
  broker = memoryBroker({ policy: asking() });
  messenger = memoryMessenger();
  ports = {
    ...broker.front,
    notices: memoryNoticeStore(broker.tables),
    findings: memoryFindingStore(broker.tables),
    bus: memoryEventBus(),
    messenger,
    pause: { for: async (millis) => broker.clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
  };
});

/** Looks at what is due, and at what is due because of that. */
async function sweep(): Promise<void> {
  for (let left = await due(); left.length > 0; left = await due())
    for (const subject of left)
      await notify(ports, subject, { millisLeft: () => 30_000, log: () => undefined });
}
const due = () => dueIn(ports.notices, broker.clock.now(), 100);

const shownAt = (channel: string) =>
  messenger.shown
    .filter((one) => one.channel === channel)
    .findLast(({ notice }) => /^(?:request|decision-wanted)@/.test(notice.key))?.notice;
const textsAt = (channel: string): string => {
  const notice = shownAt(channel);
  return notice ? JSON.stringify(messageFor(notice).blocks) : "";
};
const changed = (type: "suspend" | "lift", by: string) =>
  changeStops(
    broker.front,
    broker.actor(by),
    type,
    "alice",
    type === "lift" ? "" : "a lost laptop",
  );

describe("A request whose requester is suspended while it waits", () => {
  it("Each message that asks for a decision says so, by whom, and who can lift it", async () => {
    await broker.ask();
    await sweep();
    for (const reader of READERS) expect(textsAt(reader)).not.toContain("suspended");
    await changed("suspend", "carol");
    await sweep();
    for (const reader of READERS) {
      expect([reader, textsAt(reader)]).toEqual([reader, expect.stringContaining(SAID)]);
      expect([reader, shownAt(reader)?.actions]).toEqual([reader, ["details"]]);
    }
  });

  it("The sentence stands before the buttons", async () => {
    await broker.ask();
    await changed("suspend", "carol");
    await sweep();
    expect(textsAt("C0001").indexOf(SAID)).toBeLessThan(textsAt("C0001").indexOf('"actions"'));
  });

  it("A lift takes the sentence away, and brings the buttons back", async () => {
    await broker.ask();
    await changed("suspend", "carol");
    await sweep();
    await changed("lift", "dora");
    await sweep();
    for (const reader of READERS) {
      expect(textsAt(reader)).not.toContain("suspended");
      expect([reader, shownAt(reader)?.actions]).toEqual([reader, DECISIONS]);
    }
  });

  it("Nobody is reminded of it until the suspension is lifted", async () => {
    await broker.ask();
    await changed("suspend", "carol");
    await sweep();
    broker.clock.advance(REMIND_SECONDS + 1);
    await sweep();
    const reminded = () => messenger.shown.filter(({ notice }) => notice.kind === "reminder");
    expect(reminded()).toEqual([]);
    await changed("lift", "dora");
    await sweep();
    expect(reminded().length).toBeGreaterThan(0);
  });

  it("Messages about requests of others, and about what is decided, stay as they are", async () => {
    await broker.activeGrant();
    await sweep();
    const before = messenger.shown.filter(({ notice }) => notice.kind !== "stop").length;
    await changed("suspend", "carol");
    await sweep();
    const after = messenger.shown.filter(({ notice }) => notice.kind !== "stop");
    expect(after.slice(before).filter(({ notice }) => "suspended" in notice.facts)).toEqual([]);
  });
});
