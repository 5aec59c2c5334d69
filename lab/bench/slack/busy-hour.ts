/**
 * A busy hour in Slack on virtual time. The real notify runs behind its queue, configured as in the
 * stack, against a Slack with the published limits.
 */
import { delegationSubject } from "../../../shared/domain/notices/subject.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { T0 } from "../../fakes/builders.ts";
import { seededRandom } from "../../simulation/random.ts";
import { VirtualTime } from "../../simulation/virtual-time.ts";
import { type HourBroker, hourBroker } from "./hour-broker.ts";
import { delegationIn, drawDelegations, type HourDelegation } from "./hour-delegations.ts";
import { type HourWatch, hourWatch } from "./hour-watch.ts";
import { limitedSlack } from "./limited-slack.ts";
import { drawLife, hourPolicy, type Life } from "./lives.ts";

export interface HourPlan {
  readonly seed: number;
  readonly requests: number;
  /** In how many seconds they are asked; each lives on until it has ended. */
  readonly withinSeconds: number;
  /** Whether each approver is written to as well. */
  readonly direct?: boolean;
  /** Whether each approver has somebody else decide for a while. */
  readonly delegated?: boolean;
}

export interface HourResult {
  /** By kind of message, how far the latest was behind, in seconds. */
  readonly behind: ReadonlyMap<string, number>;
  /** By method, how many calls were carried out. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many calls Slack did not take. */
  readonly limited: number;
  readonly messages: number;
  /** Messages that newer ones have overtaken, and that still show what was true before. */
  readonly leftBehind: number;
}

const SECOND = 1_000;
/** After the last end nothing more happens but what waits. */
const REST_MS = 600 * SECOND;

export async function playBusyHour(plan: HourPlan): Promise<HourResult> {
  const time = new VirtualTime(Date.parse(T0));
  const random = seededRandom(plan.seed);
  const policy = hourPolicy(plan.direct ?? false);
  const slack = limitedSlack(time, random);
  const watch = hourWatch(time, policy);
  const broker = hourBroker({ time, random, policy, slack, watch });
  let living = plan.requests;
  let restUntil = Number.POSITIVE_INFINITY;
  for (let n = 1; n <= plan.requests; n += 1) {
    const life = drawLife(n, plan.withinSeconds, random);
    void live(time, broker, watch, life).then(() => {
      living -= 1;
      if (living === 0) restUntil = time.now + REST_MS;
    });
  }
  if (plan.delegated)
    for (const each of drawDelegations(plan.withinSeconds))
      void delegate(time, broker, watch, each);
  await time.run(() => time.now > restUntil);
  const { behind, messages, leftBehind } = watch.result();
  return { behind, messages, leftBehind, calls: slack.calls, limited: slack.limited() };
}

/** Has one approver let somebody else decide. */
async function delegate(
  time: VirtualTime,
  broker: HourBroker,
  watch: HourWatch,
  { madeAt, record }: HourDelegation,
): Promise<void> {
  await time.delay(madeAt * SECOND);
  const made = record(new Date(time.now).toISOString());
  await broker.delegations.create(made, { after: await broker.delegations.made() });
  watch.delegated(delegationIn(made));
  await broker.wake(delegationSubject(made.delegationId));
}

/** Plays one life, step by step. */
async function live(time: VirtualTime, broker: HourBroker, watch: HourWatch, life: Life) {
  const now = () => new Date(time.now).toISOString();
  const next = async (request: AccessRequest) => {
    watch.changed(request);
    await broker.wake(request.id);
    return request;
  };
  await time.delay(life.askedAt * SECOND);
  const first = life.first(now());
  await broker.requests.create([first]);
  let request = await next(first.request);
  for (const { after, step } of life.moves) {
    await time.delay(after(request) * SECOND);
    const stored = step(request, now());
    await broker.requests.save(stored);
    request = await next(stored.request);
  }
}
