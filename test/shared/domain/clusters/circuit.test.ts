/** A cluster that does not answer delays its own grants and no others. */
import { describe, expect, it } from "vitest";
import {
  BUSY,
  failCalls,
  THROTTLED,
  timesOf,
  UNANSWERED,
  watchAws,
} from "../../../../lab/fakes/broker-sights.ts";
import { EDIT, memoryBroker } from "../../../../lab/fakes/memory-broker.ts";
import type { CallFault } from "../../../../lab/fakes/memory-eks-calls.ts";
import type { Circuit } from "../../../../shared/domain/clusters/circuit.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";

/** Converges an approved grant while every read fails, then once while everything works. */
const afterFailures = async (fault: CallFault, times: number) => {
  const broker = memoryBroker();
  const grant = await broker.grant();
  failCalls(broker, "DescribeAccessEntry", fault);
  for (let time = 0; time < times; time += 1) await broker.converge();
  broker.clearFaults();
  await broker.converge();
  return (await broker.reload(grant)).state;
};

describe("A cluster's circuit", () => {
  it.each([UNANSWERED, BUSY])(
    "A circuit opens after five failed reads in a row, but not after four: $code",
    async (fault) => {
      expect(await afterFailures(fault, 4)).toBe("active");
      expect(await afterFailures(fault, 5)).toBe("approved");
    },
  );

  it("A circuit stays closed while AWS only throttles", async () => {
    expect(await afterFailures(THROTTLED, 20)).toBe("active");
  });

  it("An open circuit allows no read for 30 s, then one, and closes at its answer", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    failCalls(broker, "DescribeAccessEntry", UNANSWERED, { times: 1 });
    await broker.converge();
    const asked = watchAws(broker);
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    for (let run = 2; run <= 20; run += 1) await broker.converge();
    expect(asked).toHaveLength(4);
    const due = timesOf(broker).dueAt ?? "";
    expect(due).toBe(plusSeconds(broker.clock.now(), 30));
    broker.clock.set(due);
    await broker.converge();
    await broker.converge();
    expect(asked).toHaveLength(5);
    broker.clearFaults();
    broker.clock.advance(30);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("A circuit resets with each answer, and is not written while reads succeed", async () => {
    const broker = memoryBroker();
    const saved: number[] = [];
    const count = (args: readonly unknown[]) => {
      const circuit = args[1] as Circuit;
      saved.push(circuit.failures);
      return false;
    };
    broker.before("circuits.save", () => undefined, count);
    await broker.grant();
    for (const failures of [2, 0, 1, 0, 0]) {
      failCalls(broker, "DescribeAccessEntry", UNANSWERED, { times: failures });
      for (let run = 0; run <= failures; run += 1) await broker.converge();
    }
    expect(saved).toEqual([1, 2, 0, 1, 0]);
  });

  it("An open circuit delays a removal by half a minute at most", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    broker.clock.set(plusSeconds(grant.revokeAt ?? "", -20));
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    for (let run = 0; run < 5; run += 1) await broker.converge();
    await broker.convergeAtEnd(grant);
    expect(timesOf(broker)).toMatchObject({ dueAt: plusSeconds(grant.revokeAt ?? "", 10) });
    broker.clock.advance(10);
    await broker.converge();
    expect(broker.namespaces(EDIT)).toEqual([]);
  });

  it("An answer that throttles neither counts nor closes a circuit", async () => {
    const broker = memoryBroker();
    const saved: number[] = [];
    broker.watch("circuits.save", ([, circuit]) => saved.push((circuit as Circuit).failures));
    await broker.grant();
    for (const fault of [UNANSWERED, UNANSWERED, THROTTLED, UNANSWERED]) {
      failCalls(broker, "DescribeAccessEntry", fault, { times: 1 });
      await broker.converge();
    }
    expect(saved).toEqual([1, 2, 3]);
  });
});
