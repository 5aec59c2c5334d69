/** An e-mail is noted before it is sent, is sent once, and is not sent about what is settled. */
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
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import { plusSeconds, secondsBetween } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { NoticeConflict } from "../../../../shared/ports/notice-store.ts";
import { mailLost } from "../../../../shared/usecases/notices/mail-lost.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const POLICY: AccessPolicy = {
  ...aPolicy(),
  notices: { email: { from: "access@example.com", configurationSet: "timelatch" } },
};
const FIRST = aFirstStep();
const { id } = FIRST.request;
const ASK = "decision-wanted@email:bob";

class Killed extends Error {}

/** @param slack whether there is Slack besides */
async function world(slack = false) {
  const tables = memoryTables();
  const clock = fixedClock(T0);
  const mail = memoryMessenger();
  const channel = memoryMessenger();
  const requests = memoryRequestStore(tables);
  /** Called as a message is sent: before the service has it, and after. */
  const hooks: { before?: () => Promise<void>; after?: () => void } = {};
  const ports: NotifyPorts = {
    requests,
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger: slack ? channel : undefined,
    email: {
      async send(notice, thread) {
        await hooks.before?.();
        const place = await mail.send(notice, thread);
        hooks.after?.();
        return place;
      },
    },
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: slack
      ? { ...POLICY, slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } }
      : POLICY,
  };
  await requests.create([FIRST]);
  const run = () => {
    const end = plusSeconds(clock.now(), 30);
    const millisLeft = () => secondsBetween(clock.now(), end) * 1_000;
    return notify(ports, id, { millisLeft, log: () => undefined });
  };
  const record = () => {
    const stored = tables.notices.get(id);
    if (!stored) throw new Error("There is no record.");
    return stored.record;
  };
  return {
    clock,
    mail,
    channel,
    requests,
    hooks,
    ports,
    run,
    record,
    sent: () => mail.shown.map(({ notice }) => notice.key),
    /** Runs whatever is due until an instant. */
    async until(end: string) {
      const due = () => tables.notices.get(id)?.dueAt ?? null;
      for (let at = due(); at !== null && at <= end; at = due()) {
        if (at > clock.now()) clock.set(at);
        await run();
      }
      clock.set(end);
    },
  };
}

const later = (seconds: number) => plusSeconds(T0, seconds);

