/** Writes to the store of objects, which wake the watches. */
import { signalOf } from "../aws/sqs/signal.ts";
import type { Store } from "../aws/store.ts";
import type { KubernetesState } from "./state.ts";

/** The signal that a write raises on the store; watches listen to it. */
export const OBJECTS_CHANGED = "objects";

/** Applies a change and wakes the watches. */
export function write<Result>(
  objects: Store<KubernetesState>,
  mutate: (state: KubernetesState) => Result,
): Result {
  const result = objects.change(mutate);
  signalOf(objects, OBJECTS_CHANGED).raise();
  return result;
}
