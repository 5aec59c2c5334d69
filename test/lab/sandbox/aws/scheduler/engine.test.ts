import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Attempt, Deliver } from "../../../../../lab/sandbox/aws/scheduler/attempt.ts";
import type { Behaviour } from "../../../../../lab/sandbox/aws/scheduler/behaviour.ts";
import { type Engine, startEngine } from "../../../../../lab/sandbox/aws/scheduler/engine.ts";
import type { EngineEvent } from "../../../../../lab/sandbox/aws/scheduler/engine-event.ts";
import type { SchedulerState } from "../../../../../lab/sandbox/aws/scheduler/state.ts";
import { AwsError } from "../../../../../lab/sandbox/aws/service.ts";
import { HOSTILE_TEXT, rawIn } from "../../../../hostile-characters.ts";
import { ACCOUNT, REGION } from "../iam-world.ts";
import { START, scheduleInput, schedulerWorld, target } from "./schedules.ts";

const MINUTE = 60_000;
const engines: Engine[] = [];

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop();
  vi.useRealTimers();
});

interface Delivery {
  readonly at: number;
  readonly arn: string;
  readonly input: string;
  readonly attempt: Attempt;
}

/** A running Scheduler; `answer` says what a target does with an attempt. */
function running(
  options: {
    readonly behaviour?: Partial<Behaviour>;
    readonly state?: SchedulerState;
    readonly answer?: (arn: string, attempt: Attempt) => void;
  } = {},
) {
  const world = schedulerWorld({ ...options, now: Date.now });
  const deliveries: Delivery[] = [];
  const events: EngineEvent[] = [];
  const deliver: Deliver = async ({ Arn: arn }, input, attempt) => {
    deliveries.push({ at: Date.now() - START, arn, input, attempt });
    options.answer?.(arn, attempt);
  };
  const engine = startEngine({
    store: world.store,
    deliver,
    behaviour: world.behaviour,
    log: (event) => events.push(event),
  });
  engines.push(engine);
  return { ...world, engine, deliveries, events, times: () => deliveries.map(({ at }) => at) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const fails = () => {
  throw new AwsError("ResourceNotFoundException", 404, "No cluster found for name: prod.");
};

describe("a one-time schedule", () => {
  test("A one-time schedule fires once at its instant and is deleted if it says so", async () => {
    const { call, times, store, events } = running();
    await call("CreateSchedule", scheduleInput({ ActionAfterCompletion: "DELETE" }));
    await call("CreateSchedule", scheduleInput({ Name: "kept" }));
    await pass(5 * MINUTE - 1);
    expect(times()).toEqual([]);
    await pass(1);
    expect(times()).toEqual([5 * MINUTE, 5 * MINUTE]);
    expect(Object.keys(store.state.schedules)).toEqual(["default/kept"]);
    await pass(60 * MINUTE);
    expect(times()).toHaveLength(2);
    expect(events.map(({ event }) => event)).toEqual(["delivered", "delivered"]);
  });

  test("A one-time schedule fires in its own time zone", async () => {
    const { call, times } = running();
    await call(
      "CreateSchedule",
      scheduleInput({
        ScheduleExpression: "at(2026-11-24T02:05:00)",
        ScheduleExpressionTimezone: "America/Los_Angeles",
      }),
    );
    await pass(5 * MINUTE);
    expect(times()).toEqual([5 * MINUTE]);
  });

  test("A one-time schedule does not fire while disabled, nor after it was deleted or moved", async () => {
    const { call, times } = running();
    await call("CreateSchedule", scheduleInput({ Name: "off", State: "DISABLED" }));
    await call("CreateSchedule", scheduleInput({ Name: "gone" }));
    await call("CreateSchedule", scheduleInput({ Name: "moved" }));
    await call("DeleteSchedule", { Name: "gone" });
    const later = scheduleInput({ Name: "moved", ScheduleExpression: "at(2026-11-24T10:10:00)" });
    await call("UpdateSchedule", later);
    await pass(9 * MINUTE);
    expect(times()).toEqual([]);
    await pass(MINUTE);
    expect(times()).toEqual([10 * MINUTE]);
  });

  test("A one-time schedule in the past fires at once or never, as the behaviour says", async () => {
    const past = { ScheduleExpression: "at(2026-11-24T09:00:00)", ActionAfterCompletion: "DELETE" };
    const { call, behaviour, deliveries, store } = running();
    await call("CreateSchedule", scheduleInput({ ...past, Name: "never" }));
    behaviour.pastAt = "accept-fire-now";
    await call("CreateSchedule", scheduleInput({ ...past, Name: "now" }));
    await pass(60 * MINUTE);
    expect(deliveries).toMatchObject([
      { at: 0, attempt: { scheduledTime: "2026-11-24T09:00:00Z", number: 1 } },
    ]);
    expect(Object.keys(store.state.schedules)).toEqual(["default/never"]);
  });
});

describe("jitter", () => {
  async function late(behaviour: Partial<Behaviour>, more: Record<string, unknown> = {}) {
    const { call, times } = running({ behaviour });
    for (let n = 0; n < 50; n += 1)
      await call("CreateSchedule", scheduleInput({ Name: `s${n}`, ...more }));
    await pass(20 * MINUTE);
    return times().map((at) => at - 5 * MINUTE);
  }

  test("Jitter makes each schedule late by its own share of the bound, never early", async () => {
    const delays = await late({ jitterSeconds: 59 });
    expect(delays).toHaveLength(50);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...delays)).toBeLessThanOrEqual(59_000);
    expect(new Set(delays).size).toBeGreaterThan(40);
    expect(Math.max(...delays)).toBeGreaterThan(30_000);
  });

  test("A flexible window adds to jitter", async () => {
    const window = { FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 10 } };
    const delays = await late({ jitterSeconds: 0 }, window);
    expect(Math.max(...delays)).toBeGreaterThan(59_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(600_000);
  });

  test("Jitter is the same after a restart, and can be switched while running", async () => {
    const { call, store, engine } = running({ behaviour: { jitterSeconds: 59 } });
    for (let n = 0; n < 5; n += 1) await call("CreateSchedule", scheduleInput({ Name: `s${n}` }));
    engine.stop();
    const state = () => JSON.parse(JSON.stringify(store.state)) as SchedulerState;
    const [again, without] = [
      running({ behaviour: { jitterSeconds: 59 }, state: state() }),
      running({ behaviour: { jitterSeconds: 59 }, state: state() }),
    ];
    const third = running({ behaviour: { jitterSeconds: 59 }, state: state() });
    without.behaviour.jitterSeconds = 0;
    without.engine.wake();
    await pass(6 * MINUTE);
    expect(again.times()).toHaveLength(5);
    expect(again.times()).toEqual(third.times());
    expect(without.times()).toEqual(Array(5).fill(5 * MINUTE));
  });
});

