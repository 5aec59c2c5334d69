/** Notify behind its queue and the sweep, with the settings of production, on virtual time. */

import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { uuidIds } from "../../../shared/aws/machine/uuid-ids.ts";
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { DelegationStore } from "../../../shared/ports/delegation-store.ts";
import type { NotifyPorts } from "../../../shared/ports/function-ports.ts";
import type { MessagePlaces } from "../../../shared/ports/message-places.ts";
import type { Messenger } from "../../../shared/ports/messenger.ts";
import type { NoticeStore } from "../../../shared/ports/notice-store.ts";
import type { RequestStore } from "../../../shared/ports/request-store.ts";
import type { SendPace } from "../../../shared/ports/send-pace.ts";
import { requestLinks } from "../../../shared/slack/request-links.ts";
import { slackMessenger } from "../../../shared/slack/slack-messenger.ts";
import type { SlackWebApi } from "../../../shared/slack/slack-web-api.ts";
import { sweep } from "../../../shared/usecases/converge/sweep.ts";
import type { SweepMemory } from "../../../shared/usecases/converge/sweep-memory.ts";
import { notify } from "../../../shared/usecases/notices/notify.ts";
import { countedIds } from "../../fakes/counted-ids.ts";
import { memoryBindingStore } from "../../fakes/memory-binding-store.ts";
import { memoryClusterFactsStore } from "../../fakes/memory-cluster-stores.ts";
import { memoryConvergeQueue } from "../../fakes/memory-converge-queue.ts";
import { memoryDelegationStore } from "../../fakes/memory-delegation-store.ts";
import { memoryEventBus } from "../../fakes/memory-event-bus.ts";
import { memoryFindingStore } from "../../fakes/memory-finding-store.ts";
import { memoryMessagePlaces } from "../../fakes/memory-message-places.ts";
import { memoryNoticeStore } from "../../fakes/memory-notice-store.ts";
import { nothingOutside } from "../../fakes/memory-outside-queue.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { memorySendPace } from "../../fakes/memory-send-pace.ts";
import { memoryStopStore } from "../../fakes/memory-stop-stores.ts";
import { memoryTables } from "../../fakes/memory-tables.ts";
import { type Ending, invoke } from "../../simulation/invocation.ts";
import { FifoQueue, type Received } from "../../simulation/network/fifo-queue.ts";
import type { Random } from "../../simulation/random.ts";
import { instantOf, type VirtualTime } from "../../simulation/virtual-time.ts";
import { type CallKind, callTime } from "../storm/call-times.ts";
import type { HourWatch } from "./hour-watch.ts";

export interface HourBrokerOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly policy: AccessPolicy;
  readonly slack: SlackWebApi;
  readonly watch: HourWatch;
}

export interface HourBroker {
  readonly requests: RequestStore;
  readonly delegations: DelegationStore;
  /** Wakes notify for a subject, as the function that stores a step does. */
  wake(subject: string): Promise<void>;
}

const SECOND = 1_000;

/** The sweep begins at once, and runs every minute. */
export function hourBroker(options: HourBrokerOptions): HourBroker {
  const { time, random } = options;
  const tables = memoryTables();
  const parts = {
    requests: memoryRequestStore(tables),
    notices: memoryNoticeStore(tables),
    findings: memoryFindingStore(tables),
    delegations: memoryDelegationStore(tables),
    pace: memorySendPace({ now: () => instantOf(time.now) }),
    places: memoryMessagePlaces(),
  };
  const queue = new FifoQueue({
    time,
    random,
    visibilitySeconds: 6 * PRODUCTION.notifyTimeoutSeconds,
    receives: 5,
    concurrency: PRODUCTION.notifyConcurrency,
    batch: PRODUCTION.notifyBatch,
    isUp: () => true,
    duplicated: () => 0,
    kept: () => undefined,
    dead: (group) => {
      throw new Error(`The message of ${group} became a dead letter, and nothing here fails.`);
    },
    receive: (received) => run(options, parts, received),
  });
  let sent = 0;
  sweepEveryMinute(options, tables, parts.notices, queue);
  return {
    requests: parts.requests,
    delegations: parts.delegations,
    wake: async (subject) => {
      sent += 1;
      queue.send(subject, "", `wake ${sent}`);
    },
  };
}

