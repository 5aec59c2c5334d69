import { memoryEventBus } from "../../../lab/fakes/memory-event-bus.ts";
import { eventBusContract } from "../../contracts/event-bus.contract.ts";

eventBusContract("memoryEventBus", () => {
  const bus = memoryEventBus();
  return {
    bus,
    received: () => bus.published.map(({ detail }) => detail.id),
    takeOnly: bus.takeOnly,
    failNext: () => bus.failNext("none"),
  };
});