describe("An e-mail about a request", () => {
  it("An approver is asked once, and later looks send nothing more", async () => {
    const { run, sent, until, record } = await world();
    await run();
    await until(later(4_000));
    expect(sent()).toEqual([ASK]);
    expect(record()).toMatchObject({ begun: {}, sent: { [ASK]: { timestamp: "1" } } });
  });

  it("It is noted before the service is asked", async () => {
    const { run, hooks, record } = await world();
    const seen: unknown[] = [];
    hooks.before = async () => void seen.push(record().begun);
    await run();
    expect(seen).toEqual([{ [ASK]: { at: T0, until: later(50), tries: 1 } }]);
  });

  it("A message whose sender was killed is sent once more after its time, and never a third time", async () => {
    const { run, hooks, sent, until, record } = await world();
    hooks.after = () => {
      throw new Killed();
    };
    await expect(run()).rejects.toThrow(Killed);
    // A killed run may only be slow.
    await run();
    expect(sent()).toEqual([ASK]);
    await expect(until(later(120))).rejects.toThrow(Killed);
    expect(sent()).toEqual([ASK, ASK]);
    await until(later(8_000));
    expect(sent()).toEqual([ASK, ASK]);
    expect(missingNotices(record(), true)).toMatchObject([
      { kind: "decision-wanted", to: "bob", medium: "email", reason: "answer-lost" },
    ]);
  });

  it("A lost answer costs one copy at most, however often it is lost", async () => {
    const { run, mail, sent, until } = await world();
    mail.trouble({ kind: "answer-lost" }, 99);
    await run();
    await until(later(9_000));
    expect(sent()).toEqual([ASK, ASK]);
  });

  it("A question that is settled between the look and the send is not sent", async () => {
    const { run, mail, ports, requests, sent, clock } = await world();
    const { begin } = ports.notices;
    let isFirst = true;
    const notices = {
      ...ports.notices,
      begin: async (record: Parameters<typeof begin>[0]) => {
        if (isFirst) await requests.save(anApproval(FIRST.request, clock.now()));
        isFirst = false;
        return begin(record);
      },
    };
    Object.assign(ports, { notices });
    await run();
    expect(sent().filter((key) => key.startsWith("decision-wanted"))).toEqual([]);
    expect(mail.shown.map(({ notice }) => notice.key)).toEqual(["access-approved@email:alice"]);
  });

  it("What came of it follows in its thread; of a question that nobody had, nothing does", async () => {
    const asked = await world();
    await asked.run();
    const denial = aStep(FIRST.request, { type: "cancel", at: T0, by: "alice" } as never);
    await asked.requests.save(denial);
    await asked.run();
    expect(asked.sent()).toEqual([ASK, "decision-wanted-settled@email:bob"]);
    expect(asked.mail.shown[1]).toMatchObject({ thread: "1" });
    const late = await world();
    await late.requests.save(denial);
    await late.run();
    expect(late.sent()).toEqual([]);
  });

  it("Where the service asks for patience, nothing was sent, and no further call is made before", async () => {
    const { run, mail, clock, sent, record, until } = await world();
    let calls = 0;
    mail.trouble({ kind: "busy", retryAfterSeconds: 600 }, 1);
    const before = mail.send;
    mail.send = (notice, thread) => {
      calls += 1;
      return before(notice, thread);
    };
    await run();
    expect([calls, sent(), record().begun]).toEqual([1, [], {}]);
    await until(later(590));
    expect(calls).toBe(1);
    clock.set(later(601));
    await until(later(700));
    expect(sent()).toEqual([ASK]);
  });

  it("A paused account holds up nothing in Slack, and Slack's outage no e-mail", async () => {
    const paused = await world(true);
    paused.mail.trouble({ kind: "app-refused", reason: "email-sending-paused" }, 99);
    await paused.run();
    expect(paused.channel.shown.map(({ notice }) => notice.key)).toEqual(["request@C0001"]);
    expect(missingNotices(paused.record(), true)).toMatchObject([
      { to: "bob", medium: "email", reason: "email-sending-paused" },
    ]);
    paused.mail.recover();
    await paused.until(later(700));
    expect(paused.sent()).toEqual([ASK]);
    const outage = await world(true);
    outage.channel.trouble({ kind: "busy", retryAfterSeconds: null }, 99);
    await outage.run();
    expect(outage.sent()).toEqual([ASK]);
  });

  it("An address that is refused is tried again while the request waits", async () => {
    const { run, mail, sent, until } = await world();
    mail.trouble({ kind: "refused", reason: "email-not-verified", isRepairable: true }, 2);
    await run();
    expect(sent()).toEqual([]);
    await until(later(400));
    expect(sent()).toEqual([ASK]);
  });

  it("An e-mail that bounced is shown as not delivered, and is not sent again", async () => {
    const { run, ports, record, sent, until } = await world();
    await run();
    const lost = { subject: id, messageId: "1", reason: "email-bounced" };
    expect(await mailLost(ports, { ...lost, messageId: "2" })).toBe(false);
    expect(await mailLost(ports, { ...lost, subject: "stop-1" })).toBe(false);
    expect(record().undeliverable).toEqual({});
    const { save } = ports.notices;
    let conflicts = 1;
    const notices = {
      ...ports.notices,
      save: (each: Parameters<typeof save>[0]) => {
        conflicts -= 1;
        return conflicts === 0 ? Promise.reject(new NoticeConflict("first")) : save(each);
      },
    };
    expect(await mailLost({ ...ports, notices }, lost)).toBe(true);
    expect(missingNotices(record(), true)).toMatchObject([
      { kind: "decision-wanted", to: "bob", medium: "email", reason: "email-bounced" },
    ]);
    await until(later(2_000));
    expect(sent()).toEqual([ASK]);
  });

  it("A bounce that is earlier than the save of its message is recorded after it", async () => {
    const { run, ports, mail, hooks, record } = await world();
    const bounces: Promise<boolean>[] = [];
    let looks = 0;
    const saved = Promise.withResolvers<void>();
    const pause = {
      for: async () => {
        looks += 1;
        await saved.promise;
      },
    };
    hooks.after = () => {
      const lost = { subject: id, messageId: "1", reason: "email-bounced" };
      bounces.push(mailLost({ ...ports, pause }, lost));
    };
    await run();
    saved.resolve();
    expect(await Promise.all(bounces)).toEqual([true]);
    expect([looks, mail.shown.length]).toEqual([1, 1]);
    expect(record().undeliverable[ASK]).toMatchObject({ reason: "email-bounced" });
  });

  it("A bounce never has another e-mail sent twice", async () => {
    const { run, ports, hooks, sent, until, requests, clock } = await world();
    await run();
    await requests.save(anApproval(FIRST.request, clock.now()));
    const lost = { subject: id, messageId: "1", reason: "email-bounced" };
    let isFirst = true;
    hooks.before = async () => {
      if (isFirst) await expect(mailLost(ports, lost)).rejects.toThrow(/not known yet/);
      isFirst = false;
    };
    await run();
    await until(later(300));
    expect(isFirst).toBe(false);
    expect(sent()).toEqual([ASK, "access-approved@email:alice"]);
    expect(await mailLost(ports, lost)).toBe(true);
  });

  it("A bounce of a message that is on its way for long is to be handled again", async () => {
    const { run, ports, hooks } = await world();
    hooks.after = () => {
      throw new Killed();
    };
    await expect(run()).rejects.toThrow(Killed);
    const lost = { subject: id, messageId: "9", reason: "email-bounced" };
    await expect(mailLost(ports, lost)).rejects.toThrow(/not known yet/);
  });

  it("Break-glass that begins is counted for the alarm, once, and only where no Slack channel reports it", async () => {
    for (const slack of [false, true]) {
      const { run, requests, clock } = await world(slack);
      const glass = { ...FIRST.request, breakGlass: true };
      await requests.save(anApproval(glass, clock.now()));
      expect((await run()).breakGlass).toBe(slack ? undefined : 1);
      expect((await run()).breakGlass).toBeUndefined();
    }
  });

  it("Without e-mail a record has no notes of messages", async () => {
    const { ports, run, record } = await world(true);
    Object.assign(ports, { email: undefined });
    await run();
    expect(record()).not.toHaveProperty("begun");
  });
});
