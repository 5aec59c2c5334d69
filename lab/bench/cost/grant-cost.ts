/** The use of one grant, and of the broker without any. */

import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { createRequest } from "../../../shared/usecases/requests/create-request.ts";
import { decideRequest } from "../../../shared/usecases/requests/decide-request.ts";
import { listOwn, readRequest } from "../../../shared/usecases/requests/read-requests.ts";
import type { LocalTables } from "../../../test/shared/aws/dynamodb/local-tables.ts";
import { ASK } from "../../fakes/memory-broker.ts";
import { type Act, EVERY, invoke, play } from "./cost-run.ts";
import { type CostWorld, costWorld } from "./cost-world.ts";
import { countedTables } from "./counted-tables.ts";
import { type Memory, Meter } from "./meter.ts";
import { scaled, together, type UsageByPart } from "./usage.ts";

export interface Measured {
  /** One grant's use. It is the only grant in its hours, so that it shares no run with another. */
  readonly grant: UsageByPart;
  /** Its writes, by part and kind of item. */
  readonly writes: UsageByPart;
  /** A month's use while nobody asks for access. */
  readonly month: UsageByPart;
}

export interface GrantLife {
  /** How long the access is asked for, in seconds. */
  readonly lasts: number;
  /** How long the play goes on after the access is over, in seconds. */
  readonly after: number;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;
/** The hours of a month in AWS's own examples. */
const HOURS = 730;
/** Between two sweeps: SQS brings what people store before the next one. */
const ASKED_AT = 20;
const APPROVED_AT = ASKED_AT + 120;

/** @param idle how long the broker is watched without a grant, in seconds: a multiple of every period that is shorter */
export async function measured(
  tables: LocalTables,
  memory: Memory,
  life: GrantLife,
  idle = HOUR,
): Promise<Measured> {
  const world = await worldOn(tables, memory);
  const window = Math.ceil((APPROVED_AT + life.lasts + life.after) / EVERY.search) * EVERY.search;
  // The record of readings names those of a week, and grows until then.
  await play(world, 8 * DAY, [], ["reading"]);
  // Then what is stored once: clusters, the policy, the archive's first day.
  await play(world, EVERY.search);
  const often = await used(world, () => play(world, idle, [], OFTEN));
  await dayOf(world, window);
  // The archive is compared with itself on another day, from the same hour on.
  const rarely = await used(world, () => dayOf(world, window));
  const lived = await used(world, () => dayOf(world, window, actsOf(world, life)));
  await demandEnd(world);
  const added = (part: keyof Used) =>
    together(lived[part], scaled(together(scaled(often[part], window / idle), rarely[part]), -1));
  return {
    grant: added("parts"),
    writes: added("writes"),
    month: together(hoursOf(often.parts, idle), scaled(rarely.parts, (HOURS * HOUR) / DAY)),
  };
}

/** The use of a month's hours, by that of some seconds. */
export const hoursOf = (parts: UsageByPart, seconds: number): UsageByPart =>
  scaled(parts, (HOURS * HOUR) / seconds);

const OFTEN = ["sweep", "search", "standing"] as const;
const RARE = ["archive", "reading"] as const;

/** Plays a day: what happens in it, if anything, and then the functions that run by the hour. */
async function dayOf(world: CostWorld, window: number, acts?: readonly Act[]): Promise<void> {
  await (acts ? play(world, window, acts) : play(world, window, [], RARE));
  await play(world, DAY - window, [], RARE);
}

async function worldOn(tables: LocalTables, memory: Memory): Promise<CostWorld> {
  const meter = new Meter(memory);
  const { client, names } = await countedTables(tables, meter);
  return costWorld(client, names, meter);
}

interface Used {
  readonly parts: UsageByPart;
  readonly writes: UsageByPart;
}

/** Measures the use of `work`. */
export async function used({ meter }: CostWorld, work: () => Promise<unknown>): Promise<Used> {
  const [parts, writes] = [meter.taken(), meter.written()];
  await work();
  return {
    parts: together(meter.taken(), scaled(parts, -1)),
    writes: together(meter.written(), scaled(writes, -1)),
  };
}

/** Alice asks, bob looks and approves, alice looks whether she has it. */
function actsOf(world: CostWorld, { lasts }: GrantLife): readonly Act[] {
  let id = "";
  const call = <Result>(work: () => Promise<Result>): Promise<Result> =>
    invoke(world, "api", () => {
      world.meter.add("apiRequests");
      return work();
    });
  const read = (by: string) => call(() => readRequest(world.front, world.actor(by), id));
  const ask = { ...ASK, durationSeconds: lasts };
  return [
    {
      at: ASKED_AT,
      act: async () => {
        ({ id } = await call(() =>
          createRequest(world.front, world.actor("alice"), ask, undefined),
        ));
      },
    },
    {
      at: APPROVED_AT,
      act: async () => {
        const { digest } = await read("bob");
        const decision = { verdict: "approve", digest } as const;
        await call(() => decideRequest(world.front, world.actor("bob"), id, decision));
      },
    },
    { at: APPROVED_AT + 60, act: async () => demand("active", await read("alice")) },
  ];
}

/** @throws Error where the grant is not over, or something of it is still to happen */
async function demandEnd({ front, actor, timers }: CostWorld): Promise<void> {
  const { items } = await listOwn(front, actor("alice"), { limit: 2 });
  for (const request of items) demand("ended", request);
  if (items.length !== 1) throw new Error(`There are ${items.length} requests, and not one.`);
  if (timers.size > 0) throw new Error(`${[...timers.keys()].join(", ")} is still to fire.`);
}

function demand(state: AccessRequest["state"], request: AccessRequest): void {
  if (request.state !== state)
    throw new Error(`The grant is ${request.state}, and should be ${state} by now.`);
}