describe("a restart", () => {
  test("A restart fires at once what came due meanwhile", async () => {
    const before = running();
    await before.call("CreateSchedule", scheduleInput());
    before.engine.stop();
    await pass(30 * MINUTE);
    expect(before.times()).toEqual([]);
    const after = running({ state: before.store.state });
    await pass(0);
    expect(after.deliveries).toMatchObject([
      { at: 30 * MINUTE, attempt: { scheduledTime: "2026-11-24T10:05:00Z" } },
    ]);
  });

  test("A restart repeats the attempt that a crash left unanswered", async () => {
    const world = schedulerWorld({ now: Date.now });
    const hung = startEngine({
      store: world.store,
      deliver: () => new Promise(() => {}),
      behaviour: world.behaviour,
      log: () => {},
    });
    engines.push(hung);
    await world.call("CreateSchedule", scheduleInput({ ActionAfterCompletion: "DELETE" }));
    await pass(5 * MINUTE);
    hung.stop();
    const after = running({ state: JSON.parse(JSON.stringify(world.store.state)) });
    await pass(0);
    expect(after.deliveries).toMatchObject([{ attempt: { number: 2 } }]);
    expect(after.store.state.schedules).toEqual({});
  });
});

test("While its region is down nothing fires, and what came due meanwhile fires once it is up", async () => {
  const world = schedulerWorld({ now: Date.now });
  const fired: number[] = [];
  let isDown = true;
  const engine = startEngine({
    store: world.store,
    deliver: () => void fired.push(Date.now() - START),
    behaviour: world.behaviour,
    isDown: () => isDown,
    log: () => {},
  });
  engines.push(engine);
  await world.call("CreateSchedule", scheduleInput());
  await pass(120 * MINUTE);
  expect(fired).toEqual([]);
  isDown = false;
  engine.wake();
  await pass(0);
  expect(fired).toEqual([120 * MINUTE]);
});

