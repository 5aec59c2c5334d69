/**
 * Readings of standing access, by the real use case. Each keeps the state that it could see, so
 * that an answer that rests on it can be judged.
 */
import { scopeUnion } from "../../../shared/domain/entries/scope.ts";
import { startOf } from "../../../shared/domain/requests/grant-time.ts";
import type { ElementSet } from "../../../shared/domain/values/element-set.ts";
import type { StandingPorts } from "../../../shared/ports/function-ports.ts";
import type { PrincipalPage, StandingReader } from "../../../shared/ports/standing-reader.ts";
import type { StandingStore } from "../../../shared/ports/standing-store.ts";
import { readStanding } from "../../../shared/usecases/clusters/read-standing.ts";
import { countedId } from "../../fakes/counted-ids.ts";
import { memoryBindingStore } from "../../fakes/memory-binding-store.ts";
import { memoryReadingStore } from "../../fakes/memory-reading-store.ts";
import { memoryRequestStore } from "../../fakes/memory-request-store.ts";
import { memoryStandingStore } from "../../fakes/memory-standing-store.ts";
import type { Random } from "../random.ts";
import { bindingAt, CLUSTERS } from "../sim-policy.ts";
import { STACK } from "../stage.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";

type Elements = Readonly<Record<string, ElementSet>>;

/** One entry, as a reading saw it. */
export interface SeenEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly targets: Elements;
  /** The elements that open grants covered after their start, by target. */
  readonly covered: Elements;
}

/** One reading of a whole cluster. */
export interface Reading {
  /** When it began, ISO 8601 UTC. */
  readonly startedAt: string;
  /** By binding. */
  readonly seen: Map<string, SeenEntry>;
}

const LONG_AGO = "2026-11-01T00:00:00.000Z";
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** As EKS pages, but shorter, so that a reading takes several. */
const PAGE = 2;

export class StandingReadings {
  readonly #world: World;
  readonly #random: Random;
  readonly store: StandingStore;
  /** By ARN, the reading that is under way. */
  readonly #underWay = new Map<string, Reading>();
  /** By ARN, the last whole reading. */
  readonly #whole = new Map<string, Reading>();
  #passes = 0;
  #isReading = false;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
    const memory = memoryStandingStore(() => instantOf(world.time.now));
    this.store = {
      ...memory,
      save: async (record) => {
        await memory.save(record);
        this.#saved(record.clusterArn, record.reading?.startedAt, record.complete?.startedAt);
      },
    };
  }

  /** The last whole reading of a cluster; undefined before the first. */
  of(clusterArn: string): Reading | undefined {
    return this.#whole.get(clusterArn);
  }

  /** Plans when the clusters are read, if they are. @param span when most is asked for, in milliseconds */
  plan(span: number): void {
    const { time, startedAt } = this.#world;
    const random = this.#random;
    for (let left = random.pick([0, 1, 1, 2, 3]); left > 0; left -= 1)
      time.at(startedAt + random.between(-1, span + 20 * MINUTE), () => void this.#read());
  }

  /** One at a time, as the function is deployed. */
  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#world.note("standing", () => "reads the clusters");
    await readStanding(this.#ports(), { log: () => undefined, isTimeUp: () => false });
    this.#isReading = false;
  }

  #ports(): StandingPorts {
    const { tables, time, deployed, evidenceStore } = this.#world;
    const now = () => instantOf(time.now);
    const bindings = memoryBindingStore(tables, now);
    return {
      reader: this.#reader(),
      store: this.store,
      readings: memoryReadingStore(),
      policy: deployed.now,
      clock: { now },
      bindings: {
        view: async (binding) => {
          this.#covered(binding);
          return bindings.view(binding);
        },
      },
      requests: memoryRequestStore(tables),
      evidence: evidenceStore,
      queue: { backlog: async () => 0 },
      pause: { for: () => time.delay(this.#random.between(0, 3) * SECOND) },
      ids: {
        newId: () => {
          this.#passes += 1;
          return countedId(this.#passes);
        },
        newToken: () => "",
      },
      // Each planned reading is due.
      settings: { ...STACK.broker, standingEverySeconds: 0 },
    };
  }

  #reader(): StandingReader {
    const { entries, clusters, createdAt, modes, time } = this.#world;
    const arnOf = ({ name }: { readonly name: string }) => CLUSTERS[name] ?? "";
    return {
      setup: async ({ name }) => {
        const arn = arnOf({ name });
        const authenticationMode = modes.get(arn) ?? "API";
        const at = createdAt.get(arn) ?? LONG_AGO;
        return clusters.has(arn)
          ? { createdAt: at, authenticationMode, version: null, auditLog: false }
          : undefined;
      },
      principals: async ({ name }, token) => this.#page(name, Number(token ?? 0)),
      entry: async (address) => {
        const entry = entries.peek(address);
        this.#see(arnOf(address.cluster), bindingAt(address), entry?.targets ?? {});
        await time.delay(this.#random.pick([0, 0.2, 3]) * SECOND);
        return entry;
      },
      principal: async () => "exists",
    };
  }

  /** An entry that is gone when its turn comes counts as the list shows it. */
  #page(name: string, from: number): PrincipalPage {
    const { oracle, entries } = this.#world;
    const all = [...oracle.truths.values()].filter(({ address }) => address.cluster.name === name);
    const principalArns: string[] = [];
    let at = from;
    for (; at < all.length && principalArns.length < PAGE; at += 1) {
      const truth = all[at];
      if (!truth) continue;
      if (entries.peek(truth.address)) principalArns.push(truth.address.principalArn);
      else this.#see(CLUSTERS[name] ?? "", truth.binding, {});
    }
    return { principalArns, next: at < all.length ? String(at) : null };
  }

  #see(clusterArn: string, binding: string, targets: Elements): void {
    const { time } = this.#world;
    this.#underWay.get(clusterArn)?.seen.set(binding, { at: time.now, targets, covered: {} });
  }

  /** The reading asks for the grants of an entry that it has read. */
  #covered(binding: string): void {
    const { tables, time, oracle } = this.#world;
    const truth = oracle.truths.get(binding);
    const reading = this.#underWay.get(CLUSTERS[truth?.address.cluster.name ?? ""] ?? "");
    const seen = reading?.seen.get(binding);
    if (!reading || !seen) return;
    const covered: Record<string, ElementSet> = {};
    for (const grant of tables.grants.get(binding)?.values() ?? []) {
      if (grant.state === "approved" && (startOf(grant) ?? "~") > instantOf(time.now)) continue;
      const { target, elements } = oracle.facts.reachOf(grant);
      covered[target] = scopeUnion(covered[target] ?? [], elements);
    }
    reading.seen.set(binding, { ...seen, covered });
  }

  #saved(clusterArn: string, reading: string | undefined, complete: string | undefined): void {
    const begun = this.#underWay.get(clusterArn);
    if (reading !== undefined && begun?.startedAt !== reading)
      this.#underWay.set(clusterArn, { startedAt: reading, seen: new Map() });
    if (complete === undefined) this.#whole.delete(clusterArn);
    else if (complete === begun?.startedAt) this.#whole.set(clusterArn, begun);
    // A cluster that is gone, or takes no entries, is not read.
    else if (complete !== this.#whole.get(clusterArn)?.startedAt)
      this.#whole.set(clusterArn, { startedAt: complete, seen: new Map() });
  }
}
