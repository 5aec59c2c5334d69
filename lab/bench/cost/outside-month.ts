/** The cost of a month in which `access.yaml` asks other services, while nobody asks for access. */
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import type { LocalTables } from "../../../test/shared/aws/dynamodb/local-tables.ts";
import { type Asking, askingPolicy, costPolicy } from "./cost-policy.ts";
import { EVERY, play, type Rhythmic } from "./cost-run.ts";
import { costWorld } from "./cost-world.ts";
import { countedTables } from "./counted-tables.ts";
import { hoursOf, used } from "./grant-cost.ts";
import { Meter } from "./meter.ts";
import { stackFacts, stackMonth, type Template } from "./stack-facts.ts";
import { plus, type Usage } from "./usage.ts";

/** The functions that read and write facts by the clock. */
const partsOf = ({ schedules }: AccessPolicy): readonly Rhythmic[] =>
  schedules ? ["sweep", "outside"] : ["sweep"];

/**
 * The use of a month by what is polled and watched all the time, and by the clock's runs that have to do with facts.
 *
 * @param asking absent where `access.yaml` names no service
 * @param seconds how long the broker is watched
 */
export async function factMonth(
  tables: LocalTables,
  templateOf: (access: AccessPolicy) => Template,
  asking: Asking | undefined,
  seconds: number,
): Promise<Usage> {
  const policy = asking === undefined ? costPolicy() : askingPolicy(asking);
  const facts = stackFacts(templateOf(policy));
  const meter = new Meter(facts.memory);
  const { client, names } = await countedTables(tables, meter);
  const world = costWorld(client, names, meter, policy);
  const playing = partsOf(policy);
  // The first sweep stores what is stored once.
  await play(world, EVERY.search, [], playing);
  const { parts } = await used(world, () => play(world, seconds, [], playing));
  return plus(stackMonth(facts), ...Object.values(hoursOf(parts, seconds)));
}
