/** How much an access policy lets its holder do, so that lists begin with what matters most. Pure. */
import { DOCUMENTED_RULES, type KubernetesRule } from "../policy/permits.ts";

/**
 * From the most to the least. `unknown` stands this high because RBAC may bind a group to anything,
 * and AWS does not publish the rules of every policy.
 */
export const POWERS = [
  "everything",
  "admin",
  "unknown",
  "edit",
  "secrets",
  "view",
  "none",
] as const;

export type Power = (typeof POWERS)[number];

const CHANGING: ReadonlySet<string> = new Set([
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
]);

const has = (list: readonly string[], wanted: string) =>
  list.includes(wanted) || list.includes("*") || list.includes("*/*");

const changes = ({ verbs }: KubernetesRule) =>
  verbs.some((verb) => verb === "*" || CHANGING.has(verb));

/**
 * The powers that one rule amounts to. A subject that may change role bindings may hand out rights.
 */
const TESTS: readonly (readonly [Power, (rule: KubernetesRule) => boolean])[] = [
  ["everything", ({ verbs, resources }) => verbs.includes("*") && has(resources, "*")],
  ["admin", (rule) => changes(rule) && has(rule.resources, "rolebindings")],
  ["edit", changes],
  ["secrets", ({ resources }) => has(resources, "secrets")],
];

/** The power of an access policy, by its documented rules. @param name as in `AmazonEKSEditPolicy` */
export function powerOfPolicy(name: string): Power {
  const rules = Object.hasOwn(DOCUMENTED_RULES, name) ? DOCUMENTED_RULES[name] : undefined;
  if (!rules) return "unknown";
  return TESTS.find(([, isIn]) => rules.some(isIn))?.[0] ?? "view";
}

/** The greater of them; `none` of none. */
export const greatestPower = (powers: readonly Power[]): Power =>
  POWERS.find((power) => powers.includes(power)) ?? "none";
