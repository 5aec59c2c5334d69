/** A reader of standing access on memory, and what stands on its clusters. */

import {
  ACCOUNT,
  aFirstStep,
  anApproval,
  aPolicy,
  aStep,
  PROD,
  STAGING,
  settings,
  T0,
} from "../../../../lab/fakes/builders.ts";
import { countedIds } from "../../../../lab/fakes/counted-ids.ts";
import { fixedClock } from "../../../../lab/fakes/fixed-clock.ts";
import { memoryEvidenceStore } from "../../../../lab/fakes/memory-evidence-store.ts";
import { memoryReadingStore } from "../../../../lab/fakes/memory-reading-store.ts";
import { memoryRequestStore } from "../../../../lab/fakes/memory-request-store.ts";
import {
  memoryClusters,
  memoryStandingReader,
} from "../../../../lab/fakes/memory-standing-reader.ts";
import { memoryStandingStore } from "../../../../lab/fakes/memory-standing-store.ts";
import { memoryTables } from "../../../../lab/fakes/memory-tables.ts";
import { reachOf } from "../../../../shared/domain/entries/access.ts";
import { bindingKey } from "../../../../shared/domain/entries/binding.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import type { Step } from "../../../../shared/domain/requests/lifecycle.ts";
import type { Access, AccessRequest } from "../../../../shared/domain/requests/request.ts";
import type { ClusterSetup } from "../../../../shared/domain/standing/cluster-setup.ts";
import type { ReadingRecord } from "../../../../shared/domain/standing/reading-record.ts";
import type { StandingPorts } from "../../../../shared/ports/function-ports.ts";
import { readStanding } from "../../../../shared/usecases/clusters/read-standing.ts";
import { anEntry } from "../../domain/standing/samples.ts";

export const roleOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const SETUP: ClusterSetup = {
  createdAt: "2026-11-01T00:00:00.000Z",
  authenticationMode: "API",
  version: "1.34",
  auditLog: true,
};

/** The life of a grant on prod until it is active. */
export function aLife(principalArn: string, access?: Access): readonly Step[] {
  const asked = aFirstStep({ principalArn, ...(access ? { access } : {}) });
  const approved = anApproval(asked.request);
  return [asked, approved, aStep(approved.request, { type: "activate" })];
}

/** Prod has `count` foreign entries; staging is empty. Every pause takes its time on the clock. */
export function standingWorld(count = 3, policy: AccessPolicy = aPolicy()) {
  const clock = fixedClock(T0);
  const world = memoryClusters();
  const store = memoryStandingStore(clock.now);
  const readings: ReadingRecord[] = [];
  const grants = new Map<string, readonly AccessRequest[]>();
  const tables = memoryTables();
  const evidence = memoryEvidenceStore();
  const queue = { waiting: 0, answers: true };
  for (const { arn } of [PROD, STAGING]) world.setups.set(arn, SETUP);
  const names = Array.from({ length: count }, (_, at) => roleOf(`r${String(at).padStart(3, "0")}`));
  world.entries.set(PROD.arn, new Map(names.map((arn) => [arn, anEntry()])));
  const pauses: number[] = [];
  const ports: StandingPorts = {
    reader: memoryStandingReader(world),
    store,
    readings: memoryReadingStore(readings),
    bindings: {
      view: async (binding) => ({
        binding,
        version: 1,
        ledgerRevision: 0,
        ledgerHolds: false,
        attempts: 0,
        reservedBytes: 0,
        dueAt: null,
        dueFor: "addition",
        removeAt: null,
        driftCheckAt: null,
        grants: grants.get(binding) ?? [],
        leftOut: [],
        isWhole: true,
        broken: [],
      }),
    },
    requests: memoryRequestStore(tables),
    evidence,
    queue: {
      backlog: async () => {
        if (!queue.answers) throw new Error("SQS does not answer.");
        return queue.waiting;
      },
    },
    pause: {
      for: async (millis) => {
        pauses.push(millis);
        clock.advance(millis / 1_000);
      },
    },
    clock,
    ids: countedIds(),
    policy,
    settings: settings(),
  };
  const logged: string[] = [];
  const run = (seconds = 10_000) => {
    const end = Date.parse(clock.now()) + seconds * 1_000;
    return readStanding(ports, {
      log: (message, facts) => logged.push(`${message} ${JSON.stringify(facts)}`),
      isTimeUp: () => Date.parse(clock.now()) >= end,
    });
  };
  const listed = async (arn = PROD.arn) => {
    const passId = (await store.load(arn))?.complete?.passId;
    if (passId === undefined) return undefined;
    return (await store.entries(arn, passId, { limit: 1_000 })).items;
  };
  const plant = (principalArn: string, record: AccessRequest) =>
    grants.set(bindingKey(PROD.arn, principalArn), [record]);
  /** Converge stores what it is about to add, so that its call can be explained. */
  const intend = (principalArn: string, access: Access) => {
    const { target, elements } = reachOf(access, PROD.arn);
    const about = { clusterArn: PROD.arn, principalArn, sessionName: "tl", from: clock.now() };
    const calls = [
      { operation: "AssociateAccessPolicy", target, elements, requestIds: [] },
    ] as const;
    void evidence.putIntent({ ...about, until: about.from, calls, owners: {} });
  };
  /** Puts the events of a life into the history, and its last state into the entry's partition. */
  const record = (principalArn: string, steps: readonly Step[]) => {
    tables.events.push(...steps.map(({ event }) => event));
    const last = steps.at(-1);
    if (last) plant(principalArn, last.request);
  };
  return {
    clock,
    evidence,
    plant,
    intend,
    record,
    world,
    store,
    readings,
    queue,
    ports,
    run,
    listed,
    logged,
    pauses,
    /** A grant that is active, of Edit in payments-api by default. */
    lend(principalArn: string, access?: Access) {
      const life = aLife(principalArn, access);
      record(principalArn, life);
      for (const { request } of life.slice(-1)) intend(principalArn, request.access);
    },
    count: (start: string) => world.calls.filter((call) => call.startsWith(start)).length,
  };
}
