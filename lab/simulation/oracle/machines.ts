/** Knows what a machine may never do. It shares no decision with the broker. */
import type { Step } from "../../../shared/domain/requests/lifecycle.ts";
import { MACHINE, MACHINE_OWNER } from "../sim-policy.ts";
import type { Facts } from "./facts.ts";

/** Steps of people, none of which is a machine's. */
const DEEDS: ReadonlySet<string> = new Set(["approve", "deny", "revoke", "escalate", "review"]);

export class MachineWatch {
  readonly #facts: Facts;

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** The broker let somebody with the machine's credentials do this. */
  did(deed: string): void {
    this.#facts.broken("machines-only-ask", `${MACHINE} could ${deed}.`);
  }

  stored({ request, event }: Step): void {
    if (this.#facts.forged.has(request.id)) return;
    const { id, requester, breakGlass, approvals } = request;
    const isDeed = event.actor === MACHINE && DEEDS.has(event.type);
    const isGlass = requester === MACHINE && breakGlass;
    const isOwners =
      requester === MACHINE && approvals.some(({ person }) => person === MACHINE_OWNER);
    if (isDeed || isGlass || isOwners || approvals.some(({ person }) => person === MACHINE))
      this.#facts.broken("machines-only-ask", `${id}: ${event.type} by ${event.actor}.`);
  }

  /** A ledger says that these grants have begun. */
  begun(ids: readonly string[]): void {
    for (const id of ids) {
      const approvals = this.#facts.options.tables.requests.get(id)?.approvals ?? [];
      if (approvals.some(({ person }) => person === MACHINE))
        this.#facts.broken("machines-only-ask", `${id} begins by an approval of ${MACHINE}.`);
    }
  }
}
