import { notEmulated } from "./errors.ts";
import { type Input, otherMembers } from "./input.ts";

/** Refuses by name what the sandbox would otherwise have to ignore. */
export function refuseOthers(where: string, input: Input, known: readonly string[]): void {
  const others = otherMembers(input, known);
  if (others.length > 0) throw notEmulated(`the members ${others.join(", ")} of ${where}`);
}
