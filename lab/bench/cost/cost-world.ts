/** The broker's functions on real tables and in virtual time, with everything that has a price counted. */
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { PRODUCTION } from "../../../infra/synth/settings.ts";
import { dynamoAuditRecords } from "../../../shared/aws/dynamodb/audit/dynamo-audit-records.ts";
import { dynamoFactStore } from "../../../shared/aws/dynamodb/facts/dynamo-fact-store.ts";
import { systemRandom } from "../../../shared/aws/machine/system-random.ts";
import { noticeWaker } from "../../../shared/aws/sqs/notice-waker.ts";
import type { RecordedCall } from "../../../shared/domain/evidence/calls/recorded-call.ts";
import type { FactStore } from "../../../shared/ports/fact-store.ts";
import type {
  ArchivePorts,
  ConvergePorts,
  CorrelatePorts,
  NotifyPorts,
  OutsidePorts,
  StandingPorts,
  SweepPorts,
} from "../../../shared/ports/function-ports.ts";
import type { Pause } from "../../../shared/ports/pause.ts";
import { requestLinks } from "../../../shared/slack/request-links.ts";
import { slackMessenger } from "../../../shared/slack/slack-messenger.ts";
import type { SlackWebApi } from "../../../shared/slack/slack-web-api.ts";
import type { SweepMemory } from "../../../shared/usecases/converge/sweep-memory.ts";
import { tableBroker } from "../../../test/golden/table-broker.ts";
import { FUSE_ROLE } from "../../fakes/correlate-broker.ts";
import { memoryArchiveStore } from "../../fakes/memory-archive-store.ts";
import { memoryConvergeQueue } from "../../fakes/memory-converge-queue.ts";
import { memoryEventBus } from "../../fakes/memory-event-bus.ts";
import { memoryNotifyQueue } from "../../fakes/memory-notify-queue.ts";
import { memorySigner } from "../../fakes/memory-signer.ts";
import { memoryClusters, memoryStandingReader } from "../../fakes/memory-standing-reader.ts";
import { memoryTrailLookup } from "../../fakes/memory-trail-lookup.ts";
import { type Tap, tapPorts } from "../../fakes/port-tap.ts";
import { costPolicy } from "./cost-policy.ts";
import type { CostTables } from "./counted-tables.ts";
import type { Meter } from "./meter.ts";
import type { Priced } from "./prices.ts";

export type CostWorld = ReturnType<typeof costWorld>;

/** @param client counts on the meter */
export function costWorld(
  client: DynamoDBDocumentClient,
  names: CostTables,
  meter: Meter,
  policy = costPolicy(),
) {
  const broker = tableBroker(client, names, policy);
  const { clock } = broker;
  // On the day on which the tables were made: the archive begins there.
  clock.set(`${new Date().toISOString().slice(0, "2026-11-24".length)}T10:00:00.000Z`);
  const answered: RecordedCall[] = [];
  const tap = tapOf(meter, answered);
  const queues = { converge: memoryConvergeQueue(), notify: memoryNotifyQueue() };
  const sending = { queue: queues.converge, notifyQueue: queues.notify };
  const { queue, notifyQueue } = tapPorts(sending, ["queue", "notifyQueue"], tap);
  const waker = noticeWaker(notifyQueue);
  const settings = PRODUCTION.broker;
  const shared = { settings, queue, requests: waker.requests(broker.ports.requests) };
  const facts = dynamoFactStore(client, names.facts);
  const front: SweepPorts = { ...broker.front, ...shared, notifyQueue, facts };
  const pause = {
    for: async (millis: number) => {
      meter.wait(millis);
      clock.advance(millis / 1_000);
    },
  };
  const parts: Parts = { broker, client, names, front, pause, tap };
  return {
    meter,
    clock,
    answered,
    queues,
    front,
    waker,
    sweepMemory: {} as SweepMemory,
    actor: broker.actor,
    timers: broker.schedules.timers,
    converge: convergePorts({ ...broker.ports, ...shared }, tap),
    notify: notifyPorts(parts),
    correlate: correlatePorts(parts),
    archive: archivePorts(parts),
    standing: standingPorts(parts),
    outside: outsidePorts(front, facts, meter),
  };
}

interface Parts {
  readonly broker: ReturnType<typeof tableBroker>;
  readonly client: DynamoDBDocumentClient;
  readonly names: CostTables;
  readonly front: SweepPorts;
  readonly pause: Pause;
  readonly tap: Tap;
}

const convergePorts = (ports: ConvergePorts, tap: Tap): ConvergePorts =>
  tapPorts(ports, ["entries", "schedules", "evidence"], tap);

