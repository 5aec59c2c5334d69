/**
 * The part of StackSets that is emulated: self-managed permissions, one stack after another,
 * without tolerance.
 */
import type { Call } from "../../service.ts";
import { onlyMembers, validationError } from "../errors.ts";

/** The one value that each of these members may have. */
const ONLY: Readonly<Record<string, string>> = {
  CallAs: "SELF",
  PermissionModel: "SELF_MANAGED",
};

/**
 * AWS's own defaults.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html
 */
const PREFERENCES: Readonly<Record<string, string>> = {
  RegionConcurrencyType: "SEQUENTIAL",
  FailureToleranceCount: "0",
  FailureTolerancePercentage: "0",
  MaxConcurrentCount: "1",
  ConcurrencyMode: "STRICT_FAILURE_TOLERANCE",
};

/** Refuses by name what the emulation would otherwise pass over. @throws AwsError ValidationError */
export function onlySelfManaged(
  operation: string,
  input: Call["input"],
  members: readonly string[],
): void {
  onlyMembers(operation, input, ["StackSetName", "CallAs", ...members]);
  const given = Object.entries(input).filter(([name]) => Object.hasOwn(ONLY, name));
  const preferences = Object.entries(input["OperationPreferences"] ?? {});
  const other =
    given.find(([name, value]) => ONLY[name] !== value) ??
    preferences.find(([name, value]) => PREFERENCES[name] !== value);
  if (other === undefined) return;
  const [name, value] = other;
  throw validationError(
    `The sandbox does not emulate the ${name} ${typeof value === "string" ? value : JSON.stringify(value)} of ${operation}. Nothing was changed.`,
  );
}
