import type { AccessPolicy } from "./policy.ts";

/** The same function, whose results are kept as long as their policy: it never changes. */
export function keptByPolicy<Made>(
  make: (policy: AccessPolicy) => Made,
): (policy: AccessPolicy) => Made {
  const kept = new WeakMap<AccessPolicy, { readonly made: Made }>();
  return (policy) => {
    const known = kept.get(policy) ?? { made: make(policy) };
    kept.set(policy, known);
    return known.made;
  };
}

/** The same function, whose results are kept by a key: two inputs with one key have one result. */
export function keptByKey<In extends readonly unknown[], Made>(
  keyOf: (...input: In) => unknown,
  make: (...input: In) => Made,
): (...input: In) => Made {
  const kept = new Map<unknown, { readonly made: Made }>();
  return (...input) => {
    const key = keyOf(...input);
    const known = kept.get(key);
    if (known) return known.made;
    const made = make(...input);
    kept.set(key, { made });
    return made;
  };
}
