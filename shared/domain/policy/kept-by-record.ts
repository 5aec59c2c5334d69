import type { AccessPolicy } from "./policy.ts";

/**
 * The same function, whose results are kept as long as their policy and their record. Neither ever
 * changes, and one decision or one set of messages asks a dozen times.
 */
export function keptByRecord<Item extends object, Made>(
  make: (policy: AccessPolicy, record: Item) => Made,
): (policy: AccessPolicy, record: Item) => Made {
  const kept = new WeakMap<AccessPolicy, WeakMap<Item, { readonly made: Made }>>();
  return (policy, record) => {
    const ofPolicy = kept.get(policy) ?? new WeakMap<Item, { readonly made: Made }>();
    kept.set(policy, ofPolicy);
    const known = ofPolicy.get(record) ?? { made: make(policy, record) };
    ofPolicy.set(record, known);
    return known.made;
  };
}
