/** 1,000 requests an hour, against the limits that Slack publishes; on virtual time. */
import { rounded } from "../statistics.ts";
import type { Figure } from "../storm/figure.ts";
import { type HourPlan, type HourResult, playBusyHour } from "./busy-hour.ts";
import { CAUGHT_UP } from "./hour-watch.ts";

const REQUESTS = 1_000;
const BEHIND_SECONDS = 60;
/** A delegate is asked for ten requests at once, and for each other one as it is looked at: each ten minutes. */
const CAUGHT_UP_SECONDS = 660;
const SEEDS = [1, 2, 3] as const;

interface Hour {
  readonly name: string;
  readonly what: string;
  readonly direct: boolean;
  /** Whether approvers delegate, each for ten minutes. */
  readonly delegated?: boolean;
}

const HOURS: readonly Hour[] = [
  { name: "hour", what: "channel and requesters", direct: false },
  { name: "hourDirect", what: "three approvers too", direct: true },
  { name: "hourDelegated", what: "three delegates too", direct: true, delegated: true },
];

export async function benchHours(progress: (line: string) => void): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const hour of HOURS) {
    progress(`${REQUESTS} requests in an hour, with messages to ${hour.what}`);
    const results: HourResult[] = [];
    for (const seed of SEEDS) results.push(await playBusyHour(planOf(hour, seed)));
    figures.push(...figuresOf(hour, results));
  }
  return figures;
}

const planOf = ({ direct, delegated = false }: Hour, seed: number): HourPlan => ({
  seed,
  direct,
  delegated,
  requests: REQUESTS,
  withinSeconds: 3_600,
});

const caughtUp = (
  name: string,
  most: (figure: (result: HourResult) => number) => number,
): Figure => ({
  name: `${name}.caughtUp`,
  what: "What waited as a delegation began, to its delegate: latest message",
  value: most(({ behind }) => behind.get(CAUGHT_UP) ?? 0),
  bound: CAUGHT_UP_SECONDS,
  unit: "s",
});

function figuresOf(
  { name, what, delegated }: Hour,
  results: readonly HourResult[],
): readonly Figure[] {
  const most = (figure: (result: HourResult) => number) =>
    rounded(Math.max(...results.map(figure)));
  const perGrant = (method: string) => most(({ calls }) => (calls.get(method) ?? 0) / REQUESTS);
  return [
    {
      name: `${name}.behind`,
      what: `${REQUESTS} requests an hour, ${what}: latest message`,
      value: most(({ behind }) =>
        Math.max(...[...behind].map(([kind, seconds]) => (kind === CAUGHT_UP ? 0 : seconds))),
      ),
      bound: BEHIND_SECONDS,
      unit: "s",
    },
    ...(delegated ? [caughtUp(name, most)] : []),
    ...["chat.postMessage", "chat.update"].map(
      (method): Figure => ({
        name: `${name}.${method}`,
        what: `${what}: ${method} a request`,
        value: perGrant(method),
        bound: null,
        unit: "calls",
      }),
    ),
    {
      name: `${name}.limited`,
      what: `${what}: calls that Slack put off, a request`,
      value: most(({ limited }) => limited / REQUESTS),
      bound: null,
      unit: "calls",
    },
    {
      name: `${name}.leftBehind`,
      what: `${what}: overtaken messages left as they were, a request`,
      value: most(({ leftBehind }) => leftBehind / REQUESTS),
      bound: null,
      unit: "messages",
    },
  ];
}
