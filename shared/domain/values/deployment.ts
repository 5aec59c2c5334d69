/**
 * The name of a deployment. Every name that is unique in an account or a region begins with it, so that
 * several deployments can share both. docs/adr/0024-deployment-names.md
 */

/** The deployment that `access.yaml` does not name. */
export const DEFAULT_DEPLOYMENT = "timelatch";

/**
 * The longest name, in characters. The name of a role may have 64 characters. A personal role has 8
 * for `-person-` and 47 for the name of its person.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const LONGEST_DEPLOYMENT = 9;

/** Letters and digits in lower case, with hyphens between them. All of AWS's names allow these. */
export const DEPLOYMENT_FORM = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/;

/**
 * Whether roles of the deployment could have names of another one's personal roles. `x-person` has
 * the role `x-person-api`, and so may the person `api` of the deployment `x`.
 */
export const isAmbiguousDeployment = (name: string): boolean => name.endsWith("-person");

/**
 * The external id that converge gives wherever it assumes a grantor role. It says for which
 * deployment of which account the role is, and is no secret.
 *
 * @param hub the broker's account, twelve digits
 */
export const externalIdOf = (deployment: string, hub: string): string => `${deployment}:${hub}`;

/** The deployment's name. */
export const deploymentOf = ({ deployment }: { readonly deployment?: string }): string =>
  deployment ?? DEFAULT_DEPLOYMENT;
