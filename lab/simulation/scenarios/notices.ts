/** Scenarios: what becomes of access while notices cannot be delivered. */
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import type { NotifyPorts } from "../../../shared/ports/function-ports.ts";
import { notify } from "../../../shared/usecases/notices/notify.ts";
import { aFirstStep, anApproval, aStep } from "../../fakes/builders.ts";
import { countedIds } from "../../fakes/counted-ids.ts";
import { fixedClock } from "../../fakes/fixed-clock.ts";
import { fixedRandom } from "../../fakes/fixed-random.ts";
import { memoryDelegationStore } from "../../fakes/memory-delegation-store.ts";
import { memoryEventBus } from "../../fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../fakes/memory-finding-store.ts";
import { memoryMessenger } from "../../fakes/memory-messenger.ts";
import { memoryNoticeStore } from "../../fakes/memory-notice-store.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { memoryStopStore } from "../../fakes/memory-stop-stores.ts";
import { memoryTables } from "../../fakes/memory-tables.ts";
import { tapPorts } from "../../fakes/port-tap.ts";
import { askingLife } from "../notices/asking-life.ts";
import { findingLife } from "../notices/finding-life.ts";
import { POLICY } from "../sim-policy.ts";
import { simulate } from "../simulate.ts";
import { removalsIn } from "./removals.ts";

/** How many removals a life has, where Slack's absence changes none of them; undefined where it does. */
export async function removalsWithoutSlack(seed: number): Promise<number | undefined> {
  const healthy = removalsIn(await simulate(seed, { slack: "healthy" }));
  const absent = removalsIn(await simulate(seed, { slack: "absent" }));
  return JSON.stringify(healthy) === JSON.stringify(absent) ? healthy.length : undefined;
}

/** A pending request without any message, and what notify needs for it. */
async function unshownRequest() {
  const tables = memoryTables();
  const clock = fixedClock();
  const messenger = memoryMessenger();
  const requests = memoryRequestStore(tables);
  const first = aFirstStep();
  await requests.create([first]);
  const ports: NotifyPorts = {
    requests,
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    stops: memoryStopStore(),
    bus: memoryEventBus(),
    messenger,
    clock,
    pause: { for: async (millis) => clock.advance(millis / 1_000) },
    random: fixedRandom,
    ids: countedIds(),
    policy: POLICY,
  };
  const run = (own = ports) =>
    notify(own, first.request.id, { millisLeft: () => 30_000, log: () => {} });
  const dueAt = () => tables.notices.get(first.request.id)?.dueAt ?? null;
  return { first, requests, ports, clock, messenger, run, dueAt };
}

/** A denial is stored before call `at` of a run, and its wake is lost. @returns whether it is shown, or due */
async function isKept(at: number): Promise<boolean> {
  const { first, requests, ports, clock, messenger, run, dueAt } = await unshownRequest();
  let calls = 0;
  const tapped = tapPorts(ports, ["requests", "notices", "bus"], async ({ apply }) => {
    calls += 1;
    if (calls === at)
      await requests.save(aStep(first.request, { type: "deny", actor: "bob", at: clock.now() }));
    return await apply();
  });
  await run(tapped);
  const shown = messenger.shown[0]?.notice;
  const isShown = shown !== undefined && "state" in shown.facts && shown.facts.state === "denied";
  // A pending request is looked at again after ten minutes, which is too late for a step.
  const due = dueAt();
  const isDue = due !== null && due <= plusSeconds(clock.now(), 60);
  return isDue || calls < at || isShown;
}

/** Each has a fault, a time or a person that the others lack. */
const ASKING_SEEDS = [1, 2, 3, 4, 7, 9, 10, 21] as const;

const SEEDS = [2, 4, 10, 12, 18] as const;

/** Whether every finding of these lives was reported. Most have faults, and some are acknowledged. */
async function areTold(seeds: readonly number[]): Promise<boolean> {
  for (const seed of seeds) if ((await findingLife(seed)).violations.length > 0) return false;
  return true;
}

export const NOTICES = {
  /** A step is stored at any moment of a run, so that its wake may be taken for that run's. */
  "a step is stored while notify runs": async () => {
    for (let at = 1; at <= 12; at += 1) if (!(await isKept(at))) return false;
    return true;
  },

  /** A run updates a message late, over what a newer run has shown, and is killed. */
  "a run is killed after a newer one's update": async () => {
    const { first, requests, ports, clock, messenger, run } = await unshownRequest();
    await run();
    const approval = anApproval(first.request, clock.now());
    await requests.save(approval);
    const update: typeof messenger.update = async (...args) => {
      await requests.save(aStep(approval.request, { type: "cancel", at: clock.now() }));
      await run();
      await messenger.update(...args);
      throw new Error("killed");
    };
    await run({ ...ports, messenger: { ...messenger, update } }).catch(() => undefined);
    clock.advance(60);
    await run();
    const shown = messenger.shown[0]?.notice.facts;
    return shown !== undefined && "state" in shown && shown.state !== "approved";
  },

  /** Slack limits the rate, and says for how long. */
  "Slack asks to wait two minutes": async () => {
    const { clock, messenger, run, dueAt } = await unshownRequest();
    messenger.trouble({ kind: "busy", retryAfterSeconds: 120 }, 1);
    await run();
    const next = dueAt();
    const [from, to] = [119, 180].map((seconds) => plusSeconds(clock.now(), seconds));
    return next !== null && next >= String(from) && next <= String(to);
  },

  /** Findings and their acknowledgements, with all that may go wrong with messages. */
  "findings are recorded while messages fail": () =>
    areTold(Array.from({ length: 25 }, (_, at) => at + 1)),

  /** Approvers and reviewers are asked again, with all that may go wrong with messages. */
  "people are asked again while messages fail": async () => {
    for (const seed of ASKING_SEEDS)
      if ((await askingLife(seed)).violations.length > 0) return false;
    return true;
  },

  /** The same lives with and without Slack: access ends at the same instants. */
  "Slack does not answer for an hour": async () => {
    for (const seed of SEEDS) if ((await removalsWithoutSlack(seed)) === undefined) return false;
    return true;
  },
};
