/** A broker that restores its tables, with and without a planted defect: what chaos's judge says of the access on the entry. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { verdictsOn } from "../../../lab/chaos/judge/judgements.ts";
import type { Seen, SeenRequest } from "../../../lab/chaos/judge/seen.ts";
import { ns } from "../../../lab/fakes/broker-sights.ts";
import { EDIT, type MemoryBroker, memoryBroker, VIEW } from "../../../lab/fakes/memory-broker.ts";
import { tablesAsOf } from "../../../lab/fakes/restored-tables.ts";
import { CLEAN, EDIT as ELEMENT, GRANT } from "./clean-run.ts";

/** Whether converge takes what a restored ledger does not know for its owner's. */
const defect = vi.hoisted(() => ({ isPlanted: false }));
vi.mock(import("../../../shared/domain/entries/unknown-ledger.ts"), async (original) => {
  const real = await original();
  return {
    ...real,
    forgottenBy: (...args) => (defect.isPlanted ? [] : real.forgottenBy(...args)),
  };
});
beforeEach(() => {
  defect.isPlanted = false;
});

const SECONDS = 600;

/** A grant on an entry of others is lent. Then the ledger goes back to before it, nobody drains, and its time passes. */
async function played(): Promise<Seen> {
  const broker = memoryBroker();
  broker.othersHad({ [VIEW]: ns("other") });
  const past = tablesAsOf(broker);
  const to = Date.parse(broker.clock.now());
  broker.clock.advance(60);
  const grant = await broker.activeGrant();
  const from = Date.parse(broker.clock.now());
  broker.clock.advance(60);
  const leftAt = Date.parse(broker.clock.now());
  past.ledgers();
  let last = from;
  const end = Date.parse(grant.expiresAt ?? "") + SECONDS * 1_000;
  while (Date.parse(broker.clock.now()) < end) {
    await broker.settle(30);
    if (broker.namespaces(EDIT).length > 0) last = Date.parse(broker.clock.now());
  }
  return {
    ...CLEAN,
    answered: new Map(),
    promises: [],
    requests: [await seenRequest(broker, grant)],
    restores: [{ tables: ["ledger"], to, leftAt, adoptedAt: leftAt + 5_000 }],
    settledAt: Date.parse(broker.clock.now()) + 1_000,
    presences: [
      {
        cluster: "prod",
        principalArn: grant.principalArn,
        element: ELEMENT,
        from,
        to: last,
        isStanding: false,
      },
    ],
  };
}

type Granted = Awaited<ReturnType<MemoryBroker["activeGrant"]>>;

async function seenRequest(broker: MemoryBroker, grant: Granted): Promise<SeenRequest> {
  const { cluster, ...record } = await broker.reload(grant);
  const request = {
    ...GRANT.request,
    ...record,
    cluster: cluster.name,
    clusterArn: cluster.arn,
  } as unknown as SeenRequest["request"];
  return { ...GRANT, request, events: await broker.history(grant) };
}

const brokenOf = (seen: Seen) =>
  verdictsOn(seen).flatMap(({ name, findings }) =>
    findings.length > 0 && ["bounds", "restored"].includes(name) ? name : [],
  );

describe("A broker whose ledger was restored to before a grant", () => {
  it("Its access is gone in time, and the judge finds nothing", async () => {
    expect(brokenOf(await played())).toEqual([]);
  });

  it("With a planted defect access stays past its end, and the judge finds it", async () => {
    defect.isPlanted = true;
    expect(brokenOf(await played())).toEqual(["bounds", "restored"]);
  });
});
