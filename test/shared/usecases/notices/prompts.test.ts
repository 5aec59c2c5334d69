/** Approvers are asked again: on time, once, and no longer than it makes sense. */

import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId, countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { dueIn } from "../../../../lab/fakes/due-notices.ts";
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
import { circles, policyAsking } from "../../../../lab/fakes/policy-asking.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import type { RequestStore } from "../../../../shared/ports/request-store.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const MINUTE = 60;
const REQUIREMENTS = [circles(["payments-leads"], ["sre"])];
const FIRST = aFirstStep({ requirements: REQUIREMENTS });
const { id } = FIRST.request;

function policyOf(): AccessPolicy {
  const policy = policyAsking(...REQUIREMENTS);
  const remind = { afterSeconds: 10 * MINUTE, times: 3 };
  return {
    ...policy,
    slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" },
    rules: policy.rules.map((rule, at) => (at === 0 ? { ...rule, remind } : rule)),
  };
}

let tables: MemoryTables;
let clock: FixedClock;
let bus: MemoryEventBus;
let messenger: MemoryMessenger;
let ports: NotifyPorts;
let requests: RequestStore;

const shown = () => messenger.shown.map(({ notice }) => notice.key);
const prompts = () => bus.published.filter(({ type }) => /^(reminder|escalation)$/.test(type));
const dueAt = () => tables.notices.get(id)?.dueAt ?? null;

const run = (subject = id) => {
  const end = Date.parse(clock.now()) + 30_000;
  return notify(ports, subject, {
    millisLeft: () => end - Date.parse(clock.now()),
    log: () => {},
  });
};

/** Plays sweeps to the minute: whatever is due is woken `wakes` times. */
async function playUntil(minute: number, wakes = 1): Promise<void> {
  while (clock.now() < plusSeconds(T0, minute * MINUTE)) {
    clock.advance(MINUTE - ((Date.parse(clock.now()) / 1_000) % MINUTE));
    const due = await dueIn(ports.notices, plusSeconds(clock.now(), 6), 10);
    for (let wake = 0; wake < wakes && due.includes(id); wake += 1) await run();
  }
}

beforeEach(async () => {
  tables = memoryTables();
  requests = memoryRequestStore(tables);
  clock = fixedClock(T0);
  bus = memoryEventBus();
  messenger = memoryMessenger();
  ports = {
    requests,
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus,
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: policyOf(),
  };
  await requests.create([FIRST]);
  await run();
});

const decide = async (request: AccessRequest = FIRST.request) => {
  await requests.save(anApproval(request, clock.now()));
  await run();
};

describe("A pending request that nobody decides", () => {
  it("Its reminders and its escalation go out on time, each once, in the thread of its message", async () => {
    await playUntil(120);
    expect(shown()).toEqual([
      "request@C0001",
      "reminder-1@C0001",
      "decision-wanted@carol",
      "escalation-1@C0001",
      "reminder-2@C0001",
      "reminder-2@carol",
      "reminder-3@C0001",
      "reminder-3@carol",
    ]);
    const [card, ...others] = messenger.shown;
    expect(others.filter(({ channel }) => channel === "C0001")).toEqual(
      others
        .filter(({ channel }) => channel === "C0001")
        .map((each) => ({ ...each, thread: card?.timestamp })),
    );
    // No prompt is left: only for a change of the policy it is looked at.
    expect(dueAt()).toBe(plusSeconds(clock.now(), 10 * MINUTE));
  });

  it("Wakes that come twice, and sweeps of two workers, send nothing twice", async () => {
    await playUntil(120, 3);
    expect(new Set(shown()).size).toBe(shown().length);
    expect(prompts().map(({ detail }) => detail.id)).toEqual([
      `${id}#reminder-1`,
      `${id}#escalation-1`,
      `${id}#reminder-2`,
      `${id}#reminder-3`,
    ]);
  });

  it("A reminder is tried again where Slack is busy, and shown once", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: 90 }, 2, "reminder-1@C0001");
    await playUntil(14);
    expect(shown()).toEqual(["request@C0001", "reminder-1@C0001"]);
  });

  it("A reminder whose answer is lost is found, as every message", async () => {
    messenger.trouble({ kind: "answer-lost" }, 1, "reminder-1@C0001");
    await playUntil(14);
    expect(shown().filter((key) => key === "reminder-1@C0001")).toHaveLength(1);
  });

  it("After an outage only the latest reminder goes out: the earlier ones are overtaken", async () => {
    clock.advance(65 * MINUTE);
    await playUntil(66);
    expect(shown()).toEqual([
      "request@C0001",
      "decision-wanted@carol",
      "escalation-1@C0001",
      "reminder-2@C0001",
      "reminder-2@carol",
    ]);
    expect(prompts().map(({ detail }) => detail.id)).toEqual([
      `${id}#escalation-1`,
      `${id}#reminder-2`,
    ]);
  });

  it("The bus gets a prompt again where it did not take it", async () => {
    clock.advance(10 * MINUTE - 30);
    bus.failNext("none");
    await playUntil(12);
    expect(prompts().map(({ detail }) => detail.id)).toEqual([`${id}#reminder-1`]);
  });
});

describe("A request that is decided", () => {
  it("Nobody is reminded any more, and nothing is due", async () => {
    await playUntil(20);
    const before = shown();
    await decide();
    await playUntil(120);
    expect(shown().filter((key) => /^(reminder|escalation)/.test(key))).toEqual(
      before.filter((key) => /^(reminder|escalation)/.test(key)),
    );
    expect(prompts()).toHaveLength(2);
  });

  it("A request that is decided while a reminder waits for Slack is not reminded of", async () => {
    messenger.trouble({ kind: "busy", retryAfterSeconds: 300 }, 1, "reminder-1@C0001");
    await playUntil(11);
    await decide();
    await playUntil(20);
    expect(shown()).not.toContain("reminder-1@C0001");
  });
});

describe("A reminder whose thread is not there", () => {
  it("Nothing is sent in the thread of a message that Slack refused, and nothing waits for it", async () => {
    messenger = memoryMessenger();
    ports = { ...ports, messenger };
    const other = aFirstStep({ id: countedId(9), requirements: REQUIREMENTS, reason: "INC-4712" });
    messenger.trouble({ kind: "refused", reason: "channel-not-found" }, 1, "request@C0001");
    await requests.save(aStep(FIRST.request, { type: "cancel" }));
    await requests.create([other]);
    clock.advance(10 * MINUTE);
    await run(other.request.id);
    expect(shown()).toEqual([]);
    expect(tables.notices.get(other.request.id)?.dueAt).toBe(plusSeconds(T0, 15 * MINUTE));
  });
});
