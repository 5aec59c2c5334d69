import { type AssemblyStack, assemblyStacks } from "./assembly.ts";

/**
 * Every stack of the assembly in `dir`, in an order in which `cdk deploy --all` may deploy them: a
 * stack's dependencies come first. If no dependency decides, `last` comes last, so that an
 * undeclared dependency on it shows.
 */
export function deploymentOrder(dir: string, last: string): readonly AssemblyStack[] {
  const stacks = assemblyStacks(dir);
  const ordered: AssemblyStack[] = [];
  const add = (stack: AssemblyStack, path: readonly string[]) => {
    if (ordered.includes(stack)) return;
    if (path.includes(stack.name))
      throw new Error(`${[...path, stack.name].join(" depends on ")}. Nothing was started.`);
    for (const name of stack.dependencies) {
      const one = stacks.find((other) => other.name === name);
      if (one) add(one, [...path, stack.name]);
    }
    ordered.push(stack);
  };
  for (const stack of stacks.filter(({ name }) => name !== last)) add(stack, []);
  for (const stack of stacks) add(stack, []);
  return ordered;
}
