/** A cluster that does not answer costs its own grants their time, and nobody else's. */
import { describe, expect, it } from "vitest";
import type { Circuit } from "../../../../shared/domain/clusters/circuit.ts";
import { plusSeconds } from "../../../../shared/domain/values/instant.ts";
import {
  BUSY,
  failCalls,
  THROTTLED,
  timesOf,
  UNANSWERED,
  watchAws,
} from "../../../fakes/broker-sights.ts";
import type { CallFault } from "../../../fakes/memory-access-entries.ts";
import { EDIT, memoryBroker } from "../../../fakes/memory-broker.ts";

/** Converges an approved grant so often while every read fails, then once with all well. */
const afterFailures = async (fault: CallFault, times: number) => {
  const broker = memoryBroker();
  const grant = await broker.grant();
  failCalls(broker, "DescribeAccessEntry", fault);
  for (let time = 0; time < times; time += 1) await broker.converge();
  broker.calmDown();
  await broker.converge();
  return (await broker.reload(grant)).state;
};

describe("a cluster's circuit", () => {
  it.each([UNANSWERED, BUSY])(
    "a circuit opens after five failed reads in a row, and not after four: $code",
    async (fault) => {
      expect(await afterFailures(fault, 4)).toBe("active");
      expect(await afterFailures(fault, 5)).toBe("approved");
    },
  );

  it("a circuit stays closed while AWS only throttles", async () => {
    expect(await afterFailures(THROTTLED, 20)).toBe("active");
  });

  it("an open circuit lets no read through for 30 s, then one, and closes at its answer", async () => {
    const broker = memoryBroker();
    const grant = await broker.grant();
    const asked = watchAws(broker);
    failCalls(broker, "DescribeAccessEntry", UNANSWERED);
    for (let run = 1; run <= 20; run += 1) await broker.converge();
    expect(asked).toHaveLength(5);
    const due = timesOf(broker).dueAt ?? "";
    expect(due).toBe(plusSeconds(broker.clock.now(), 30));
    broker.clock.set(due);
    await broker.converge();
    await broker.converge();
    expect(asked).toHaveLength(6);
    broker.calmDown();
    broker.clock.advance(30);
    await broker.converge();
    expect(await broker.reload(grant)).toMatchObject({ state: "active" });
  });

  it("a circuit starts from nothing with each answer, and is not written while all is well", async () => {
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

  it("an open circuit puts a removal off for half a minute at most", async () => {
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
});
