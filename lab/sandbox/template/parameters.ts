/** Reads the template's parameters of Parameter Store. */
import { refuse } from "./refuse-resource.ts";
import type { ResolvedTemplate } from "./resolve.ts";
import type { ParameterResource } from "./stack.ts";

/** @throws Error for a type that is not emulated, naming the resource */
export const parametersOf = (template: ResolvedTemplate): readonly ParameterResource[] =>
  template.ofType("AWS::SSM::Parameter").map((resource) => {
    const type = resource.properties.text("Type");
    if (type !== "String") refuse(resource, `the type ${type}`);
    return { name: resource.ref, value: resource.properties.text("Value") };
  });
