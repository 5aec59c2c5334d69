/** A first message that Slack refuses is tried again while somebody waits for a decision. */
import { describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aPolicy, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { memoryDelegationStore } from "../../../../lab/fakes/memory-delegation-store.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../../../lab/fakes/memory-request-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { memoryTables } from "../../../../lab/fakes/memory-tables.ts";
import { missingNotices } from "../../../../shared/domain/notices/missing-notices.ts";
import type { Step } from "../../../../shared/domain/requests/lifecycle.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const POLICY = { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } };
const FIRST = aFirstStep();
const { id } = FIRST.request;
const KEY = "request@C0001";
const DAY = 86_400;
const INVITE = { kind: "refused", reason: "not-in-channel", isRepairable: true } as const;

async function world() {
  const tables = memoryTables();
  const clock = fixedClock(T0);
  const messenger = memoryMessenger();
  const requests = memoryRequestStore(tables);
  /** How many seconds after the first request each message was sent. */
  const calls: number[] = [];
  let meanwhile: (() => Promise<void>) | undefined;
  const ports: NotifyPorts = {
    requests,
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger: {
      ...messenger,
      async send(notice, thread) {
        calls.push(secondsBetween(T0, clock.now()));
        const other = meanwhile;
        meanwhile = undefined;
        await other?.();
        return messenger.send(notice, thread);
      },
    },
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: POLICY,
  };
  await requests.create([FIRST]);
  const run = () => notify(ports, id, { millisLeft: () => 30_000, log: () => undefined });
  const due = () => tables.notices.get(id)?.dueAt ?? null;
  return {
    calls,
    clock,
    messenger,
    run,
    due,
    /** Does this while the next message is on its way. */
    whileSending: (work: () => Promise<void>) => {
      meanwhile = work;
    },
    store: (step: Step) => requests.save(step),
    missing: () => {
      const record = tables.notices.get(id)?.record;
      return record ? missingNotices(record, true) : [];
    },
    /** Runs whatever is due until an instant. */
    async until(end: string) {
      await run();
      for (let at = due(); at !== null && at <= end; at = due()) {
        if (at > clock.now()) clock.set(at);
        await run();
      }
      clock.set(end);
    },
  };
}

const later = (seconds: number) => plusSeconds(T0, seconds);

describe("A first message that Slack refuses", () => {
  it("It arrives once somebody has repaired that, without a step of the request", async () => {
    const { messenger, until, missing } = await world();
    messenger.trouble(INVITE, 1_000);
    await until(later(8));
    expect(messenger.shown).toEqual([]);
    messenger.recover();
    await until(later(60));
    expect(messenger.shown).toMatchObject([{ channel: "C0001", updates: 0 }]);
    expect(missing()).toEqual([]);
  });

  it("It is tried again after minutes, then hours, at most every four", async () => {
    const { calls, messenger, until } = await world();
    messenger.trouble(INVITE, 1_000);
    await until(later(DAY - 60));
    expect(calls).toEqual([
      0, 60, 180, 420, 900, 1_860, 3_780, 7_620, 15_300, 29_700, 44_100, 58_500, 72_900,
    ]);
  });

  it("It says when it is tried again, and since when nobody sees it", async () => {
    const { messenger, until, missing } = await world();
    messenger.trouble(INVITE, 1_000);
    await until(later(100));
    expect(missing()).toEqual([
      { kind: "request", to: "C0001", reason: "not-in-channel", at: T0, nextAt: later(180) },
    ]);
  });

  it.each([
    ["approved", anApproval(FIRST.request, later(100))],
    ["denied", aStep(FIRST.request, { type: "deny", actor: "bob", at: later(100) })],
    ["lapsed", aStep(FIRST.request, { type: "lapse", at: later(100) })],
  ] as const)(
    "Once the request is %s, the channel's message is tried once more and then no more",
    async (_state, step) => {
      const { calls, messenger, until, store } = await world();
      messenger.trouble(INVITE, 1_000, KEY);
      await until(later(100));
      await store(step as Step);
      const before = calls.length;
      await until(later(2 * DAY));
      // One is the requester's own message.
      expect(calls.length - before).toBeLessThanOrEqual(2);
    },
  );

  it("It is not tried again where the message is to blame", async () => {
    const { calls, messenger, until, missing } = await world();
    messenger.trouble({ kind: "refused", reason: "invalid-blocks" }, 1_000);
    await until(later(DAY - 60));
    expect(calls).toEqual([0]);
    expect(missing()).toEqual([{ kind: "request", to: "C0001", reason: "invalid-blocks", at: T0 }]);
  });

  it("An update that is refused is not tried again by itself", async () => {
    const { messenger, until, store, missing } = await world();
    await until(later(1));
    messenger.trouble(INVITE, 1_000, KEY);
    await store(aStep(FIRST.request, { type: "deny", actor: "bob", at: later(100) }));
    await until(later(200));
    expect(missing()).toMatchObject([{ reason: "not-in-channel" }]);
    expect(missing()[0]).not.toHaveProperty("nextAt");
  });

  it("A run whose message arrives keeps it on record, although another one was refused meanwhile", async () => {
    const { clock, messenger, run, missing, whileSending } = await world();
    whileSending(async () => {
      messenger.trouble(INVITE, 1);
      // The other run takes the first for ended.
      clock.advance(60);
      await run();
    });
    await run();
    await run();
    expect(messenger.shown).toMatchObject([{ channel: "C0001", updates: 0 }]);
    expect(missing()).toEqual([]);
  });
});
