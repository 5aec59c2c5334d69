/**
 * A value seen late. Access entries are eventually consistent (EKS User Guide, "Create access
 * entries"). A change takes several seconds to reach a cluster's authorizer. This keeps an earlier
 * state while it is still seen.
 */
export interface LaggedView<Value> {
  /** Notes what is at an instant, in milliseconds; call it in the order of time. */
  observe(at: number, value: Value): void;
  /** The newest value that is at least the lag old; before there is one, the first observed. */
  seen(at: number): Value;
}

/** A view with a lag in milliseconds. Values are compared and kept as JSON copies. */
export function laggedView<Value>(lag: number): LaggedView<Value> {
  const kept: { readonly at: number; readonly text: string }[] = [];
  const indexSeen = (at: number): number =>
    Math.max(
      0,
      kept.findLastIndex((one) => one.at <= at - lag),
    );
  return {
    observe(at, value) {
      const text = JSON.stringify(value);
      if (kept.at(-1)?.text !== text) kept.push({ at, text });
      kept.splice(0, indexSeen(at));
    },
    seen(at) {
      const one = kept[indexSeen(at)];
      if (one === undefined) throw new Error("Nothing was observed yet: call observe first.");
      return JSON.parse(one.text) as Value;
    },
  };
}
