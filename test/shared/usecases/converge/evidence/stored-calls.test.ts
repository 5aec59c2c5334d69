import { describe, expect, it } from "vitest";
import { THROTTLED } from "../../../../../lab/fakes/broker-sights.ts";
import { ALICE, PROD } from "../../../../../lab/fakes/builders.ts";
import {
  EDIT,
  edit,
  type MemoryBroker,
  memoryBroker,
  VIEW,
} from "../../../../../lab/fakes/memory-broker.ts";
import { bindingKey } from "../../../../../shared/domain/entries/binding.ts";
import { callsIn } from "../../../../../shared/domain/requests/audit-event.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";

const GRANTOR = "arn:aws:iam::111122223333:role/timelatch-grantor";
const DOWN = new Error("The table does not answer.");

const waiting = async ({ evidence, clock }: MemoryBroker) =>
  (await evidence.unconfirmed(clock.now(), 100)).map(({ call }) => call);

describe("The calls that converge stores", () => {
  it("Every answered call of a grant's life is stored under its EKS request id", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.convergeAtEnd(grant);
    await broker.settle();
    const audited = (await broker.history(grant)).flatMap(callsIn);
    const calls = await waiting(broker);
    expect(calls.map(({ eksRequestId }) => eksRequestId)).toEqual(
      audited.map(({ requestId }) => requestId),
    );
    expect(calls).toMatchObject([
      { operation: "CreateAccessEntry", target: null, elements: [], requestIds: [grant.id] },
      { operation: "AssociateAccessPolicy", target: EDIT, elements: ["ns/payments-api"] },
      { operation: "DeleteAccessEntry", target: null, elements: [], requestIds: [grant.id] },
    ]);
    const facts = { clusterArn: PROD.arn, principalArn: ALICE, roleArn: GRANTOR, result: "ok" };
    for (const call of calls)
      expect(call).toMatchObject({ ...facts, sessionName: `timelatch-${grant.id}` });
  });

  it("A call that EKS refused is stored, and waits for no confirmation", async () => {
    const broker = memoryBroker();
    broker.failNext("AssociateAccessPolicy", {
      failure: "refused",
      code: "InvalidRequestException",
    });
    const stored: unknown[] = [];
    broker.watch("evidence.putCall", ([call]) => stored.push(call));
    await broker.activeGrant();
    expect(stored).toMatchObject([
      { operation: "CreateAccessEntry", result: "ok" },
      { operation: "AssociateAccessPolicy", result: "InvalidRequestException" },
    ]);
    expect(await waiting(broker)).toMatchObject([{ operation: "CreateAccessEntry" }]);
  });

  it("Each attempt of a call is stored, and the history has the last one", async () => {
    const broker = memoryBroker();
    const notYet = { ...THROTTLED, code: "ResourceNotFoundException", isRetried: true } as const;
    broker.failNext("AssociateAccessPolicy", notYet);
    const stored: unknown[] = [];
    broker.watch("evidence.putCall", ([call]) => stored.push(call));
    const grant = await broker.activeGrant();
    const associate = { operation: "AssociateAccessPolicy", elements: ["ns/payments-api"] };
    expect(stored).toMatchObject([
      { operation: "CreateAccessEntry", result: "ok" },
      { ...associate, result: "ResourceNotFoundException", requestIds: [grant.id] },
      { ...associate, result: "ok", requestIds: [grant.id] },
    ]);
    const listed = (await broker.history(grant)).flatMap(callsIn);
    expect(listed.map(({ result }) => result)).toEqual(["ok", "ok"]);
    expect(listed.some((call) => "earlier" in call)).toBe(false);
  });

  it("A table that takes no calls does not fail a run, and its log has them, once a try", async () => {
    const broker = memoryBroker();
    broker.breakPort("evidence.putCall", DOWN);
    const grant = await broker.activeGrant();
    expect(grant.state).toBe("active");
    const lost = broker.logs.filter(({ message }) => message === "call not stored");
    const tried = [
      { facts: { call: { operation: "CreateAccessEntry" } } },
      { facts: { call: { operation: "AssociateAccessPolicy" } } },
    ];
    expect(lost).toMatchObject([...tried, ...tried]);
  });

  it("A call that could not be stored at first is stored at the end of the run", async () => {
    const broker = memoryBroker();
    const repair = broker.breakPort("evidence.putCall", DOWN);
    broker.beforeEach("bindings.park", repair);
    await broker.activeGrant();
    expect((await waiting(broker)).map(({ operation }) => operation)).toEqual([
      "CreateAccessEntry",
      "AssociateAccessPolicy",
    ]);
  });

  it("A run that ends right after it recorded the end of access has stored the calls in its history", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    await broker.end(grant, "return");
    broker.breakPort("bindings.park", DOWN);
    await expect(broker.converge()).rejects.toThrow(DOWN);
    const audited = (await broker.history(grant)).flatMap(callsIn);
    expect(audited.map(({ operation }) => operation)).toContain("DeleteAccessEntry");
    expect((await waiting(broker)).map(({ eksRequestId }) => eksRequestId)).toEqual(
      audited.map(({ requestId }) => requestId),
    );
  });

  it("A run without time left stores its calls before it records them in the history", async () => {
    const broker = memoryBroker();
    await broker.grant();
    const refusal = { failure: "refused", code: "InvalidParameterException" } as const;
    broker.failNext("AssociateAccessPolicy", refusal);
    let left = 8_000;
    broker.before("entries.associate", () => {
      left = 0;
    });
    broker.breakPort("requests.save", DOWN);
    await expect(broker.converge(broker.binding, { millisLeft: () => left })).rejects.toThrow(DOWN);
    expect(await waiting(broker)).toMatchObject([{ operation: "CreateAccessEntry" }]);
  });

  it("A run that fails after a removal stores its call, also where the end is not on record", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(grant.revokeAt ?? "");
    broker.breakPort("requests.save", DOWN);
    const isOutcome = () => broker.calls.includes("entries.remove");
    broker.breakPort("ledgers.save", DOWN, isOutcome);
    await expect(broker.converge()).rejects.toThrow(DOWN);
    const operations = (await waiting(broker)).map(({ operation }) => operation);
    expect(operations).toContain("DeleteAccessEntry");
  });

  it("Access is removed before its calls are stored", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const before = broker.calls.length;
    await broker.convergeAtEnd(grant);
    const calls = broker.calls.slice(before);
    expect(calls.indexOf("evidence.putCall")).toBeGreaterThan(calls.indexOf("entries.remove"));
    expect(calls).toContain("entries.remove");
    expect(calls).not.toContain("evidence.putIntent");
  });
});

