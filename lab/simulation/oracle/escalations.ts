/** Judges a request that becomes break-glass. It shares no decision with the broker. */
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import type { AccessRequest } from "../../../shared/domain/requests/request.ts";
import type { Facts } from "./facts.ts";

/** Fields that a request keeps when it becomes break-glass. */
const KEPT = [
  "id",
  "requester",
  "cluster",
  "principalArn",
  "access",
  "reason",
  "createdAt",
] as const;

export class EscalationWatch {
  readonly #facts: Facts;
  /** By id, each request as its last step left it. */
  readonly #last = new Map<string, AccessRequest>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  stored({ request, event }: Step): void {
    const before = this.#last.get(request.id);
    this.#last.set(request.id, request);
    if (event.type !== "escalate" || this.#facts.forged.has(request.id)) return;
    const isSame =
      before?.state === "pending" &&
      KEPT.every((name) => JSON.stringify(before[name]) === JSON.stringify(request[name]));
    const isMore = request.durationSeconds > (before?.durationSeconds ?? 0);
    if (!isSame || isMore || event.actor !== request.requester)
      this.#facts.broken(
        "escalation-same",
        `${request.id} became break-glass for ${request.durationSeconds} s, and was asked for ${before?.durationSeconds} s.`,
      );
  }
}
