/** Ends of chains of extensions whose records others cut apart or took away: the access of the whole chain goes. */
import { describe, expect, it } from "vitest";
import { forge } from "../../../../../lab/fakes/broker-sights.ts";
import { T0 } from "../../../../../lab/fakes/builders.ts";
import { EDIT, type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import type { BindingView } from "../../../../../shared/ports/binding-store.ts";
import { notedEnds } from "../../../../../shared/usecases/converge/noted-ends.ts";

/** Alice's grant, its extension, and the extension of that, all active on an entry of others. */
async function threeInARow() {
  const broker = memoryBroker();
  broker.othersHad({ [EDIT]: ["ns/own"] });
  const first = await broker.activeGrant();
  const middle = await broker.approve(await broker.extend(first));
  await broker.converge();
  const last = await broker.approve(await broker.extend(await broker.reload(middle)));
  await broker.converge();
  expect(await broker.states(first, middle, last)).toEqual(["active", "active", "active"]);
  return { broker, first, middle, last };
}

/** Takes a grant's record away, where converge reads it and where people do. */
function takeAway({ tables, binding }: MemoryBroker, { id }: AccessRequest) {
  tables.grants.get(binding)?.delete(id);
  tables.requests.delete(id);
}

async function cutOff(broker: MemoryBroker, grant: AccessRequest) {
  const { extends: _, extendedBy: __, extendedUntil: ___, ...alone } = await broker.reload(grant);
  forge(broker, alone, {});
}

const LENT = ["own", "payments-api"];

it("A note counts for a grant that has begun, also while no read has shown its access yet", async () => {
  const { broker, last } = await threeInARow();
  const ledger = broker.ledgers.ledgers.get(broker.binding);
  const grants = [{ ...last, state: "approved" as const }];
  const view = { grants } as unknown as BindingView;
  const requests = { ...broker.front.requests, isEndNoted: async () => true };
  const noted = notedEnds(
    { requests, clock: broker.clock },
    { log: () => undefined },
    view,
    ledger,
  );
  expect(await noted).toEqual([last.id]);
});

describe("A chain that others cut apart", () => {
  it.each<[string, (broker: MemoryBroker, grant: AccessRequest) => unknown]>([
    ["deleted", takeAway],
    ["forged as ending", (broker, grant) => forge(broker, grant, { state: "ending" })],
  ])(
    "Who ends its first grant ends the last one too, where the one between was %s",
    async (_, spoil) => {
      const { broker, first, middle } = await threeInARow();
      spoil(broker, await broker.reload(middle));
      await broker.settle();
      expect(broker.namespaces(EDIT)).toEqual(LENT);
      await cutOff(broker, first);
      await broker.end(first, "revoke", "bob");
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );

  it.each<[string, (broker: MemoryBroker, last: AccessRequest) => unknown]>([
    ["", () => undefined],
    [
      " and its record among the entry's grants was taken away before",
      async (broker, last) => {
        broker.tables.grants.get(broker.binding)?.delete(last.id);
        await broker.settle();
      },
    ],
  ])(
    "Who ends its last grant ends those before too, where it extends nothing on record%s",
    async (_, spoil) => {
      const { broker, last } = await threeInARow();
      await cutOff(broker, last);
      await spoil(broker, last);
      expect(broker.namespaces(EDIT)).toEqual(LENT);
      await broker.end(last, "revoke", "bob");
      await broker.converge();
      expect(broker.namespaces(EDIT)).toEqual(["own"]);
    },
  );

  it("Its extension that was approved begins no more, where the end of what it extends could only be noted", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/own"] });
    const first = await broker.activeGrant();
    await broker.approve(await broker.extend(first));
    await cutOff(broker, first);
    await broker.front.requests.noteEnd(first.id, { actor: "bob", at: T0, verb: "revoke" });
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });

  it("Who cancels an extension ends nothing but that", async () => {
    const { broker, first, middle, last } = await threeInARow();
    const note = { actor: "alice", at: T0, verb: "cancel" } as const;
    await broker.front.requests.noteEnd(last.id, note);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual(LENT);
    await broker.convergeAtEnd(await broker.reload(first));
    expect(broker.namespaces(EDIT)).toEqual(LENT);
    await broker.convergeAtEnd(await broker.reload(middle));
    expect(broker.namespaces(EDIT)).toEqual(["own"]);
  });
});

describe("The ledger", () => {
  it("It keeps the other grants of a chain with each of them", async () => {
    const { broker, first, middle, last } = await threeInARow();
    const begun = broker.ledgers.ledgers.get(broker.binding)?.begun;
    const others = ({ id }: AccessRequest) => begun?.[id]?.chain?.others;
    expect([first, middle, last].map(others)).toEqual([
      [middle.id, last.id],
      [first.id, last.id],
      [first.id, middle.id],
    ]);
  });
});
