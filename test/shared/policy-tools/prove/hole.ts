/** A policy with a hole, and a near twin without it. */
import type { SmallPolicy } from "./hole-policy.ts";

export interface Hole {
  readonly name: string;
  readonly claim: object;
  readonly groups?: Readonly<Record<string, string>>;
  readonly hole: SmallPolicy;
  readonly twin: SmallPolicy;
}

export const EDIT = { reach: { cluster: "prod", policy: "AmazonEKSEditPolicy" } };
export const TEAM = { ann: ["dev"], bob: ["leads"], cat: ["leads"], dan: ["ops"] };
/** One rule, with what is unusual about it. */
export const one = (rule: object = {}): SmallPolicy => ({ people: TEAM, rules: [rule] });
export const inNamespaces = (...namespaces: string[]) => ({
  access: { policies: ["AmazonEKSEditPolicy"], namespaces },
});
