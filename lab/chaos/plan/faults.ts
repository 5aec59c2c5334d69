/** The faults of a plan. Each one lasts a few seconds, so that nothing of it is left when the run settles. */
import type { Random } from "../../simulation/random.ts";
import type { Action } from "./action.ts";

const SECOND = 1_000;

type Made = { readonly [Kind in Action["kind"]]: Omit<Extract<Action, { kind: Kind }>, "at"> }[
  | "aws-fault"
  | "slack-fault"
  | "schedules"];

const aws = (rule: Readonly<Record<string, string | number>>, seconds: number): Made => ({
  kind: "aws-fault",
  rule,
  seconds,
});
const slack = (rule: Readonly<Record<string, string | number>>, seconds: number): Made => ({
  kind: "slack-fault",
  rule,
  seconds,
});

const CHANGES = ["CreateAccessEntry", "AssociateAccessPolicy", "DisassociateAccessPolicy"] as const;
const MORE_CHANGES = [...CHANGES, "DeleteAccessEntry", "UpdateAccessEntry"] as const;
const READS = ["DescribeAccessEntry", "ListAssociatedAccessPolicies"] as const;
const WRITES = ["TransactWriteItems", "UpdateItem", "PutItem"] as const;

const lostWake = (kind: "throttle" | "refuse") => ({
  kind,
  service: "sqs",
  operation: "SendMessage",
});
/** The seconds are what Slack asks to wait for. */
const rateLimit = (random: Random, method: string) => ({
  kind: "rate-limit",
  method,
  seconds: random.whole(2, 8),
});

/** Every fault is as likely as every other. */
const FAULTS: readonly ((random: Random) => Made)[] = [
  (random) =>
    aws({ kind: "throttle", service: "eks", operation: random.pick(MORE_CHANGES), count: 2 }, 5),
  (random) => aws({ kind: "throttle", service: "eks", operation: random.pick(READS), count: 2 }, 5),
  (random) =>
    aws({ kind: "throttle", service: "dynamodb", operation: random.pick(WRITES), count: 3 }, 5),
  () => aws({ kind: "throttle", service: "scheduler", count: 2 }, 5),
  (random) =>
    aws({ kind: "drop", service: "eks", operation: random.pick(MORE_CHANGES), count: 1 }, 5),
  (random) =>
    aws({ kind: "drop", service: "dynamodb", operation: random.pick(WRITES), count: 2 }, 5),
  () => aws({ kind: "drop", service: "sqs", operation: "SendMessage", count: 1 }, 5),
  // These lose the wake: nothing was sent.
  (random) => aws({ ...lostWake("throttle"), count: random.whole(2, 4) }, 8),
  (random) => aws({ ...lostWake("refuse"), count: random.whole(2, 4) }, 8),
  (random) =>
    aws(
      {
        kind: "late",
        service: "eks",
        operation: random.pick(CHANGES),
        count: 1,
        milliseconds: random.whole(500, 4_000),
      },
      5,
    ),
  (random) => aws({ kind: "delay", service: "eks", milliseconds: random.whole(100, 600) }, 5),
  (random) => aws({ kind: "delay", service: "dynamodb", milliseconds: random.whole(20, 150) }, 4),
  (random) =>
    aws({ kind: "conflict", service: "dynamodb", operation: random.pick(WRITES), count: 2 }, 5),
  (random) => aws({ kind: "overlap", milliseconds: random.whole(100, 600), count: 2 }, 6),
  (random) =>
    aws({ kind: "stale", operation: random.pick(READS), milliseconds: random.whole(200, 900) }, 6),
  (random) =>
    aws(
      { kind: "refuse", service: "eks", operation: "DeleteAccessEntry", count: random.whole(1, 3) },
      6,
    ),
  (random) =>
    aws({ kind: "trail", effect: "delay", milliseconds: random.whole(2_000, 8_000), count: 4 }, 10),
  (random) =>
    aws(
      {
        kind: "trail",
        effect: random.pick(["duplicate", "reorder", "correct", "lose-event"]),
        count: 3,
      },
      10,
    ),
  (random) => slack({ kind: "outage", count: random.whole(1, 6) }, 8),
  (random) => slack({ kind: "delay", milliseconds: random.whole(200, 2_000) }, 6),
  (random) => slack({ ...rateLimit(random, "chat.update"), count: 6 }, 8),
  (random) => slack({ ...rateLimit(random, "chat.postMessage"), count: 6 }, 8),
  () => slack({ kind: "drop", method: "chat.update", count: 1 }, 6),
  () => ({ kind: "schedules", seconds: 8, behaviour: { duplicateProbability: 1 } }),
  // Long enough to meet an end: then only the sweep is left.
  (random) => ({
    kind: "schedules",
    seconds: random.whole(25, 40),
    behaviour: { lossProbability: 1 },
  }),
  () => ({ kind: "schedules", seconds: 8, behaviour: { jitterSeconds: 8 } }),
];

/** @param until the last fault has ended by then, in milliseconds */
export function faults(random: Random, until: number): readonly Action[] {
  const actions: Action[] = [];
  for (let at = random.between(1, 4) * SECOND; at < until; at += random.between(1, 5) * SECOND) {
    const fault = random.pick(FAULTS)(random);
    if (at + fault.seconds * SECOND < until) actions.push({ ...fault, at } as Action);
  }
  return actions;
}
