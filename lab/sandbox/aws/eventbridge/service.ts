import type { IamState } from "../iam/state.ts";
import type { Service } from "../service.ts";
import type { Store } from "../store.ts";
import { demandOnBus } from "./demand-on-bus.ts";
import { busArnOf, type EventBridgeContext, entriesOf, putEvents } from "./put-events.ts";

/**
 * Amazon EventBridge over AWS JSON 1.1: only `PutEvents`. Buses and rules come from the template. A
 * bus of the template keeps its latest events for tests and for people.
 */
export function eventBridgeService(
  context: EventBridgeContext & { readonly iam: Store<IamState> },
): Service {
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
        // The bus's policy takes part in the decision, so `run` asks.
        permissions: () => [],
        async run(call) {
          const { caller, now } = call;
          for (const entry of entriesOf(call.input))
            await demandOnBus(
              context.iam.state,
              context.eventBridge.state,
              busArnOf(context, entry, caller),
              {
                caller,
                now,
                source: String(entry["Source"] ?? ""),
                detailType: String(entry["DetailType"] ?? ""),
              },
            );
          return putEvents(context, call);
        },
      },
    },
  };
}
