import { expect, it } from "vitest";
import { aFirstStep, T0 } from "../../../../lab/fakes/builders.ts";
import { requestEvents } from "../../../../shared/domain/notices/request-events.ts";

it("Items in a history that are no events are left out, so that they keep no message back", () => {
  const { request, event } = aFirstStep();
  const planted = [
    undefined,
    null,
    "event",
    { seq: 2 },
    { seq: 3, at: T0, details: null },
    { seq: "4", at: T0, details: {} },
    { seq: 5, at: "soon", details: {} },
  ];
  const found = requestEvents(request, [...planted, event]);
  expect(found.map(({ seq }) => seq)).toEqual([event.seq]);
});
