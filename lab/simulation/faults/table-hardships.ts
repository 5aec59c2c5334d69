/** Rare faults of the tables, behind the network. */
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import { mayForget } from "../../../shared/domain/entries/ledger.ts";
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { ConvergePorts, SweepPorts } from "../../../shared/ports/function-ports.ts";
import type { RequestStore } from "../../../shared/ports/request-store.ts";
import { memoryBindingStore } from "../../fakes/memory-binding-store.ts";
import type { MemoryHead, MemoryTables } from "../../fakes/memory-tables.ts";
import { PastMap } from "../../fakes/past-map.ts";
import { ServiceFailed } from "../network/service-failed.ts";
import type { Oracle } from "../oracle/oracle.ts";
import type { Stage } from "../stage.ts";
import type { WorldFakes } from "../world-fakes.ts";
import { anySpan, type Hardship, isWithin } from "./hardship.ts";

type Stores = Pick<
  ConvergePorts & SweepPorts,
  "requests" | "bindings" | "ledgers" | "stops" | "stopCopy"
>;

/** The parts that the faults work on. */
interface Around {
  readonly stage: Stage;
  readonly fakes: Pick<WorldFakes, "tables" | "ledgers">;
  readonly oracle: Oracle;
}

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

/** The ports on tables as this life's hardships leave them. */
export function withTableHardships(stores: Stores, around: Around): Stores {
  const { hardships } = around.stage;
  let ports = stores;
  for (const [hardship, worsen] of TABLE_HARDSHIPS)
    if (hardships.has(hardship)) ports = { ...ports, ...worsen(ports, around) };
  return ports;
}

/** How long DynamoDB takes at most to apply a transaction, in milliseconds: seldom long. */
const APPLYING = [60, 60, 1_500] as const;

/** A binding, as it was before a transaction that is under way. */
interface Before {
  readonly head: MemoryHead | undefined;
  readonly grants: ReadonlyMap<string, AccessRequest>;
}

/**
 * A transaction is applied item by item, and a Query meanwhile sees some of them. The adapter of
 * bindings reads again where the head is newer than its grants. So a view has an older head at most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-isolation
 */
function partlyVisible(
  { requests, bindings }: Stores,
  { stage, fakes: { tables } }: Around,
): Pick<Stores, "requests" | "bindings"> {
  const { time, tally } = stage;
  const { random } = stage.hardships;
  const underWay = new Map<string, Before>();
  const slowly = async (steps: readonly Step[], apply: () => Promise<void>) => {
    const touched = new Set(steps.map(({ request }) => keyOf(request)));
    const before = [...touched].map((binding) => [binding, asIs(tables, binding)] as const);
    await apply();
    for (const [binding, was] of before) underWay.set(binding, was);
    await time.delay(random.between(2, random.pick(APPLYING)));
    for (const [binding, was] of before)
      if (underWay.get(binding) === was) underWay.delete(binding);
  };
  return {
    requests: {
      ...requests,
      create: (steps, options) => slowly(steps, () => requests.create(steps, options)),
      save: (step, options) => slowly([step], () => requests.save(step, options)),
      saveAll: (steps) => slowly(steps, () => requests.saveAll(steps)),
    },
    bindings: {
      ...bindings,
      async view(binding) {
        const before = underWay.get(binding);
        if (!before?.head || random.chance(0.2)) return await bindings.view(binding);
        tally.meets("partlyVisible");
        const now = asIs(tables, binding).grants;
        const ids = new Set([...before.grants.keys(), ...now.keys()]);
        const grants = [...ids].flatMap((id) => {
          const from = random.chance(0.5) ? now : before.grants;
          return [[id, from.get(id)] as const];
        });
        const seen = new Map(grants.flatMap(([id, grant]) => (grant ? [[id, grant]] : [])));
        return await viewIn(binding, before.head, seen);
      },
    },
  };
}

const keyOf = ({ cluster, principalArn }: AccessRequest) => bindingKey(cluster.arn, principalArn);

const asIs = ({ heads, grants }: MemoryTables, binding: string): Before => ({
  head: heads.get(binding),
  grants: new Map(grants.get(binding)),
});

const viewIn = (binding: string, head: MemoryHead, grants: Map<string, AccessRequest>) =>
  memoryBindingStore({
    heads: new Map([[binding, head]]),
    grants: new Map([[binding, grants]]),
    requests: new Map(),
  }).view(binding);

