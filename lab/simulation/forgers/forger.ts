/** Somebody with every right on the requests table and the audit table that any function has. */
import { bindingKey } from "../../../shared/domain/entries/binding.ts";
import { digestOf } from "../../../shared/domain/requests/digest.ts";
import { grantIn } from "../../../shared/domain/requests/parse-grant.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { floorTo, plusSeconds } from "../../../shared/domain/values/instant.ts";
import { withHistory } from "../../fakes/forge-whole.ts";
import { edit, type MemoryBroker, view } from "../../fakes/memory-broker.ts";
import type { MemoryTables } from "../../fakes/memory-tables.ts";
import type { Random } from "../random.ts";
import type { ForgedTruth, Scene } from "./forged-truth.ts";

/** The tables as they were at some instant. */
type Snapshot = Pick<MemoryTables, "requests" | "heads" | "grants"> &
  Pick<MemoryBroker["ledgers"], "ledgers">;

/** Values that no field expects, and one that some field does. */
const ODD: readonly unknown[] = [null, "", "x", -1, 1e30, true, [], [null], {}];
const FIELDS = [
  ...["id", "version", "state", "requester", "cluster", "principalArn", "access", "rule"],
  ...["durationSeconds", "reason", "breakGlass", "review", "requirements", "extends", "until"],
  ...["startsAt", "createdAt", "updatedAt", "lapsesAt", "digest", "earlierTerms", "escalatedFrom"],
  ...["approvals", "approvedAt", "effectiveAt", "revokeAt", "expiresAt", "outcome", "lastHash"],
] as const satisfies readonly (keyof AccessRequest)[];
const TIMES: ReadonlySet<string> = new Set([
  "revokeAt",
  "expiresAt",
  "approvedAt",
  "startsAt",
  "until",
]);

export class Forger {
  readonly #broker: MemoryBroker;
  readonly #random: Random;
  readonly #truth: ForgedTruth;
  readonly #scenes: readonly Scene[];
  readonly #snapshots: Snapshot[] = [];
  readonly #wholes = new Map<string, AccessRequest>();
  readonly #mayRestoreLedgers: boolean;

  constructor(
    broker: MemoryBroker,
    random: Random,
    truth: ForgedTruth,
    world: { readonly scenes: readonly Scene[]; readonly mayRestoreLedgers: boolean },
  ) {
    this.#broker = broker;
    this.#random = random;
    this.#truth = truth;
    this.#scenes = world.scenes;
    this.#mayRestoreLedgers = world.mayRestoreLedgers;
  }

