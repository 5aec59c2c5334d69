/** Times the work of `timelatch policy` on a file, at several sizes in one run. */
import type { AccessPolicy } from "../../../shared/domain/policy/policy.ts";
import { parseAccessPolicy } from "../../../shared/policy-file/parse-access-policy.ts";
import { checkPolicy } from "../../../shared/policy-tools/check-policy.ts";
import { comparePolicies } from "../../../shared/policy-tools/compare/compare-policies.ts";
import { largeFile } from "./large-file.ts";
import { timesOf } from "./timing.ts";

/** The fastest of several rounds in milliseconds, at one size. */
export interface ToolTimes {
  readonly rules: number;
  /** To read the text. */
  readonly parse: number;
  /** To find what is probably wrong in it. */
  readonly check: number;
  /** To compare it with itself, but for one rule. */
  readonly diff: number;
}

/**
 * Measures every size in one run, and repeats a smaller size until it weighs as much as the
 * largest. Each turn then takes about the same time. A busy machine slows all of them alike, and
 * their ratios stay valid.
 */
export function measureTools(sizes: readonly number[], rounds: number): readonly ToolTimes[] {
  const texts = sizes.map(largeFile);
  const policies = texts.map((text) => parseAccessPolicy(text));
  const turns = sizes.map((size) => Math.max(1, Math.round(Math.max(...sizes) / size)));
  const times = <Input>(inputs: readonly Input[], act: (input: Input) => unknown) =>
    timesOf(
      inputs.map((input, at) => () => repeated(turns[at] ?? 1, () => act(input))),
      rounds,
    ).map((millis, at) => millis / (turns[at] ?? 1));
  const parse = times(texts, parseAccessPolicy);
  // One copy for each, since facts about a policy are kept as long as the policy.
  const check = times(policies, (policy) => checkPolicy({ ...policy }));
  const diff = times(policies, (policy) => comparePolicies({ ...policy }, changed(policy)));
  return sizes.map((rules, at) => ({
    rules,
    parse: parse[at] ?? Number.NaN,
    check: check[at] ?? Number.NaN,
    diff: diff[at] ?? Number.NaN,
  }));
}

function repeated(turns: number, act: () => unknown): void {
  for (let turn = 0; turn < turns; turn += 1) act();
}

/** The same, but that the first rule lends for less. */
const changed = (policy: AccessPolicy): AccessPolicy => ({
  ...policy,
  hash: "other",
  rules: policy.rules.map((rule, at) =>
    at === 0 ? { ...rule, duration: { ...rule.duration, maxSeconds: 7_200 } } : rule,
  ),
});
