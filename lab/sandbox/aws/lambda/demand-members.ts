import { AwsError } from "../service.ts";

/** @throws AwsError for a member that the sandbox does not emulate */
export function demandMembers(
  input: Readonly<Record<string, unknown>>,
  known: readonly string[],
): void {
  const unknown = Object.keys(input).find((name) => !known.includes(name));
  if (unknown !== undefined) throw notEmulated(unknown);
}

export const notEmulated = (what: string) =>
  new AwsError("InvalidParameterValueException", 400, `The sandbox does not emulate ${what}.`);
