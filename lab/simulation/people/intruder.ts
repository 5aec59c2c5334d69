import { digestOf } from "../../../shared/domain/requests/digest.ts";
import { ACCESS_MAY_EXIST } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import { plusSeconds } from "../../../shared/domain/values/instant.ts";
import { instantOf } from "../virtual-time.ts";
import type { World } from "../world.ts";
import { bindingOf } from "./people.ts";

/**
 * An attacker who has taken over the function that faces the internet, and writes to the requests
 * table. Nothing that they write is allowed by a rule, so none of it may add access.
 */
export class Intruder {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /** Approves a pending request without an approver, or extends an active grant. */
  forge(): void {
    const { tables, random, oracle, note, queue } = this.#world;
    if (random.chance(0.4)) {
      this.#prolong();
      return;
    }
    const victim = [...tables.requests.values()].find(
      ({ state, requirements }) => state === "pending" && requirements.length > 0,
    );
    if (!victim) return;
    const forged = this.#approvalOf(victim);
    oracle.wasForged(forged.id);
    note("intruder", () => `forges ${forged.id.slice(-4)}: ${forged.state}`);
    tables.pending.clear();
    const binding = this.write(forged);
    if (binding !== undefined) queue.send(binding, "forged", `forged-${random.fraction()}`);
  }

  /** Writes a request into the table, and into its binding where it may give access. */
  write(forged: AccessRequest): string | undefined {
    this.#world.tables.requests.set(forged.id, forged);
    return ACCESS_MAY_EXIST.has(forged.state) ? this.#makeDue(forged) : undefined;
  }

  /** The request as if it were approved. */
  #approvalOf(victim: AccessRequest): AccessRequest {
    const { random, offers, time } = this.#world;
    const now = instantOf(time.now);
    const expiresAt = plusSeconds(now, victim.durationSeconds);
    const approved: AccessRequest = {
      ...victim,
      version: victim.version + 1,
      state: random.pick(["approved", "active"]),
      approvedAt: now,
      expiresAt,
      revokeAt: plusSeconds(expiresAt, -120),
      startsAt: null,
      approvals: [],
    };
    const by = (person: string) => ({
      person,
      surface: "api" as const,
      at: now,
      proof: { callerId: "forged" },
    });
    const forgeries: readonly Partial<AccessRequest>[] = [
      {},
      { approvals: [by(victim.requester)] },
      { approvals: [by("fay")] },
      {
        approvals: [by("cat"), by("dan")],
        expiresAt: plusSeconds(now, 86_400),
        revokeAt: plusSeconds(now, 86_280),
      },
    ];
    const forgery = random.pick(forgeries);
    return { ...approved, ...(offers.chance(0.4) ? this.#forMore(approved, by) : forgery) };
  }

  /** Approvals for less, under terms that are more, with and without the less as earlier terms. */
  #forMore(
    victim: AccessRequest,
    by: (person: string) => AccessRequest["approvals"][number],
  ): Partial<AccessRequest> {
    const { access, durationSeconds } = victim;
    const less = { access, durationSeconds: durationSeconds - 1 };
    const digest = digestOf({ ...victim, ...less });
    const own = digestOf(victim);
    return {
      digest: own,
      approvals: ["cat", "dan"].map((person) => ({ ...by(person), digest })),
      earlierTerms: this.#world.offers.chance(0.5) ? [{ ...less, digest }] : [],
    };
  }

  /** Writes a grant into its binding, which is due then. @returns the binding */
  #makeDue(forged: AccessRequest): string {
    const { tables, time } = this.#world;
    const principal = forged.principalArn.split("/")[1] ?? "";
    const binding = bindingOf({ cluster: forged.cluster.name, principal, holders: [] });
    const own = tables.grants.get(binding) ?? new Map<string, AccessRequest>();
    own.set(forged.id, forged);
    tables.grants.set(binding, own);
    const head = tables.heads.get(binding);
    tables.heads.set(binding, {
      clusterArn: forged.cluster.arn,
      principalArn: forged.principalArn,
      attempts: 0,
      dueFor: "addition",
      removeAt: null,
      driftCheckAt: null,
      reservedBytes: 0,
      ledgerRevision: 0,
      ledgerHolds: false,
      ...head,
      version: (head?.version ?? 0) + 1,
      dueAt: instantOf(time.now),
    });
    return binding;
  }

  /** Moves the end of an active grant to a later time than was approved. */
  #prolong(): void {
    const { tables, random, note, oracle } = this.#world;
    const own = [...tables.grants.values()].flatMap((grants) => [...grants.values()]);
    const live = own.filter(({ state, revokeAt }) => state === "active" && revokeAt !== null);
    if (live.length === 0) return;
    const victim = random.pick(live);
    const prolonged: AccessRequest = {
      ...victim,
      revokeAt: plusSeconds(victim.revokeAt ?? "", 3_600),
      expiresAt: plusSeconds(victim.expiresAt ?? "", 3_600),
    };
    note("intruder", () => `prolongs ${victim.id.slice(-4)}`);
    oracle.wasMoved(victim.id);
    tables.requests.set(victim.id, prolonged);
    for (const grants of tables.grants.values())
      if (grants.has(victim.id)) grants.set(victim.id, prolonged);
  }
}
