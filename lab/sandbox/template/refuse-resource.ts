/** Errors for resources that the sandbox cannot start. */
import type { ResolvedResource } from "./resolve.ts";

/** @throws Error that names the resource and what is not emulated */
export const refuse = (resource: ResolvedResource, what: string): never => {
  throw new Error(
    `${resource.logicalId} (${resource.type}): the sandbox does not emulate ${what}.`,
  );
};

/** The value of Fn::GetAtt for the resource. @throws Error for an attribute that is not emulated */
export const attribute = (resource: ResolvedResource, name: string) =>
  resource.attributes[name] ?? refuse(resource, `its attribute ${name}`);
