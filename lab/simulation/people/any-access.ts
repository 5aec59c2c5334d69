/** The access that people ask for. */
import type { Access } from "../../../shared/domain/requests/request.ts";
import type { Random } from "../random.ts";
import { LENT_GROUPS, NAMESPACES, REFUSED_POLICY } from "../sim-policy.ts";

export function anyAccess(random: Random): Access {
  const die = random.fraction();
  if (die < 0.25) return { groups: random.some(LENT_GROUPS, 0.6).concat("viewers").slice(0, 1) };
  const policy = random.chance(0.7) ? "AmazonEKSEditPolicy" : "AmazonEKSViewPolicy";
  if (die < 0.33) return { policy, scope: { type: "cluster" } };
  const namespaces = [...new Set([random.pick(NAMESPACES), random.pick(NAMESPACES)])];
  if (die < 0.4)
    return {
      policy: REFUSED_POLICY,
      scope: { type: "namespace", namespaces: [random.pick(["app-a", "app-b"])] },
    };
  return { policy, scope: { type: "namespace", namespaces } };
}
