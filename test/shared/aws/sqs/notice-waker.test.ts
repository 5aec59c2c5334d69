import { beforeEach, describe, expect, it } from "vitest";
import { aFirstStep, anApproval, aStep, T0 } from "../../../../lab/fakes/builders.ts";
import { countedId } from "../../../../lab/fakes/counted-ids.ts";
import { memoryDelegationStore } from "../../../../lab/fakes/memory-delegation-store.ts";
import { memoryFindingStore } from "../../../../lab/fakes/memory-finding-store.ts";
import {
  type MemoryNotifyQueue,
  memoryNotifyQueue,
} from "../../../../lab/fakes/memory-notify-queue.ts";
import { memoryRequestStore } from "../../../../lab/fakes/memory-request-store.ts";
import { type NoticeWaker, noticeWaker } from "../../../../shared/aws/sqs/notice-waker.ts";
import { delegationOf } from "../../../../shared/domain/delegations/delegation.ts";
import { endRecord, madeRecord } from "../../../../shared/domain/delegations/delegation-record.ts";
import { eventFindingId } from "../../../../shared/domain/evidence/findings/finding-record.ts";
import { delegationSubject, findingSubject } from "../../../../shared/domain/notices/subject.ts";
import type { RequestStore } from "../../../../shared/ports/request-store.ts";
import { wakingNotify } from "../../../../shared/usecases/notices/waking-notify.ts";
import { aFinding, expectedChange, seen } from "../../domain/evidence/finding-drafts.ts";

let queue: MemoryNotifyQueue;
let waker: NoticeWaker;
let requests: RequestStore;
beforeEach(() => {
  queue = memoryNotifyQueue();
  waker = noticeWaker(queue);
  requests = waker.requests(memoryRequestStore());
});

describe("notify is woken", () => {
  const first = aFirstStep();
  const approval = anApproval(first.request);

  it("notify is woken once for each stored request, however many steps there were", async () => {
    await requests.create([first]);
    await requests.save(approval);
    await requests.create([aFirstStep({ id: countedId(2), rule: "other" })]);
    expect(queue.sent).toEqual([]);
    await waker.wakeNotify();
    expect(queue.sent).toEqual([first.request.id, countedId(2)]);
    await waker.wakeNotify();
    expect(queue.sent).toHaveLength(2);
  });

  it("notify is woken for steps that are stored together", async () => {
    await requests.create([first, approval]);
    await requests.saveAll([aStep(approval.request, { type: "activate" })]);
    await waker.wakeNotify();
    expect(queue.sent).toEqual([first.request.id]);
  });

  it("notify is woken for each request of those that one transaction changes", async () => {
    const [one, two] = [first, aFirstStep({ id: countedId(2), rule: "other" })];
    const both = [one.request.id, two.request.id];
    const approvals = [one, two].map((step) => anApproval(step.request));
    for (const [at, step] of [one, two].entries())
      await requests.create([step, ...approvals.slice(at, at + 1)]);
    await waker.wakeNotify();
    const activations = approvals.map(({ request }) => aStep(request, { type: "activate" }));
    await requests.saveAll(activations);
    await waker.wakeNotify();
    expect(queue.sent.slice(2)).toEqual(both);
    const [mine, others] = activations.map(({ request }) => aStep(request, { type: "return" }));
    if (!mine || !others) throw new Error("There are two.");
    await requests.save(mine, { beside: [others] });
    await waker.wakeNotify();
    expect(queue.sent.slice(4)).toEqual(both);
  });

  it("notify is woken for the grant that a new request extends", async () => {
    const approval = anApproval(first.request);
    const active = aStep(approval.request, { type: "activate" });
    await requests.create([first, approval]);
    await requests.save(active);
    await waker.wakeNotify();
    const extension = aFirstStep({ id: countedId(2), extends: first.request.id });
    const details = { extension: countedId(2), until: T0 };
    const extended = aStep(active.request, { type: "extend", details });
    await requests.create([extension], { beside: [extended] });
    await waker.wakeNotify();
    expect(queue.sent.slice(1)).toEqual([countedId(2), first.request.id]);
  });

  it("notify is not woken for a step that was refused", async () => {
    await expect(requests.save(aStep(first.request, { type: "deny" }))).rejects.toThrow();
    await waker.wakeNotify();
    expect(queue.sent).toEqual([]);
  });

  it("notify is woken for a finding and its acknowledgement, and not for what was recorded before or is expected", async () => {
    const findings = waker.findings(memoryFindingStore());
    const subject = findingSubject(eventFindingId("one"));
    await findings.appendFinding(aFinding("one"));
    await findings.appendFinding(expectedChange("two"));
    await waker.wakeNotify();
    expect(queue.sent).toEqual([subject]);
    expect(await findings.appendFinding(aFinding("one"))).toBe(false);
    await waker.wakeNotify();
    expect(queue.sent).toEqual([subject]);
    await findings.appendFinding(seen("one"));
    await waker.wakeNotify();
    expect(queue.sent).toEqual([subject, subject]);
  });

  it("notify is woken for a delegation that is made or ended, and not for what was refused", async () => {
    const delegations = waker.delegations(memoryDelegationStore());
    const happened = { delegationId: countedId(1), actor: "bob", at: T0, policyHash: "a" };
    const proof = { surface: "api", proof: {} } as const;
    const made = madeRecord(happened, { to: "erin", from: T0, until: T0, ...proof });
    await delegations.create(made, {
      after: 0,
      idempotency: { keyHash: "key", bodyHash: "body" },
    });
    expect(await delegations.idempotent("key")).toBeDefined();
    await waker.wakeNotify();
    const delegation = delegationOf(countedId(1), await delegations.records(countedId(1)));
    if (!delegation) throw new Error("There is no such delegation.");
    const end = () => delegations.end(delegation, endRecord(happened, proof, made));
    await end();
    await waker.wakeNotify();
    await expect(end()).rejects.toThrow();
    await waker.wakeNotify();
    const subject = delegationSubject(countedId(1));
    expect(queue.sent).toEqual([subject, subject]);
  });

  it("notify is woken last, even where the work failed, and waking never throws", async () => {
    const broken = noticeWaker({
      ...queue,
      wake: async (id) => {
        await queue.wake(id);
        throw new Error("The queue does not answer.");
      },
    });
    const handler = wakingNotify(broken, async () => {
      await broken.requests(memoryRequestStore()).create([first]);
      throw new Error("Something else failed.");
    });
    await expect(handler()).rejects.toThrow("Something else failed.");
    expect(queue.sent).toEqual([first.request.id]);
  });
});