interface Parts {
  readonly requests: RequestStore;
  readonly notices: NoticeStore;
  readonly findings: NotifyPorts["findings"];
  readonly delegations: DelegationStore;
  readonly pace: SendPace;
  readonly places: MessagePlaces;
}

async function run(
  options: HourBrokerOptions,
  { requests, notices, findings, delegations, pace, places }: Parts,
  { group }: Received,
): Promise<Ending> {
  const { time, random, policy, slack, watch } = options;
  await time.delay(callTime(random, "invocation"));
  const clock = { now: () => instantOf(time.now) };
  const pause = { for: (millis: number) => time.delay(millis) };
  const slow = slowed(time, random);
  // A function has its own memory, and this run may be its first.
  const links = requestLinks(slow(notices, "table"), slack);
  const ports: NotifyPorts = {
    requests: slow(requests, "table"),
    notices: links.notices,
    findings: slow(findings, "table"),
    delegations: slow(delegations, "table"),
    stops: memoryStopStore(),
    bus: slow(memoryEventBus(), "aws"),
    messenger: watched(
      slackMessenger({
        ...{ api: slack, links, policy, clock, pause },
        pace: slow(pace, "table"),
        places: slow(places, "table"),
      }),
      watch,
    ),
    clock,
    pause,
    random,
    ids: uuidIds,
    policy,
  };
  const millis = PRODUCTION.notifyTimeoutSeconds * SECOND;
  const invocation = { name: group, binding: undefined, skew: 0, spared: false, millis };
  const done = await invoke(time, invocation, ({ deadline }) => {
    const millisLeft = () => deadline - time.now;
    return notify(ports, group, { millisLeft, log: () => undefined });
  });
  if (done.kind === "failed") throw done.error;
  return done;
}

type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** A port whose calls take their time. */
const slowed =
  (time: VirtualTime, random: Random) =>
  <Port extends object>(port: Port, kind: CallKind): Port =>
    Object.fromEntries(
      Object.entries(port).map(([name, method]) => [
        name,
        typeof method !== "function"
          ? method
          : async (...args: readonly unknown[]) => {
              await time.delay(callTime(random, kind));
              return (method as Method)(...args);
            },
      ]),
    ) as Port;

const watched = (messenger: Messenger, watch: HourWatch): Messenger => ({
  ...messenger,
  async send(notice, thread, mark) {
    const place = await messenger.send(notice, thread, mark);
    watch.shown(notice);
    return place;
  },
  async update(place, notice) {
    await messenger.update(place, notice);
    watch.shown(notice);
  },
});

function sweepEveryMinute(
  { time, policy }: HourBrokerOptions,
  tables: ReturnType<typeof memoryTables>,
  notices: NoticeStore,
  queue: FifoQueue,
): void {
  const { broker: settings } = PRODUCTION;
  const ports = {
    requests: memoryRequestStore(tables),
    delegations: memoryDelegationStore(tables),
    bindings: memoryBindingStore(tables),
    clusters: memoryClusterFactsStore(),
    stops: memoryStopStore(),
    queue: memoryConvergeQueue(),
    ...nothingOutside(),
    ids: countedIds(),
    clock: { now: () => instantOf(time.now) },
    notifyQueue: {
      wakeOnce: async (id: string, turn: string) => queue.send(id, "", `${id} ${turn}`),
    },
    notices,
    policy,
    settings,
  };
  const memory: SweepMemory = {};
  const next = () => {
    void sweep(ports, memory);
    time.after(settings.sweepPeriodSeconds * SECOND, next);
  };
  time.after(17 * SECOND, next);
}
