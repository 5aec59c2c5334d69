/** How access is used once it is there. */
import { isPersonalRoleSomewhere } from "../people/personal-role.ts";
import { parseClusterArn, parsePrincipalArn } from "../values/arn.ts";

/** The fields of a request that say how it is used. */
export interface Lent {
  /** The cluster's name in `access.yaml`. */
  readonly cluster: string;
  readonly clusterArn: string;
  readonly principalArn: string;
}

/**
 * The lines that its requester types. A personal role is assumed by `timelatch`. For a role of
 * somebody's own making it cannot know from where, and the AWS CLI uses whatever it is signed in
 * with. Empty where the cluster's ARN does not parse.
 */
export function useCommands({ cluster, clusterArn, principalArn }: Lent): readonly string[] {
  const eks = parseClusterArn(clusterArn);
  if (!eks) return [];
  const principal = parsePrincipalArn(principalArn);
  return principal && isPersonalRoleSomewhere(principal)
    ? [`timelatch kubeconfig ${cluster}`, `kubectl --context timelatch-${cluster} get pods`]
    : [`aws eks update-kubeconfig --region ${eks.region} --name ${eks.name}`];
}
