import type { Service } from "../service.ts";
import { busNameOf, type EventBridgeContext, entriesOf, putEvents } from "./put-events.ts";

/**
 * Amazon EventBridge over AWS JSON 1.1: `PutEvents` alone. Buses and rules come from the template.
 * A bus of the template keeps its latest events for tests and for people.
 */
export function eventBridgeService(context: EventBridgeContext): Service {
  const { account, region } = context;
  return {
    name: "events",
    protocol: {
      kind: "json",
      version: "1.1",
      targetPrefixes: ["AWSEvents."],
      queryError: false,
      errorNamespace: "",
    },
    operations: {
      PutEvents: {
        permissions: (input) =>
          [...new Set(entriesOf(input).map(busNameOf))].map((name) => ({
            action: "events:PutEvents",
            resource: `arn:aws:events:${region}:${account}:event-bus/${name}`,
          })),
        run: (call) => putEvents(context, call),
      },
    },
  };
}