const intentsIn = ({ evidence, clock }: ReturnType<typeof memoryBroker>) =>
  evidence.intents(bindingKey(PROD.arn, ALICE), plusSeconds(clock.now(), 1), 10);

/** The one intent that names calls, and the rest of those. */
async function additionsIntended(broker: ReturnType<typeof memoryBroker>) {
  const intents = await intentsIn(broker);
  const [first, ...others] = intents.filter(({ calls }) => calls.length > 0);
  return [first, others] as const;
}

describe("The intents that converge stores", () => {
  it("Access that a run is about to add is stored before its first call", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const { calls } = broker;
    expect(calls.indexOf("evidence.putIntent")).toBeLessThan(calls.indexOf("entries.create"));
    const [intent, others] = await additionsIntended(broker);
    expect(others).toEqual([]);
    const from = broker.clock.now();
    expect(intent).toEqual({
      sessionName: `timelatch-${grant.id}`,
      clusterArn: PROD.arn,
      principalArn: ALICE,
      calls: [
        { operation: "CreateAccessEntry", target: null, elements: [], requestIds: [grant.id] },
        {
          operation: "AssociateAccessPolicy",
          target: EDIT,
          elements: ["ns/payments-api"],
          requestIds: [grant.id],
        },
      ],
      owners: { [EDIT]: [] },
      from,
      // The run's last 8 s, and the time that an unanswered call may take to land.
      until: plusSeconds(from, 8 + 300 + 10),
    });
  });

  it("The intent to arm a fuse names its grant, and is stored before the fuse exists", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    const { calls } = broker;
    expect(calls.indexOf("evidence.putIntent")).toBeLessThan(calls.indexOf("schedules.armFuse"));
    const intents = await intentsIn(broker);
    expect(intents.filter(({ fusesOf }) => fusesOf !== undefined)).toEqual([
      expect.objectContaining({ calls: [], owners: {}, fusesOf: [grant.id] }),
    ]);
  });

  it("An intent says what the entry's owner has on the targets of its calls", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/reports"], [VIEW]: ["cluster"] });
    await broker.activeGrant();
    const [intent] = await additionsIntended(broker);
    expect(intent).toMatchObject({
      calls: [{ target: EDIT, elements: ["ns/payments-api", "ns/reports"] }],
      owners: { [EDIT]: ["ns/reports"] },
    });
    expect(Object.keys(intent?.owners ?? {})).toEqual([EDIT]);
  });

  it("An intent says what each grant asked for, unless a call carries one grant's and its owner's alone", async () => {
    const broker = memoryBroker();
    broker.othersHad({ [EDIT]: ["ns/payments-base"] });
    const first = await broker.activeGrant();
    const [alone] = await additionsIntended(broker);
    expect(alone?.calls).toMatchObject([{ requestIds: [first.id] }]);
    expect(alone?.calls[0]).not.toHaveProperty("asked");
    broker.clock.advance(1);
    const second = await broker.activeGrant({ access: edit("payments-web", "payments-base") });
    const [besides] = await intentsIn(broker).then((all) => all.filter(({ calls }) => calls[0]));
    expect(besides?.calls).toMatchObject([
      {
        elements: ["ns/payments-api", "ns/payments-base", "ns/payments-web"],
        asked: { [second.id]: ["ns/payments-base", "ns/payments-web"] },
      },
    ]);
  });

  it("Nothing is added while the table takes no intent, and it is added afterwards", async () => {
    const broker = memoryBroker();
    const repair = broker.breakPort("evidence.putIntent", DOWN);
    await broker.grant();
    await expect(broker.converge()).rejects.toThrow(DOWN);
    expect(broker.operations()).toEqual([]);
    repair();
    await broker.converge();
    expect(broker.operations()).toEqual(["CreateAccessEntry", "AssociateAccessPolicy"]);
  });

  it("Access is removed while the table takes neither intents nor calls", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.breakPort("evidence.putIntent", DOWN);
    broker.breakPort("evidence.putCall", DOWN);
    await broker.convergeAtEnd(grant);
    expect(broker.actual()).toBeUndefined();
  });
});