/** Slack answers at once, and costs nothing here. */
function notifyPorts({ broker, front, pause, tap }: Parts): NotifyPorts {
  const { evidence, notices, pace, places } = broker.stored;
  const { clock, policy } = front;
  const outside = { api: slackThatAnswers(), bus: memoryEventBus() };
  const { api, bus } = tapPorts(outside, ["api", "bus"], tap);
  const links = requestLinks(notices, api);
  return {
    clock,
    policy,
    pause,
    bus,
    random: systemRandom,
    ids: front.ids,
    requests: front.requests,
    delegations: front.delegations,
    stops: front.stops,
    findings: evidence,
    notices: links.notices,
    messenger: slackMessenger({ api, links, policy, pace, places, clock, pause }),
  };
}

function slackThatAnswers(): SlackWebApi {
  let posted = 0;
  return {
    call: async () => {
      posted += 1;
      return { ok: true, channel: "C0001", ts: String(posted) };
    },
  };
}

/** The most calls one after the other for one schedule: PagerDuty's, of layers. */
const LOOK_CALLS = 2;

/** Each schedule has one person on call, and no ticket is looked at. */
function outsidePorts(
  { clock, policy, settings }: SweepPorts,
  facts: FactStore,
  meter: Meter,
): OutsidePorts {
  const shifts = [{ person: "PCAR01", until: "2099-01-01T00:00:00.000Z" }];
  const nobodyAsks = async () => {
    throw new Error("Nobody asks for access, and yet a ticket is looked at.");
  };
  return {
    clock,
    policy,
    settings,
    facts,
    source: { look: () => meter.call("service", async () => ({ shifts }), LOOK_CALLS) },
    tickets: { look: nobodyAsks },
    wake: { ticketsRead: nobodyAsks },
  };
}

function correlatePorts({ broker, front, pause, tap }: Parts): CorrelatePorts {
  const { clock, policy, settings, requests } = front;
  const ports: CorrelatePorts = {
    clock,
    policy,
    settings,
    requests,
    pause,
    evidence: broker.stored.evidence,
    fuseRoleArn: FUSE_ROLE,
    lookup: memoryTrailLookup(clock).lookup,
  };
  return tapPorts(ports, ["lookup"], tap);
}

function archivePorts({ broker, client, names, front, tap }: Parts): ArchivePorts {
  const ports: ArchivePorts = {
    clock: front.clock,
    policy: front.policy,
    records: dynamoAuditRecords(client, names.audit),
    standing: broker.stored.standing,
    store: memoryArchiveStore(),
    signer: memorySigner(),
    bus: memoryEventBus(),
  };
  return tapPorts(ports, ["store", "signer", "bus"], tap);
}

function standingPorts({ broker, front, pause, tap }: Parts): StandingPorts {
  const { clock, policy, settings, queue, ids } = front;
  const ports: StandingPorts = {
    clock,
    policy,
    settings,
    queue,
    ids,
    pause,
    bindings: broker.ports.bindings,
    requests: front.requests,
    evidence: broker.stored.evidence,
    reader: memoryStandingReader(memoryClusters()),
    store: broker.stored.standing,
    readings: broker.stored.readings,
  };
  return tapPorts(ports, ["reader"], tap);
}

/** How many calls to AWS one call of a port is, one after the other, where it is more than one. */
const CALLS: Readonly<Record<string, number>> = {
  // DescribeAccessEntry and ListAssociatedAccessPolicies.
  "entries.read": 2,
};

/**
 * The price of one call of a port, beside the time that it takes. Calls to EKS, STS and CloudTrail
 * are free.
 */
const PRICED: Readonly<Record<string, Priced>> = {
  "queue.send": "fifoRequests",
  "queue.sendOnce": "fifoRequests",
  "queue.backlog": "fifoRequests",
  "notifyQueue.wake": "fifoRequests",
  "notifyQueue.wakeOnce": "fifoRequests",
  "store.put": "objectPuts",
  "store.list": "objectPuts",
  "store.read": "objectGets",
  "signer.sign": "signatures",
  "signer.fingerprint": "signatures",
};

/** Counts what calls of ports cost, and keeps the calls that EKS answered. */
function tapOf(meter: Meter, answered: RecordedCall[]): Tap {
  return async ({ site, args, apply }) => {
    if (site === "evidence.putCall") answered.push(args[0] as RecordedCall);
    const priced = PRICED[site];
    if (priced !== undefined) meter.add(priced);
    if (site === "bus.publish") meter.add("customEvents", (args[0] as readonly unknown[]).length);
    // Evidence is in the tables, whose calls are counted there.
    return await (site.startsWith("evidence.") ? apply() : meter.call("aws", apply, CALLS[site]));
  };
}
