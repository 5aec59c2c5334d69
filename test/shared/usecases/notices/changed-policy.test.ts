/** Messages about a request that waits, after a deployment that changes who may decide on it. */
import { beforeEach, describe, expect, it } from "vitest";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { dueIn } from "../../../../lab/fakes/due-notices.ts";
import { fixedRandom } from "../../../../lab/fakes/fixed-random.ts";
import { type MemoryBroker, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import { memoryEventBus } from "../../../../lab/fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import { type MemoryMessenger, memoryMessenger } from "../../../../lab/fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../../../lab/fakes/memory-notice-store.ts";
import { memoryStopStore } from "../../../../lab/fakes/memory-stop-stores.ts";
import { policyDelegating } from "../../../../lab/fakes/policy-delegating.ts";
import type { NoticeAction } from "../../../../shared/domain/notices/notice.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const TEN_MINUTES = 600;
const DECISIONS: readonly NoticeAction[] = ["approve", "approve-less", "deny", "details"];
const SLACK = { teams: ["T0001"], channel: "C0001", alarms: "C0002" };

/** Bob and bella are asked in messages of their own, where the rule lets people decide in Slack. */
const asking = (decideIn: readonly ("api" | "slack")[] = ["api", "slack"]): AccessPolicy => {
  const policy = policyDelegating();
  const rules = policy.rules.map((rule) => ({
    ...rule,
    decideIn,
    notify: { ...rule.notify, direct: true },
  }));
  return { ...policy, rules, slack: SLACK };
};
/** The same, once bob is in no group any more. */
const withoutBob = (): AccessPolicy => {
  const policy = asking();
  const { bob, ...others } = policy.people;
  return { ...policy, people: { ...others, ...(bob ? { bob: { ...bob, groups: [] } } : {}) } };
};

let broker: MemoryBroker;
let messenger: MemoryMessenger;
let looks: number;
beforeEach(() => {
  broker = memoryBroker({ policy: asking() });
  messenger = memoryMessenger();
  looks = 0;
});

const portsUnder = (policy: AccessPolicy): NotifyPorts => ({
  requests: broker.front.requests,
  delegations: broker.front.delegations,
  notices: memoryNoticeStore(broker.tables),
  findings: memoryFindingStore(broker.tables),
  stops: memoryStopStore(),
  bus: memoryEventBus(),
  messenger,
  clock: broker.clock,
  pause: { for: async (millis) => broker.clock.advance(millis / 1_000) },
  random: fixedRandom,
  ids: countedIds(),
  policy,
});

/** Looks at everything that is due now, as the sweep has it done each minute. */
async function sweepUnder(policy: AccessPolicy): Promise<void> {
  const ports = portsUnder(policy);
  for (const subject of await dueIn(ports.notices, broker.clock.now(), 100)) {
    looks += 1;
    await notify(ports, subject, { millisLeft: () => 30_000, log: () => undefined });
  }
}
async function minutesUnder(policy: AccessPolicy, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    broker.clock.advance(60);
    await sweepUnder(policy);
  }
}

const buttonsAt = (channel: string): readonly NoticeAction[] =>
  messenger.shown.filter((one) => one.channel === channel).at(-1)?.notice.actions ?? [];

async function asked(): Promise<AccessRequest> {
  const request = await broker.ask();
  await sweepUnder(asking());
  for (const channel of ["D-bob", "D-bella", "C0001"])
    expect([channel, buttonsAt(channel)]).toEqual([channel, DECISIONS]);
  return request;
}

describe("A request that waits while the policy changes", () => {
  it("A person who may no longer approve loses the buttons within ten minutes, and others keep theirs", async () => {
    await asked();
    await minutesUnder(withoutBob(), TEN_MINUTES / 60);
    expect(buttonsAt("D-bob")).toEqual([]);
    expect(buttonsAt("D-bella")).toEqual(DECISIONS);
  });

  it("No message offers a decision that the rule no longer lets people make in Slack", async () => {
    await asked();
    await minutesUnder(asking(["api"]), TEN_MINUTES / 60);
    for (const channel of ["D-bob", "D-bella", "C0001"])
      expect([channel, buttonsAt(channel)]).toEqual([channel, ["details"]]);
  });

  it("It is looked at once in ten minutes while it waits, and changes nothing without a cause", async () => {
    await asked();
    const sent = messenger.shown.length;
    const first = looks;
    await minutesUnder(asking(), 60);
    expect(looks - first).toBe(6);
    expect(messenger.shown).toHaveLength(sent);
  });

  it("Nobody looks again once it is over", async () => {
    const request = await asked();
    await broker.end(request, "cancel");
    await sweepUnder(asking());
    const first = looks;
    await minutesUnder(asking(), 30);
    expect(looks).toBe(first);
  });
});
