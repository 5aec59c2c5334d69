/** Lives of requests whose messages meet every trouble at once, on a clock that tests move. */
import fc from "fast-check";
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
import { requestFacts } from "../../../../lab/fakes/request-facts.ts";
import type { Notice } from "../../../../shared/domain/notices/notice.ts";
import { noticesFor } from "../../../../shared/domain/notices/notices-for.ts";
import type { Step } from "../../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { NotifyPorts } from "../../../../shared/ports/function-ports.ts";
import { notify } from "../../../../shared/usecases/notices/notify.ts";

const POLICY = { ...aPolicy(), slack: { teams: ["T0001"], channel: "C0001", alarms: "C0002" } };
const FIRST = aFirstStep();
const { id } = FIRST.request;
const SWEEP_SECONDS = 60;
/** The longest pause between attempts, a sweep, and the longest that Slack asks to wait here. */
const BOUND_SECONDS = 300 + SWEEP_SECONDS + 120;

type Action =
  | { readonly kind: "step"; readonly wakes: boolean }
  | { readonly kind: "wait"; readonly seconds: number }
  | { readonly kind: "busy"; readonly calls: number; readonly seconds: number | null }
  | { readonly kind: "answers-lost"; readonly calls: number }
  /** The next run ends at one of its saves. */
  | { readonly kind: "crash"; readonly atSave: number }
  /** The next step is stored while a run reads, or while its message is on its way. */
  | { readonly kind: "overtake"; readonly during: "reading" | "sending" };

const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("step" as const), wakes: fc.boolean() }),
    fc.record({ kind: fc.constant("wait" as const), seconds: fc.integer({ min: 1, max: 900 }) }),
    fc.record({
      kind: fc.constant("busy" as const),
      calls: fc.integer({ min: 1, max: 8 }),
      seconds: fc.constantFrom(null, 1, 30, 120),
    }),
    fc.record({
      kind: fc.constant("answers-lost" as const),
      calls: fc.integer({ min: 1, max: 3 }),
    }),
    fc.record({ kind: fc.constant("crash" as const), atSave: fc.integer({ min: 1, max: 3 }) }),
    fc.record({
      kind: fc.constant("overtake" as const),
      during: fc.constantFrom("reading" as const, "sending" as const),
    }),
  ),
  { minLength: 1, maxLength: 25 },
);

/** The next step of a request that is approved, used and ended. */
const NEXT: Readonly<Partial<Record<string, (request: AccessRequest, at: string) => Step>>> = {
  pending: (request, at) => anApproval(request, at),
  approved: (request, at) => aStep(request, { type: "activate", at }),
  active: (request, at) =>
    aStep(request, {
      type: "expire",
      at,
      changes: { outcome: { code: "expired", detail: "Its time was over." } },
    }),
  ending: (request, at) => aStep(request, { type: "settle", at }),
};

class Crash extends Error {}

/** The text of a message about a request's state, as one string; first from the stored record. */
const truthOf = ({ state, approvals, revokeAt, endedAt, outcome }: AccessRequest) =>
  JSON.stringify([state, approvals.map(({ person }) => person), revokeAt, endedAt, outcome]);
const shownIn = (notice: Notice) => {
  const { state, approvers, revokeAt, endedAt, outcome } = requestFacts(notice);
  return JSON.stringify([state, approvers, revokeAt, endedAt, outcome]);
};

