/**
 * Crashes before or after every call of every port, followed by the next message. Nothing is lost.
 */

import { describe, expect, it } from "vitest";
import { isLedgerEmpty, ns, timesOf } from "../../../../../lab/fakes/broker-sights.ts";
import { EDIT, type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import { revocationOf } from "../../../../../lab/fakes/memory-schedules.ts";
import { CONVERGE_PORTS, tapPorts } from "../../../../../lab/fakes/port-tap.ts";
import type { Ledger } from "../../../../../shared/domain/entries/ledger.ts";
import { callsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import type { ConvergePorts } from "../../../../../shared/ports/function-ports.ts";

class Crash extends Error {
  override readonly name = "Crash";
}

interface Life {
  readonly moment: "before" | "after";
  /** Whether others had an entry there before. */
  readonly isStanding: boolean;
  /** How stale reads are, in seconds. */
  readonly behind: number;
  readonly end: "expiry" | "revocation";
}

const SINCE_EVER = "2026-11-01T00:00:00.000Z";

/** Counts the calls of all ports and throws at the n-th. */
function crashing(at: number, moment: Life["moment"]) {
  let count = 0;
  const wrap = (ports: ConvergePorts) =>
    tapPorts(ports, CONVERGE_PORTS, async ({ site, apply }) => {
      count += 1;
      const isIt = count === at;
      if (isIt && moment === "before") throw new Crash(site);
      const answer = await apply();
      if (isIt) throw new Crash(site);
      return answer;
    });
  return { wrap, hasCrashed: () => count >= at };
}

const converge = (broker: MemoryBroker) =>
  broker.converge().catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });

/** Checks the rules for the state after every run, crashed or not. */
async function checkSafety(broker: MemoryBroker, { id, revokeAt }: AccessRequest) {
  const { state } = await broker.front.requests.load(id);
  const isLent = broker.namespaces(EDIT).includes("payments-api");
  const { timers } = broker.schedules;
  if (broker.clock.now() < (revokeAt ?? "") && state !== "ending") {
    if (isLent) expect(timers.has(revocationOf(id, broker.binding))).toBe(true);
    if (state === "active") expect(isLent).toBe(true);
  }
  if (state === "ended") expect(isLent).toBe(false);
  const ledger: Ledger | undefined = broker.ledgers.ledgers.get(broker.binding);
  for (const { name, sure } of ledger?.fuses ?? []) if (sure) expect(timers.has(name)).toBe(true);
}

/** A call in a history that is not stored too is one that nobody looks for in CloudTrail. */
async function checkEvidence(broker: MemoryBroker, grant: AccessRequest) {
  const made = (await broker.history(grant)).flatMap(callsIn);
  const done = made.flatMap(({ result, requestId }) => (result === "ok" ? [requestId] : []));
  const stored = await broker.evidence.unconfirmed(broker.clock.now(), 100);
  const ids = stored.map(({ call }) => call.eksRequestId);
  expect(ids).toEqual(expect.arrayContaining(done));
}

/** Converges this many times, this many seconds apart. */
async function pass(broker: MemoryBroker, grant: AccessRequest, times: number, seconds: number) {
  for (let run = 0; run < times; run += 1) {
    broker.clock.advance(seconds);
    await converge(broker);
    await checkSafety(broker, grant);
  }
}

/** The life of a grant with one crash. Returns false if `at` is after the last call. */
async function lifeWithCrash(at: number, life: Life): Promise<boolean> {
  const crash = crashing(at, life.moment);
  const broker = memoryBroker({ wrap: crash.wrap });
  broker.entries.lag = { describe: life.behind * 1_000, list: life.behind * 1_000 };
  if (life.isStanding)
    broker.entries.edit(
      broker.addressOf(),
      () => ({ targets: { [EDIT]: ns("base") } }),
      SINCE_EVER,
    );
  const before = broker.actual();
  const grant = await broker.grant();
  await converge(broker);
  await checkSafety(broker, grant);
  await pass(broker, grant, 4, 30);
  expect(await broker.front.requests.load(grant.id)).toMatchObject({ state: "active" });
  if (life.end === "revocation") await broker.end(grant, "revoke", "bob");
  else broker.clock.set(grant.revokeAt ?? "");
  await converge(broker);
  await checkSafety(broker, grant);
  // The next run removes the access after any loss.
  await pass(broker, grant, 1, 20);
  expect(broker.namespaces(EDIT)).not.toContain("payments-api");
  // Then an unanswered call gets time to land, and a read to show it.
  await pass(broker, grant, 8, 60);
  expect(await broker.front.requests.load(grant.id)).toMatchObject({
    state: "ended",
    outcome: { code: life.end === "expiry" ? "expired" : "revoked" },
  });
  expect(broker.actual()).toEqual(before);
  expect(await isLedgerEmpty(broker)).toBe(true);
  expect(timesOf(broker)).toMatchObject({ dueAt: null, removeAt: null, driftCheckAt: null });
  expect([...broker.schedules.timers.values()].filter(({ kind }) => kind === "fuse")).toEqual([]);
  await checkEvidence(broker, grant);
  return crash.hasCrashed();
}

const LIVES: readonly Life[] = (["before", "after"] as const).flatMap((moment) =>
  [false, true].flatMap((isStanding) =>
    [0, 30].flatMap((behind) =>
      (["expiry", "revocation"] as const).map((end) => ({ moment, isStanding, behind, end })),
    ),
  ),
);

describe("Converge", () => {
  it.each(LIVES)(
    "A grant survives a crash $moment any call, with reads $behind s behind, until its $end (standing: $isStanding)",
    async (life) => {
      let at = 1;
      while (await lifeWithCrash(at, life)) at += 1;
      // A grant's life takes at least the loads, reads, schedules, saves and steps.
      expect(at).toBeGreaterThan(20);
    },
  );
});
