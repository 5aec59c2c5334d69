import type { AuditEvent } from "../domain/requests/request.ts";

/**
 * Tells other systems what happened to requests. Delivery is at least once and in no order: a
 * receiver deduplicates by `<requestId>#<seq>`. `test/contracts/event-bus.contract.ts` says the same
 * in code.
 */
export interface EventBus {
  /**
   * Publishes events, of one request and in order. @returns how many of them, from the first on, are
   * published: fewer than all where the bus took only some.
   * @throws whatever the bus answers; then none may be published, or all
   */
  publish(events: readonly AuditEvent[]): Promise<number>;
}