function aWorld() {
  const tables = memoryTables();
  const clock = fixedClock(T0);
  const messenger = memoryMessenger();
  const requests = memoryRequestStore(tables);
  const notices = memoryNoticeStore(tables);
  /** Everything that was ever true of the request. */
  const stored = new Set<string>();
  const counts = { crashes: 0, lost: 0 };
  let request = FIRST.request;
  let savesToCrash = 0;
  let overtake: "reading" | "sending" | undefined;

  const remember = () => stored.add(truthOf(request));
  const step = async () => {
    const next = NEXT[request.state]?.(request, clock.now());
    if (!next) return;
    request = next.request;
    await requests.save(next);
    remember();
  };
  const overtaken = async (during: "reading" | "sending") => {
    if (overtake !== during) return;
    overtake = undefined;
    await step();
  };
  const onceRead = async <Answer>(read: Promise<Answer>): Promise<Answer> => {
    const answer = await read;
    await overtaken("reading");
    return answer;
  };
  const onItsWay = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    await overtaken("sending");
    const before = messenger.shown.length;
    try {
      return await call();
    } catch (error) {
      // No answer takes the whole time that is waited for it.
      clock.advance(2);
      counts.lost += messenger.shown.length - before;
      throw error;
    }
  };
  const ports: NotifyPorts = {
    requests: { ...requests, load: (which) => onceRead(requests.load(which)) },
    notices: {
      ...notices,
      load: (which) => onceRead(notices.load(which)),
      async save(record) {
        savesToCrash -= 1;
        if (savesToCrash === 0) {
          counts.crashes += 1;
          throw new Crash();
        }
        return notices.save(record);
      },
    },
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger: {
      ...messenger,
      send: (...sent) => onItsWay(() => messenger.send(...sent)),
      update: (place, notice) => onItsWay(() => messenger.update(place, notice)),
    },
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: POLICY,
  };
  const run = async () => {
    const end = Date.parse(clock.now()) + 30_000;
    const millisLeft = () => end - Date.parse(clock.now());
    await notify(ports, id, { millisLeft, log: () => undefined }).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    savesToCrash = 0;
  };
  const pass = async (seconds: number) => {
    const end = Date.parse(clock.now()) + seconds * 1_000;
    while (Date.parse(clock.now()) < end) {
      clock.advance(Math.min(SWEEP_SECONDS, (end - Date.parse(clock.now())) / 1_000));
      if ((await notices.due(clock.now(), 10)).length > 0) await run();
    }
  };
  const act = async (action: Action) => {
    if (action.kind === "step") {
      await step();
      if (action.wakes) await run();
    } else if (action.kind === "wait") await pass(action.seconds);
    else if (action.kind === "busy")
      messenger.trouble({ kind: "busy", retryAfterSeconds: action.seconds }, action.calls);
    else if (action.kind === "answers-lost")
      messenger.trouble({ kind: "answer-lost" }, action.calls);
    else if (action.kind === "crash") savesToCrash = action.atSave;
    else overtake = action.during;
  };
  const begin = async () => {
    await requests.create([FIRST]);
    remember();
  };
  /** From now on nothing goes wrong, and no step comes. */
  const calm = () => {
    messenger.recover();
    overtake = undefined;
    savesToCrash = 0;
  };
  return { begin, act, pass, calm, messenger, clock, counts, stored, request: () => request };
}

describe("messages in trouble", () => {
  it("Messages show only what is stored soon after Slack works again, and repeat only lost ones that Slack never reports", async () => {
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(actions, fc.boolean(), async (script, tells) => {
        const world = aWorld();
        world.messenger.tells = tells;
        await world.begin();
        for (const action of script) {
          await world.act(action);
          for (const { notice } of world.messenger.shown)
            expect(world.stored).toContain(shownIn(notice));
        }
        world.calm();
        await world.pass(BOUND_SECONDS);
        const { shown } = world.messenger;
        const wanted = noticesFor(POLICY, world.request(), world.clock.now()).notices;
        for (const { key, facts, actions: buttons } of wanted.filter(({ send }) => send)) {
          const latest = shown.findLast(({ notice }) => notice.key === key);
          expect(latest?.notice).toMatchObject({ key, facts, actions: buttons });
        }
        const keys = new Set(shown.map(({ notice }) => notice.key));
        const more = shown.length - keys.size;
        expect(more).toBeLessThanOrEqual(tells ? 0 : world.counts.crashes + world.counts.lost);
        repeated += more;
      }),
      { numRuns: 400 },
    );
    // Troubles that never repeated a message would prove nothing about repeats.
    expect(repeated).toBeGreaterThan(0);
  });
});
