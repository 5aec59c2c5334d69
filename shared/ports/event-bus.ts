import type { AuditEvent } from "../domain/requests/audit-event.ts";
import type { AccessRequest } from "../domain/requests/request.ts";

/**
 * Where other systems learn what happened to requests. Delivery is at least once and in no order: a
 * receiver deduplicates by `<requestId>#<seq>`. `test/contracts/event-bus.contract.ts` says the same
 * in code.
 */
export interface EventBus {
  /**
   * Publishes events of one request, in order, each with the request as it stands now.
   * @returns how many of them, from the first on, are published: fewer where the bus took only some
   * @throws what the bus answers; then none may be published, or all
   */
  publish(request: AccessRequest, events: readonly AuditEvent[]): Promise<number>;
}