/** How far an index may be behind, in seconds. Usually it is less than one. */
const BEHIND = [1, 5, 30, 60] as const;

/** A sweep sees what was due some time ago. */
function staleIndex(
  { bindings }: Stores,
  { stage, fakes: { tables }, oracle }: Around,
): Pick<Stores, "bindings"> {
  const { time, startedAt, tally } = stage;
  const { random } = stage.hardships;
  const span = anySpan(random, startedAt, 20);
  const behind = random.pick(BEHIND) * SECOND;
  return {
    bindings: {
      ...bindings,
      async due(...args) {
        if (!isWithin(span, time.now)) return await bindings.due(...args);
        tally.meets("indexStale");
        oracle.unreachable(time.now);
        oracle.notices.allDelayed();
        const moment = time.now - random.between(0, behind);
        const heads = pastOf(tables.heads, moment);
        const requests = pastOf(tables.requests, moment);
        return await memoryBindingStore({ ...tables, heads, requests }).due(...args);
      },
    },
  };
}

function pastOf<Value>(map: ReadonlyMap<string, Value>, moment: number): Map<string, Value> {
  if (!(map instanceof PastMap)) throw new Error("The tables of this life have no past.");
  const past: PastMap<Value> = map;
  return new Map(
    [...past.keys()].flatMap((key) => {
      const value = past.asOf(key, moment);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** The chain of stops, or converge's copy of it, does not answer. */
function unreadStops(
  { stops, stopCopy }: Stores,
  { stage, oracle }: Around,
): Pick<Stores, "stops" | "stopCopy"> {
  const { time, startedAt, tally, hardships } = stage;
  const { random } = hardships;
  const span = anySpan(random, startedAt, 8);
  const share = random.pick([0.5, 1]);
  const unless = async <Answer>(read: () => Promise<Answer>): Promise<Answer> => {
    if (!isWithin(span, time.now) || !random.chance(share)) return await read();
    tally.meets("stopsUnread");
    oracle.unreachable(time.now);
    throw new ServiceFailed("ProvisionedThroughputExceededException");
  };
  return {
    stops: {
      ...stops,
      latest: () => unless(stops.latest),
      since: (seq) => unless(() => stops.since(seq)),
    },
    stopCopy: { ...stopCopy, load: () => unless(stopCopy.load) },
  };
}

/** DynamoDB deletes an emptied ledger and a used key about a day after they were written. */
function expiringRecords(
  { requests, ledgers }: Stores,
  { stage, fakes, oracle }: Around,
): Pick<Stores, "requests" | "ledgers"> {
  const { time, tally, note, hardships } = stage;
  const inADay = (expire: () => boolean) =>
    time.after(24 * HOUR + hardships.random.between(0, HOUR), () => {
      if (expire()) tally.meets("recordExpired");
    });
  const { tables } = fakes;
  const create: RequestStore["create"] = async (steps, options) => {
    await requests.create(steps, options);
    const { idempotency: key } = options ?? {};
    if (key) inADay(() => tables.idempotency.delete(key.keyHash));
  };
  return {
    requests: { ...requests, create },
    ledgers: {
      ...ledgers,
      async save(ledger) {
        const saved = await ledgers.save(ledger);
        if (mayForget(saved))
          inADay(() => {
            if (fakes.ledgers.get(saved.binding) !== saved) return false;
            note("dynamodb", () => `deletes the ledger of ${saved.binding.slice(0, 8)}`);
            oracle.ledgerExpired(saved.binding);
            return fakes.ledgers.delete(saved.binding);
          });
        return saved;
      },
    },
  };
}

/** More grants than the steps of one transaction. */
const CROWD = 22;

/** Counts how often a run finds a crowd. */
function countedCrowds({ bindings }: Stores, { stage }: Around): Pick<Stores, "bindings"> {
  return {
    bindings: {
      ...bindings,
      async view(binding) {
        const view = await bindings.view(binding);
        if (view.grants.length > CROWD) stage.tally.meets("crowd");
        return view;
      },
    },
  };
}

/** In this order, each on what the one before left. */
const TABLE_HARDSHIPS: readonly (readonly [
  Hardship,
  (stores: Stores, around: Around) => Partial<Stores>,
])[] = [
  ["partlyVisible", partlyVisible],
  ["indexStale", staleIndex],
  ["stopsUnread", unreadStops],
  ["recordExpired", expiringRecords],
  ["crowd", countedCrowds],
];
