/** CloudFormation's refusals, in its words. */
import { AwsError } from "../service.ts";

export const validationError = (message: string) => new AwsError("ValidationError", 400, message);

/** As it says of most calls. */
export const noStackWithId = (name: string) =>
  validationError(`Stack with id ${name} does not exist`);

/** As it says of calls about events, change sets and protection. */
export const noStack = (name: string) => validationError(`Stack [${name}] does not exist`);

export const noChangeSet = (name: string) =>
  new AwsError("ChangeSetNotFound", 404, `ChangeSet [${name}] does not exist`);

export const insufficientCapabilities = (capability: string) =>
  new AwsError("InsufficientCapabilitiesException", 400, `Requires capabilities : [${capability}]`);

/** Flags that ask for nothing while they are off. */
const OFF = ["DisableRollback"];

/** Refuses what the emulation would otherwise pass over. */
export function onlyMembers(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  members: readonly string[],
): void {
  const other = Object.keys(input).find(
    (name) => !members.includes(name) && !(OFF.includes(name) && input[name] === "false"),
  );
  if (other !== undefined)
    throw validationError(
      `The sandbox does not emulate ${other} of ${operation}. Nothing was changed.`,
    );
}

/** @throws AwsError ValidationError where the member lacks */
export function textIn(input: Readonly<Record<string, unknown>>, member: string): string {
  const value = input[member];
  if (typeof value === "string" && value !== "") return value;
  const wire = member.charAt(0).toLowerCase() + member.slice(1);
  throw validationError(
    `1 validation error detected: Value null at '${wire}' failed to satisfy constraint: Member must not be null`,
  );
}

export const optionalText = (
  input: Readonly<Record<string, unknown>>,
  member: string,
): string | undefined => {
  const value = input[member];
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** A list of objects or texts; empty where it lacks. */
export const listIn = (
  input: Readonly<Record<string, unknown>>,
  member: string,
): readonly unknown[] => {
  const value = input[member];
  return Array.isArray(value) ? value : [];
};

/** @throws AwsError ValidationError for a mode of deployment other than the usual one */
export function demandUsualMode(operation: string, input: Readonly<Record<string, unknown>>): void {
  const { DeploymentConfig: config } = input;
  if (config !== undefined && JSON.stringify(config) !== '{"Mode":"STANDARD"}')
    throw validationError(
      `The sandbox does not emulate this DeploymentConfig of ${operation}: ${JSON.stringify(config)}.`,
    );
}
