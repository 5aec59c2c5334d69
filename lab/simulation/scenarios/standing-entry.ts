import { memoryBroker } from "../../fakes/memory-broker.ts";

/** A broker whose entry somebody else created five minutes ago. */
export function brokerAtStandingEntry() {
  const broker = memoryBroker();
  broker.entries.edit(broker.addressOf(), () => ({ targets: {} }));
  broker.clock.advance(300);
  return broker;
}
