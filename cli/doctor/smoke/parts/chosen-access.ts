/** The access that a smoke test asks for: the least that a rule lends on the cluster. Pure. */
import type { Access } from "../../../../shared/domain/requests/request.ts";
import type {
  AccessAnswer,
  AccessRuleAnswer,
} from "../../../../shared/http/contract/access-answer.ts";

const VIEW = "AmazonEKSViewPolicy";
/** The shortest that production lends. */
const SECONDS = 300;

export interface ChosenAccess {
  readonly rule: string;
  readonly access: Access;
}

/** Undefined where no rule lends View for five minutes on the cluster. Break-glass is for emergencies. */
export function chosenAccess(lent: AccessAnswer, cluster: string): ChosenAccess | undefined {
  const found = lent.rules.find((rule) => fits(rule, cluster));
  if (!found) return undefined;
  const { access, rule } = found;
  const scope =
    "namespaces" in access && access.namespaces
      ? ({ type: "namespace", namespaces: [named(access.namespaces)] } as const)
      : ({ type: "cluster" } as const);
  return { rule, access: { policy: VIEW, scope } };
}

const fits = (
  { clusters, access, breakGlass, duration, hours }: AccessRuleAnswer,
  cluster: string,
) =>
  clusters.includes(cluster) &&
  "policies" in access &&
  access.policies.includes(VIEW) &&
  !breakGlass &&
  duration.minimumSeconds <= SECONDS &&
  duration.maxSeconds >= SECONDS &&
  hours?.isOpen !== false;

/** A namespace that a rule covers. It need not exist: EKS takes names as they are written. */
const named = (patterns: readonly string[]): string =>
  (patterns.find((pattern) => !pattern.includes("*")) ?? patterns[0] ?? "").replaceAll(
    "*",
    "timelatch-smoke",
  );
