/** Whether policies of every size become stacks that IAM and CloudFormation take. */
import { IAM_LIMITS } from "../../infra/permissions/policy-size.ts";
import type { DeploymentSize } from "./deploy/deployment-file.ts";
import { type Deployed, deployed } from "./deploy/synthesized.ts";
import type { Report, Suite } from "./report.ts";
import { rounded } from "./statistics.ts";

const RULES = [10, 100, 1_000];
const PEOPLE = [50, 500, 5_000];
const ACCOUNTS = [1, 5];
const CLUSTERS = { personal: [5, 50], "by ARN": [5, 20, 50] } as const;

/** CloudFormation's: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const STACK_LIMITS = { resources: 500, template: 1_000_000 } as const;

/** Sizes beyond these may be refused if principals are named by ARN. */
const NAMED = { people: 500, clusters: 20 } as const;

const mustFit = ({ principals, people, clusters }: DeploymentSize): boolean =>
  principals === "personal" || (people <= NAMED.people && clusters <= NAMED.clusters);

/** Whether AWS takes the stacks, as far as its published limits say. */
export const isTaken = (result: Deployed): boolean =>
  !("refused" in result) &&
  result.grantor.inline <= IAM_LIMITS.inline &&
  result.grantor.managed.length <= IAM_LIMITS.managedPolicies &&
  result.grantor.managed.every((size) => size <= IAM_LIMITS.managed) &&
  result.resources <= STACK_LIMITS.resources &&
  result.template <= STACK_LIMITS.template;

/** Every combination, those with personal roles first. */
const SIZES: readonly DeploymentSize[] = (["personal", "by ARN"] as const).flatMap((principals) =>
  RULES.flatMap((rules) =>
    PEOPLE.flatMap((people) =>
      CLUSTERS[principals].flatMap((clusters) =>
        ACCOUNTS.map((accounts) => ({ principals, rules, people, clusters, accounts })),
      ),
    ),
  ),
);

export const benchDeploy: Suite = async (progress): Promise<Report> => {
  const rows = SIZES.map((size) => {
    progress(`${size.principals}: ${nameOf(size)}`);
    return { size, result: deployed(size) };
  });
  const needed = rows.filter(({ size }) => mustFit(size));
  const kept = needed.filter(({ result }) => isTaken(result)).length;
  return {
    lines: [
      ...rows.map(({ size, result }) => lineOf(size, result)),
      `${kept} of ${needed.length} sizes that must deploy do; of the others, synthesis refused ${rows.filter(({ size, result }) => !mustFit(size) && "refused" in result).length} of ${rows.length - needed.length}`,
    ],
    facts: {
      holds: kept === needed.length,
      limits: { ...IAM_LIMITS, ...STACK_LIMITS },
      sizes: rows.map(({ size, result }) => ({ ...size, ...result })),
    },
    holds: kept === needed.length,
  };
};

const nameOf = ({ rules, people, clusters, accounts }: DeploymentSize): string =>
  `${rules} rules, ${people} people, ${clusters} clusters, ${accounts} accounts`;

function lineOf(size: DeploymentSize, result: Deployed): string {
  const verdict = isTaken(result) ? "holds" : mustFit(size) ? "FAILS" : "refused";
  const name = `${verdict}  ${size.principals}: ${nameOf(size)}`;
  if ("refused" in result) return `${name}: ${numbersOf(result.refused)}`;
  const { grantor, stacks, resources, template, seconds } = result;
  const managed = `${grantor.managed.length} of ${IAM_LIMITS.managedPolicies} managed policies, the largest of ${Math.max(0, ...grantor.managed)}`;
  return `${name}: ${grantor.precision}, ${grantor.inline} characters inline, ${managed}; ${stacks} stacks, the largest of ${resources} resources and ${template} characters; ${rounded(seconds)} s`;
}

/** The sentence of a refusal that has the numbers. */
const numbersOf = (refusal: string): string => refusal.split(". ")[0] ?? refusal;
