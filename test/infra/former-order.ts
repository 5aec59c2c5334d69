/** The stacks as an earlier release had them: the rules that forward events beside the roles, before the broker. */
import type { AssemblyStack, TemplateResource } from "../../cli/deployment/assembly.ts";

/** Each stack of an account with the rule of its place, none that only forwards, and a bus that asks for the role. */
export function beforeTheOrder(stacks: readonly AssemblyStack[]): readonly AssemblyStack[] {
  const forwarding = stacks.filter(({ name }) => name.startsWith("TimelatchForward-"));
  return stacks
    .filter((stack) => !forwarding.includes(stack))
    .map((stack) => {
      const here = forwarding.filter(
        ({ account, region }) => account === stack.account && region === stack.region,
      );
      const rules = here.flatMap(({ template }) => Object.entries(template.Resources ?? {}));
      const own = Object.entries(stack.template.Resources ?? {});
      const roles = own.filter(([, one]) => one.Properties?.["RoleName"] === "timelatch-forward");
      const after = { DependsOn: roles.map(([id]) => id) };
      const moved = stack.name.startsWith("TimelatchAccount-")
        ? rules.map(([id, rule]) => [id, { ...rule, ...after }] as const)
        : [];
      const resources = [...moved, ...own].map(([id, one]) => [id, formerly(one, stack)] as const);
      return {
        ...stack,
        template: { ...stack.template, Resources: Object.fromEntries(resources) },
      };
    });
}

/** The bus took only the role of other accounts. */
function formerly(resource: TemplateResource, { account }: AssemblyStack): TemplateResource {
  const { Type, Properties: { Policy: policy, ...properties } = {} } = resource;
  if (Type !== "AWS::Events::EventBus" || policy === undefined) return resource;
  const { Statement: statements, ...document } = policy as {
    readonly Statement: readonly { readonly Principal: { readonly AWS: readonly unknown[] } }[];
  };
  const former = statements.map(({ Principal, ...statement }) => ({
    ...statement,
    Principal: { AWS: Principal.AWS.filter((one) => !JSON.stringify(one).includes(account)) },
    Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/timelatch-forward" } },
  }));
  return { ...resource, Properties: { ...properties, Policy: { ...document, Statement: former } } };
}
