import type { BusEvent } from "../domain/notices/bus-event.ts";

/**
 * Tells other systems what happened. Delivery is at least once and in no order: a receiver
 * deduplicates by `detail.id`. `test/contracts/event-bus.contract.ts` says the same in code.
 */
export interface EventBus {
  /**
   * Publishes events of one subject, in order.
   * @returns how many of them, from the first on, are published: fewer where the bus took only some
   * @throws what the bus answers; then none may be published, or all
   */
  publish(events: readonly BusEvent[]): Promise<number>;
}