test("A delivery under way is neither repeated nor polled for", async () => {
  const world = schedulerWorld({ now: Date.now });
  let deliveries = 0;
  const engine = startEngine({
    store: world.store,
    deliver: () => {
      deliveries += 1;
      return new Promise(() => {});
    },
    behaviour: world.behaviour,
    log: () => {},
  });
  engines.push(engine);
  await world.call("CreateSchedule", scheduleInput());
  await pass(5 * MINUTE);
  await world.call("CreateScheduleGroup", { Name: "other" });
  engine.wake();
  expect(deliveries).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test("An attempt that the sandbox could not store is reported, and made again after a pause", async () => {
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const world = schedulerWorld({ now: Date.now });
  const attempts: number[] = [];
  const engine = startEngine({
    store: world.store,
    deliver: (_target, _input, { number }) => void attempts.push(number),
    behaviour: world.behaviour,
    log: () => {
      if (attempts.length === 1) throw new Error(HOSTILE_TEXT);
    },
  });
  engines.push(engine);
  await world.call("CreateSchedule", scheduleInput());
  await pass(5 * MINUTE);
  const reported = stderr.mock.calls.join("");
  stderr.mockRestore();
  expect(reported).toContain(":schedule/default/s failed unexpectedly");
  expect(rawIn(reported, "\n")).toEqual([]);
  expect(attempts).toEqual([1]);
  await pass(1000);
  expect(attempts).toEqual([1, 2]);
});

describe("duplicates and losses", () => {
  test("A duplicate is a second delivery of the same attempt", async () => {
    const { call, deliveries, store } = running({ behaviour: { duplicateProbability: 1 } });
    await call("CreateSchedule", scheduleInput({ ActionAfterCompletion: "DELETE" }));
    await pass(6 * MINUTE);
    expect(deliveries).toHaveLength(2);
    expect(deliveries[1]?.attempt).toEqual(deliveries[0]?.attempt);
    expect(store.state.schedules).toEqual({});
  });

  test("A lost occurrence reaches nobody, and counts as done", async () => {
    const { call, deliveries, store, events } = running({ behaviour: { lossProbability: 1 } });
    await call("CreateSchedule", scheduleInput({ ActionAfterCompletion: "DELETE" }));
    await pass(60 * MINUTE);
    expect(deliveries).toEqual([]);
    expect(store.state.schedules).toEqual({});
    expect(events).toMatchObject([{ event: "lost" }]);
  });
});

describe("a target that fails", () => {
  test("A target that fails is retried with exponential backoff until it succeeds", async () => {
    const { call, times, deliveries } = running({
      answer: (_arn, { number }) => {
        if (number < 5) fails();
      },
    });
    await call("CreateSchedule", scheduleInput());
    await pass(60 * MINUTE);
    expect(times().map((at) => (at - 5 * MINUTE) / 1000)).toEqual([0, 1, 3, 7, 15]);
    expect(deliveries.map(({ attempt }) => attempt.number)).toEqual([1, 2, 3, 4, 5]);
    expect(new Set(deliveries.map(({ attempt }) => attempt.executionId)).size).toBe(5);
  });

  test("An occurrence goes to the dead-letter queue after its last failed attempt", async () => {
    const dead = `arn:aws:sqs:${REGION}:${ACCOUNT}:dead`;
    const { call, deliveries, store, events } = running({
      answer: (arn) => {
        if (arn !== dead) fails();
      },
    });
    const failing = target({
      DeadLetterConfig: { Arn: dead },
      RetryPolicy: { MaximumRetryAttempts: 2 },
    });
    await call(
      "CreateSchedule",
      scheduleInput({ Target: failing, ActionAfterCompletion: "DELETE" }),
    );
    await pass(60 * MINUTE);
    expect(deliveries.map(({ arn }) => arn.split(":").at(-1))).toEqual([
      "timelatch-converge.fifo",
      "timelatch-converge.fifo",
      "timelatch-converge.fifo",
      "dead",
    ]);
    expect(deliveries[3]).toMatchObject({
      input: '{"cause":"expiry"}',
      attempt: {
        deadLetter: {
          ERROR_CODE: "ResourceNotFoundException",
          ERROR_MESSAGE: "No cluster found for name: prod.",
          EXECUTION_ID: deliveries[2]?.attempt.executionId,
          EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
          IS_PAYLOAD_TRUNCATED: "false",
          RETRY_ATTEMPTS: "2",
          SCHEDULED_TIME: "2026-11-24T10:05:00Z",
          SCHEDULE_ARN: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/s`,
          TARGET_ARN: failing["Arn"],
        },
      },
    });
    expect(events.at(-1)?.event).toBe("dead-lettered");
    expect(store.state.schedules).toEqual({});
  });

  test("An occurrence that is too old is dropped where there is no dead-letter queue", async () => {
    const { call, times, events } = running({ answer: fails });
    const young = target({ RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    await call("CreateSchedule", scheduleInput({ Target: young }));
    await pass(60 * MINUTE);
    expect(times().map((at) => (at - 5 * MINUTE) / 1000)).toEqual([0, 1, 3, 7, 15, 31]);
    expect(events.at(-1)).toMatchObject({ event: "dropped", attempt: 6 });
  });

  test("A target that fails is not retried once its schedule is deleted", async () => {
    const { call, times } = running({ answer: fails });
    await call("CreateSchedule", scheduleInput());
    await pass(5 * MINUTE);
    await call("DeleteSchedule", { Name: "s" });
    await pass(60 * MINUTE);
    expect(times()).toEqual([5 * MINUTE]);
  });
});

test("A rate fires at once and then each period, from its start date and until its end date", async () => {
  const { call, times } = running();
  await call(
    "CreateSchedule",
    scheduleInput({ ScheduleExpression: "rate(2 minutes)", EndDate: START / 1000 + 360 }),
  );
  await pass(60 * MINUTE);
  expect(times().map((at) => at / MINUTE)).toEqual([0, 2, 4, 6]);
});

test("Context attributes are replaced in the input, and nothing else is", async () => {
  const { call, deliveries } = running();
  const Input =
    "<aws.scheduler.schedule-arn> <aws.scheduler.scheduled-time> <aws.scheduler.attempt-number> <aws.scheduler.execution-id> <aws.scheduler.other> $& {}";
  await call("CreateSchedule", scheduleInput({ Target: target({ Input }) }));
  await pass(5 * MINUTE);
  const [arn, time, number, id, ...rest] = deliveries[0]?.input.split(" ") ?? [];
  expect([arn, time, number]).toEqual([
    `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/s`,
    "2026-11-24T10:05:00Z",
    "1",
  ]);
  expect(id).toMatch(/^[0-9a-f]{16}$/);
  expect(rest.join(" ")).toBe("<aws.scheduler.other> $& {}");
});
