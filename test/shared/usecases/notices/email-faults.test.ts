/** E-mail through many lives with kills, lost answers, refusals, overlaps and steps at any moment. */
import fc from "fast-check";
import { expect, it } from "vitest";
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
import { tapPorts } from "../../../../lab/fakes/port-tap.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const POLICY: AccessPolicy = {
  ...aPolicy(),
  notices: { email: { from: "access@example.com", configurationSet: "timelatch" } },
};
const ASK = /^decision-wanted@/;

class Killed extends Error {}

type Fault =
  | "none"
  | "kill-before"
  | "kill-after"
  | "step"
  | "lost"
  | "busy"
  | "refused"
  | "paused";

/**
 * One call of a port, and what befalls it. A step is stored before the call, and never between a note and its message: so
 * not beside another run, which may be there.
 */
const fault = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Fault>("none") },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Fault>(
      ...(["kill-before", "kill-after", "step", "lost", "busy", "refused", "paused"] as const),
    ),
  },
);
const life = fc.record({
  faults: fc.array(fault, { maxLength: 40 }),
  rounds: fc.array(
    fc.record({
      seconds: fc.integer({ min: 0, max: 90 }),
      overlap: fc.boolean(),
      step: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

function world(faults: readonly Fault[]) {
  const [tables, clock, mail] = [memoryTables(), fixedClock(T0), memoryMessenger()];
  const requests = memoryRequestStore(tables);
  const first = aFirstStep();
  const { id } = first.request;
  const left = [...faults];
  let underWay = 0;
  const asked: string[] = [];

  /** The next step of the request's life: approved, active, ended by its requester. */
  const step = async () => {
    const request = await requests.load(id);
    const at = clock.now();
    if (request.state === "pending") await requests.save(anApproval(request, at));
    else if (request.state === "approved")
      await requests.save(aStep(request, { type: "activate", at }));
  };
  const behind: NotifyPorts = {
    requests,
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger: undefined,
    clock,
    random: fixedRandom,
    ids: countedIds(),
    policy: POLICY,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    email: {
      async send(notice, thread) {
        const { state } = await requests.load(id);
        if (ASK.test(notice.key)) asked.push(state);
        return await mail.send(notice, thread);
      },
    },
  };
  const trouble = (kind: Fault) => {
    if (kind === "lost") mail.trouble({ kind: "answer-lost" }, 1);
    if (kind === "busy") mail.trouble({ kind: "busy", retryAfterSeconds: 5 }, 1);
    if (kind === "refused")
      mail.trouble({ kind: "refused", reason: "not-verified", isRepairable: true }, 1);
    if (kind === "paused") mail.trouble({ kind: "app-refused", reason: "paused" }, 1);
  };
  const ports = tapPorts(behind, ["requests", "notices", "bus", "email"], async (call) => {
    const kind = left.shift() ?? "none";
    if (kind === "kill-before") throw new Killed();
    if (call.site === "email.send") trouble(kind);
    else if (kind === "step" && underWay === 1) await step();
    const answer = await call.apply();
    if (kind === "kill-after") throw new Killed();
    return answer;
  });
  const run = async () => {
    const end = Date.parse(clock.now()) + 30_000;
    const millisLeft = () => end - Date.parse(clock.now());
    underWay += 1;
    await notify(ports, id, { millisLeft, log: () => undefined })
      .catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      })
      .finally(() => {
        underWay -= 1;
      });
  };
  return { tables, clock, mail, requests, first, id, asked, step, run, calm: () => left.splice(0) };
}

it("At most two copies of each e-mail are sent, nobody is asked about what is settled, and nothing that is owed is lost", async () => {
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(life, async ({ faults, rounds }) => {
      const { tables, clock, mail, requests, first, id, asked, step, run, calm } = world(faults);
      await requests.create([first]);
      for (const { seconds, overlap, step: isStep } of rounds) {
        if (isStep) await step();
        await Promise.all(overlap ? [run(), run()] : [run()]);
        clock.advance(seconds);
      }
      calm();
      mail.recover();
      for (let at = 0; at < 6; at += 1) {
        await run();
        clock.advance(100);
      }
      const keys = mail.shown.map(({ notice }) => notice.key);
      sent += keys.length;
      const copies = Object.values(Object.groupBy(keys, (key) => key)).map(
        (all) => all?.length ?? 0,
      );
      expect(Math.max(0, ...copies)).toBeLessThanOrEqual(2);
      expect(asked.filter((state) => state !== "pending")).toEqual([]);
      const record = tables.notices.get(id)?.record;
      const { notices } = noticesFor(POLICY, await requests.load(id), clock.now());
      for (const { key, send, thread } of notices) {
        const isOwed = send && (thread === undefined || record?.sent[thread] !== undefined);
        if (isOwed && !record?.sent[key])
          expect(record?.undeliverable[key]?.reason).toMatch(/^(?:answer-lost|not-verified)$/);
      }
    }),
    { numRuns: 400 },
  );
  // The lives are no empty ones.
  expect(sent).toBeGreaterThan(400);
});
