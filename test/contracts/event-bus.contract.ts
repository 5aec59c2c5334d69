import { describe, expect, it } from "vitest";
import { aFirstStep, aStep } from "../../lab/fakes/builders.ts";
import { requestEvents } from "../../shared/domain/notices/request-events.ts";
import type { Step } from "../../shared/domain/requests/lifecycle.ts";
import type { EventBus } from "../../shared/ports/event-bus.ts";

export interface BusUnderTest {
  readonly bus: EventBus;
  /** The events that receivers got, by `detail.id`. */
  readonly received: () => readonly string[];
  /** The next call takes this number of events and refuses the others. */
  readonly takeOnly: (events: number) => void;
  /** The next call is not answered. */
  readonly failNext: () => void;
}

/** The promises of every EventBus. */
export function eventBusContract(name: string, make: () => BusUnderTest) {
  describe(`${name} as an EventBus`, () => {
    /** A request with more events than one call of any bus takes. */
    const steps = Array.from({ length: 22 }).reduce<readonly Step[]>(
      (before) => {
        const last = before.at(-1);
        return last && before.length > 1
          ? [...before, aStep(last.request, { type: "evidence" })]
          : [...before, aStep(before[0]?.request ?? aFirstStep().request, { type: "approve" })];
      },
      [aFirstStep()],
    );
    const request = steps.at(-1)?.request ?? aFirstStep().request;
    const events = requestEvents(
      request,
      steps.map(({ event }) => event),
    );
    const ids = events.map(({ seq }) => `${request.id}#${seq}`);

    it("An event bus publishes every event in order, however many there are", async () => {
      const { bus, received } = make();
      expect(await bus.publish(events)).toBe(23);
      expect(received()).toEqual(ids);
    });

    it("An event bus publishes nothing where there are no events", async () => {
      const { bus, received } = make();
      expect(await bus.publish([])).toBe(0);
      expect(received()).toEqual([]);
    });

    it("An event bus returns how many events it took before the first that it did not take", async () => {
      const { bus, takeOnly } = make();
      takeOnly(3);
      expect(await bus.publish(events)).toBe(3);
    });

    it("An event bus throws where the service does not answer", async () => {
      const { bus, failNext } = make();
      failNext();
      await expect(bus.publish(events)).rejects.toThrow();
    });
  });
}
