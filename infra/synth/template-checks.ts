/** Checks on the stacks of a deployment, wherever they are synthesized. */
import { readFileSync } from "node:fs";
import {
  type App,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
  type PolicyViolation,
  type Stack,
  Validations,
} from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { namedBeforeMade } from "./named-before-made.ts";
import { SchemaChecks } from "./schema-checks.ts";
import { characterFaults, type SizedTemplate, templateFaults } from "./template-faults.ts";

const LIMIT = "AWS-Limit";
const ORDER = "AWS-Order";

/**
 * Has a synthesis of the app fail where AWS would refuse one of the stacks, or where cdk-nag finds what nobody
 * explained. Other stacks of the app are left to whoever wrote them.
 */
export function checkTemplates(app: App, stacks: readonly Stack[]): void {
  Validations.of(app).addPlugins(new TemplateChecks(stacks));
  if (!app._builtinCloudFormationValidation || WITH_SCHEMAS.has(app)) return;
  // In place of the CDK's own, which would load the engine a second time. It warns of all stacks, as that one does.
  WITH_SCHEMAS.add(app);
  Validations.of(app).addPlugins(SCHEMAS as IPolicyValidationPlugin);
}

const SCHEMAS = new SchemaChecks();
const WITH_SCHEMAS = new WeakSet<App>();

/** CloudFormation's schemas, cdk-nag, what IAM and CloudFormation count, and the order of the stacks. */
class TemplateChecks implements IPolicyValidationPlugin {
  readonly name = "Timelatch";
  readonly #stacks: readonly Stack[];

  constructor(stacks: readonly Stack[]) {
    this.#stacks = stacks;
  }

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const paths = new Set(this.#stacks.map(({ node }) => node.path));
    const stackTemplates = context.stackTemplates.filter((one) =>
      paths.has(one.stackConstructPath),
    );
    const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
    const violations = [
      ...SCHEMAS.validate({ ...context, stackTemplates, templatePaths }).violations,
      ...this.#stacks.flatMap((stack) => new AwsSolutionsChecks().validateScope(stack).violations),
      ...stackTemplates.flatMap((one) => limitsOf(one.stackConstructPath, one.templatePath)),
      ...orderFaults(this.#stacks, stackTemplates),
    ];
    return { success: violations.length === 0, violations };
  }
}

const FEWER = "Name fewer clusters or people in access.yaml, or give people roles of their own.";
const LETTERS = "Write it in access.yaml with letters of Latin-1, as far as ÿ.";

function limitsOf(constructPath: string, templatePath: string): readonly PolicyViolation[] {
  const template = JSON.parse(readFileSync(templatePath, "utf8")) as SizedTemplate;
  const violations = (faults: readonly string[], fix: string) =>
    faults.map((fault) => ({
      ruleName: LIMIT,
      severity: "error",
      fix,
      description: `${constructPath}: ${fault}`,
      violatingResources: [{ constructPath, templatePath, locations: [] }],
    }));
  return [
    ...violations(templateFaults(template), FEWER),
    ...violations(characterFaults(template), LETTERS),
  ];
}

const orderFaults = (
  stacks: readonly Stack[],
  templates: IPolicyValidationContext["stackTemplates"],
): readonly PolicyViolation[] => {
  const read = templates.flatMap(({ stackConstructPath: constructPath, templatePath }) => {
    const stack = stacks.find(({ node }) => node.path === constructPath);
    return stack ? [{ stack, constructPath, templatePath }] : [];
  });
  const naming = read.map(({ stack, templatePath }) => ({
    name: stack.stackName,
    account: stack.account,
    region: stack.region,
    after: new Set([...beforeOf(stack)].map(({ stackName }) => stackName)),
    template: JSON.parse(readFileSync(templatePath, "utf8")) as SizedTemplate,
  }));
  return namedBeforeMade(naming).map(({ stack: name, says: description }) => {
    const { constructPath = "", templatePath = "" } =
      read.find(({ stack }) => stack.stackName === name) ?? {};
    return {
      ruleName: ORDER,
      severity: "error",
      description,
      fix: "Have the stack that names it come later: shared/domain/values/stack-kinds.ts.",
      violatingResources: [{ constructPath, templatePath, locations: [] }],
    };
  });
};

/** The stacks that are deployed before one, those in between too. */
function beforeOf(stack: Stack, found: Set<Stack> = new Set()): ReadonlySet<Stack> {
  for (const before of stack.dependencies)
    if (!found.has(before)) beforeOf(before, found.add(before));
  return found;
}
