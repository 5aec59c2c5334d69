import type { Store } from "../store.ts";
import type { BucketState, S3State } from "./state.ts";

/** A bucket of the template. */
export type BucketDeclaration = Omit<BucketState, "objects">;

/**
 * Brings buckets of the template into being. One that is there keeps its objects and their
 * retention; no bucket is ever deleted.
 */
export function declareBuckets(
  store: Store<S3State>,
  declarations: readonly BucketDeclaration[],
): void {
  store.change(({ buckets }) => {
    for (const declared of declarations)
      buckets[declared.name] = {
        ...declared,
        objects: buckets[declared.name]?.objects ?? {},
      };
  });
}
