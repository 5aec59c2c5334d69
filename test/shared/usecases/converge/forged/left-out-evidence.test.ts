/** The history of an honest grant beside records that are left out: each run finds some of them again. */
import { describe, expect, it } from "vitest";
import { BOB } from "../../../../../lab/fakes/builders.ts";
import { edit, type MemoryBroker, memoryBroker } from "../../../../../lab/fakes/memory-broker.ts";
import type { AccessRequest } from "../../../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../../../shared/domain/values/instant.ts";
import { MOST_NAMED } from "../../../../../shared/usecases/converge/note-left-out.ts";

const idOf = (at: number) => `00000000-0000-7000-8000-${String(at).padStart(12, "0")}`;

function plant({ tables, binding }: MemoryBroker, grant: AccessRequest, at: number): void {
  const planted = { ...grant, id: idOf(at) };
  tables.grants.set(
    binding,
    new Map([...(tables.grants.get(binding) ?? []), [planted.id, planted]]),
  );
}

/** Changes of an active grant's record, of which no step can be stored under another id. */
const STUCK: readonly ((grant: AccessRequest) => Partial<AccessRequest>)[] = [
  () => ({ state: "approved", access: edit("payments-web") }),
  () => ({ state: "approved", digest: "x" }),
  () => ({ state: "active", access: edit("payments-web") }),
  () => ({ state: "ending" }),
  ({ createdAt }) => ({
    state: "approved",
    revokeAt: createdAt,
    expiresAt: plusSeconds(createdAt, 60),
  }),
];

/** Plants records that never began, and others of another principal. */
function plantMany(
  broker: MemoryBroker,
  grant: AccessRequest,
  stuck: number,
  elsewhere: number,
): void {
  for (let at = 0; at < stuck; at += 1)
    plant(broker, { ...grant, ...STUCK[at % STUCK.length]?.(grant) }, at);
  for (let at = 0; at < elsewhere; at += 1)
    plant(broker, { ...grant, principalArn: BOB }, 500 + at);
}

async function run(broker: MemoryBroker, times: number): Promise<void> {
  for (let left = times; left > 0; left -= 1) {
    broker.clock.advance(60);
    await broker.converge();
  }
}

async function findings(broker: MemoryBroker, grant: AccessRequest): Promise<readonly unknown[]> {
  const events = await broker.history(grant);
  return events.flatMap(({ details }) => ("findings" in details ? (details.findings ?? []) : []));
}

describe("The history of a grant beside records that are left out", () => {
  it.each([
    [1, 0],
    [1, 1],
    [5, 0],
    [5, 2],
    [40, 1],
    [40, 40],
  ])(
    "It does not grow with each run: %i stuck ones, %i of another principal",
    async (...counts) => {
      const broker = memoryBroker();
      const grant = await broker.activeGrant();
      plantMany(broker, grant, ...counts);
      await run(broker, 5);
      const { version } = await broker.reload(grant);
      await run(broker, 20);
      expect((await broker.reload(grant)).version).toBe(version);
      expect(await broker.states(grant)).toEqual(["active"]);
    },
  );

  it("A record that comes later is one finding more, until there are ten on record", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    for (let at = 0; at < MOST_NAMED + 2; at += 1) {
      plant(broker, { ...grant, principalArn: BOB }, at);
      await run(broker, 2);
    }
    const told = Array.from({ length: MOST_NAMED }, (_, at) => [`${idOf(at)}: elsewhere`]);
    const code = "record-left-out";
    expect(await findings(broker, grant)).toEqual(told.map((found) => ({ code, found })));
    expect(broker.logs.at(-1)).toMatchObject({
      message: "records left out",
      facts: { found: [`${idOf(10)}: elsewhere`, `${idOf(11)}: elsewhere`] },
    });
  });

  it("A record that was taken away, and comes again, is a finding again", async () => {
    const broker = memoryBroker();
    const grant = await broker.activeGrant();
    for (let left = 2; left > 0; left -= 1) {
      plantMany(broker, grant, 0, 1);
      await run(broker, 2);
      broker.tables.grants.get(broker.binding)?.delete(idOf(500));
      await run(broker, 2);
    }
    expect(await findings(broker, grant)).toHaveLength(2);
    expect((await broker.ledger())?.leftOut).toBeUndefined();
  });
});