  /** Does one deed. @returns a word for it, which is counted */
  act(): string {
    const deeds: readonly (readonly [string, () => void])[] = [
      ["change a field", () => this.#changeField()],
      ["change a field", () => this.#changeField()],
      ["put an old record back", () => this.#putBack()],
      ["claim another grant's access", () => this.#claimAccess()],
      ["approve a request", () => this.#approve()],
      ["delete a record", () => this.#deleteRecord()],
      ["plant a record", () => this.#plant()],
      ["spoil a head", () => this.#spoilHead()],
      ["forge a whole grant", () => this.#forgeWhole()],
      ["restore the requests table", () => this.#restore()],
      ...(this.#mayRestoreLedgers
        ? ([["restore the ledger table", () => this.#restoreLedgers()]] as const)
        : []),
    ];
    const [name, deed] = this.#random.pick(deeds);
    this.#remember();
    deed();
    const { binding } = this.#random.pick(this.#scenes);
    if (this.#random.chance(0.5))
      this.#broker.queue.sent.push({ subject: binding, cause: "sweep" });
    return name;
  }

  /** Keeps what the table holds, to put it back later. */
  #remember(): void {
    const { requests, heads, grants } = this.#broker.tables;
    const copies = [...grants].map(([binding, own]) => [binding, new Map(own)] as const);
    this.#snapshots.push({
      requests: new Map(requests),
      heads: new Map(heads),
      grants: new Map(copies),
      ledgers: new Map(this.#broker.ledgers.ledgers),
    });
  }

  #some():
    | { readonly binding: string; readonly id: string; readonly grant: AccessRequest }
    | undefined {
    const all = [...this.#broker.tables.grants].flatMap(([binding, own]) =>
      [...own].map(([id, grant]) => ({ binding, id, grant })),
    );
    const active = all.filter(({ grant }) => grant?.state === "active");
    const from = active.length > 0 && this.#random.chance(0.7) ? active : all;
    return from.length === 0 ? undefined : this.#random.pick(from);
  }

  #put(binding: string, id: string, record: unknown): void {
    const { grants, requests } = this.#broker.tables;
    const own = grants.get(binding) ?? new Map<string, AccessRequest>();
    grants.set(binding, own.set(id, record as AccessRequest));
    if (this.#random.chance(0.7)) requests.set(id, record as AccessRequest);
    this.#truth.wasForged(id);
    // A grant that some rule lends just so lends it once it, or a copy of it, is where it belongs.
    const whole = this.#wholes.get(id);
    if (!whole || whole.principalArn !== (record as AccessRequest).principalArn) return;
    if (bindingKey(whole.cluster.arn, whole.principalArn) === binding)
      this.#truth.lends(binding, whole, true);
  }

  #changeField(): void {
    const some = this.#some();
    if (!some) return;
    const field = this.#random.chance(0.4)
      ? this.#random.pick(["revokeAt", "expiresAt"] as const)
      : this.#random.pick(FIELDS);
    this.#put(some.binding, some.id, { ...some.grant, [field]: this.#valueFor(field) });
  }

  /** Gives a grant the access of another one of the same entry, which may end sooner. */
  #claimAccess(): void {
    const some = this.#some();
    const own = [...(this.#broker.tables.grants.get(some?.binding ?? "")?.values() ?? [])];
    if (!some || own.length === 0) return;
    const access = this.#random.pick(own)?.access;
    this.#put(some.binding, some.id, { ...some.grant, access });
  }

  /** Approves a pending request in the table, in the name of somebody who may, without an event. */
  #approve(): void {
    const { clock, tables } = this.#broker;
    const pending = [...tables.requests.values()].filter((each) => each?.state === "pending");
    if (pending.length === 0) return;
    const request = this.#random.pick(pending);
    const { cluster, principalArn, durationSeconds, digest, version } = request;
    const at = clock.now();
    const expiresAt = floorTo(plusSeconds(at, durationSeconds), 60);
    this.#put(bindingKey(cluster.arn, principalArn), request.id, {
      ...request,
      ...{ state: "approved", approvedAt: at, version: version + 1 },
      ...{ expiresAt, revokeAt: plusSeconds(expiresAt, -120) },
      approvals: [{ person: "bob", surface: "api", at, digest, proof: {} }],
    });
  }

  #valueFor(field: string): unknown {
    const now = this.#broker.clock.now();
    if (this.#random.chance(0.05)) return undefined;
    if (this.#random.chance(0.3)) return this.#random.pick(ODD);
    if (TIMES.has(field)) return plusSeconds(now, this.#random.whole(-3_600, 36_000));
    if (field === "state")
      return this.#random.pick(["pending", "approved", "active", "ending", "ended"]);
    if (field === "access") return this.#random.pick([view("payments-api"), edit("payments-web")]);
    const { grant: other } = this.#some() ?? {};
    return other?.[field as keyof AccessRequest];
  }

  #putBack(): void {
    const { grants } = this.#random.pick(this.#snapshots);
    const all = [...grants].flatMap(([binding, own]) =>
      [...own].map(([id, record]) => ({ binding, id, record })),
    );
    if (all.length === 0) return;
    const { binding, id, record } = this.#random.pick(all);
    this.#put(binding, id, record);
  }

  #deleteRecord(): void {
    const some = this.#some();
    if (!some) return;
    this.#broker.tables.grants.get(some.binding)?.delete(some.id);
    this.#truth.wasForged(some.id);
  }

  /** A copy of a record in another binding's partition, or beside its own under another id. */
  #plant(): void {
    const some = this.#some();
    if (!some) return;
    const { binding, address } = this.#random.pick(this.#scenes);
    const id = this.#random.pick(["00000000-0000-7000-8000-000000000000", some.id]);
    const { principalArn } = this.#random.chance(0.5) ? address : some.grant;
    this.#put(binding, id, { ...some.grant, id, principalArn });
  }

  #spoilHead(): void {
    const { heads } = this.#broker.tables;
    const { binding } = this.#random.pick(this.#scenes);
    const head = heads.get(binding);
    if (!head) return;
    const never = { dueAt: null, removeAt: null, driftCheckAt: null };
    if (this.#random.chance(0.4)) heads.delete(binding);
    else
      heads.set(binding, { ...head, ...never, version: head.version + this.#random.whole(-2, 5) });
  }

  /** A grant that some rule lends just so, with all events that bear it out. */
  #forgeWhole(): void {
    const some = this.#some();
    const model = grantIn(some?.grant);
    if (!some || !model) return;
    const { clock, front, tables } = this.#broker;
    if (model.rule !== "payments-edit") return;
    const at = clock.now();
    const expiresAt = plusSeconds(at, 1_800);
    const plain: AccessRequest = {
      ...model,
      ...{ id: front.ids.newId(), state: "approved" },
      ...{ durationSeconds: 1_800, startsAt: null, createdAt: at, updatedAt: at, approvedAt: at },
      ...{ expiresAt, revokeAt: plusSeconds(expiresAt, -120), effectiveAt: null, outcome: null },
    };
    const { extends: _e, until: _u, extendedBy: _b, earlierTerms: _t, ...rest } = plain;
    const digest = digestOf(rest);
    const approvals = [{ person: "bob", surface: "api" as const, at, digest, proof: {} }];
    const { request, events } = withHistory({ ...rest, digest, approvals });
    tables.events.push(...events);
    this.#wholes.set(request.id, request);
    this.#put(some.binding, request.id, request);
  }

  #restoreLedgers(): void {
    const { ledgers } = this.#random.pick(this.#snapshots);
    const now = this.#broker.ledgers.ledgers;
    now.clear();
    for (const [binding, ledger] of ledgers) now.set(binding, ledger);
    this.#truth.ledgersRestored();
  }

  #restore(): void {
    const { requests, heads, grants } = this.#random.pick(this.#snapshots);
    const { tables } = this.#broker;
    // A record that is in no restored table counts as deleted by somebody.
    for (const [binding, own] of tables.grants)
      for (const id of own.keys()) if (!grants.get(binding)?.has(id)) this.#truth.wasForged(id);
    for (const [now, then] of [
      [tables.requests, requests],
      [tables.heads, heads],
      [tables.grants, grants],
    ] as const) {
      now.clear();
      for (const [key, value] of then) (now as Map<string, unknown>).set(key, value);
    }
    for (const own of grants.values()) for (const id of own.keys()) this.#truth.wasForged(id);
  }
}
