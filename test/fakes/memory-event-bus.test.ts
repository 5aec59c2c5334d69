import { eventBusContract } from "../contracts/event-bus.contract.ts";
import { memoryEventBus } from "./memory-event-bus.ts";

eventBusContract("memoryEventBus", () => {
  const bus = memoryEventBus();
  return {
    bus,
    received: () => bus.published.map(({ detail }) => detail.id),
    takeOnly: bus.takeOnly,
    failNext: () => bus.failNext("none"),
  };
});
