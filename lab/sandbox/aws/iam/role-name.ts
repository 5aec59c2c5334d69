import { AwsError, type PermissionCheck } from "../service.ts";
import type { IamRole, IamState } from "./state.ts";

/** The role of that name; names are unique in an account whatever the path, and ignore case. */
export function findRole(state: IamState, roleName: string): IamRole | undefined {
  const wanted = roleName.toLowerCase();
  return Object.values(state.roles).find((role) => role.roleName.toLowerCase() === wanted);
}

/** @throws AwsError `NoSuchEntity` 404 */
export function roleNamed(state: IamState, input: Record<string, unknown>): IamRole {
  const name = roleNameIn(input);
  const role = findRole(state, name);
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
  return role;
}

/**
 * The permission check of an action on a role: the role's ARN, path included. For a missing role it
 * is the ARN of that name without a path.
 */
export function roleCheck(
  state: IamState,
  action: string,
  input: Record<string, unknown>,
): readonly PermissionCheck[] {
  const name = roleNameIn(input);
  const resource = findRole(state, name)?.arn ?? roleArn(state.accountId, "/", name);
  return [{ action, resource }];
}

export function roleArn(accountId: string, path: string, roleName: string): string {
  return `arn:aws:iam::${accountId}:role${path}${roleName}`;
}

/** @throws AwsError `ValidationError` 400 where `RoleName` lacks or is no role's name */
export function roleNameIn(input: Record<string, unknown>): string {
  return textIn(input, "RoleName", /^[\w+=,.@-]{1,64}$/);
}

/** @throws AwsError `ValidationError` 400 */
export function textIn(input: Record<string, unknown>, member: string, pattern: RegExp): string {
  const value = input[member];
  const wireName = `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
  if (typeof value !== "string")
    throw validationError(
      `1 validation error detected: Value null at '${wireName}' failed to satisfy constraint: Member must not be null`,
    );
  if (!pattern.test(value))
    throw validationError(
      `1 validation error detected: Value '${value}' at '${wireName}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern.source}`,
    );
  return value;
}

/** Refuses, by name, what the emulation would otherwise pass over. */
export function onlyMembers(input: Record<string, unknown>, members: readonly string[]): void {
  const others = Object.keys(input).filter((name) => !members.includes(name));
  if (others.length > 0)
    throw validationError(`${others.join(", ")}: not emulated by the sandbox. Nothing was done.`);
}

export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", 400, message);
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError("NoSuchEntity", 404, message);
}
