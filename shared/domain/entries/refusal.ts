/** AWS errors that may be temporary, so a grant waits before it fails. */

/**
 * - AccessDenied: IAM is eventually consistent, and a deployment moves statements between policies.
 *   https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html
 * - InvalidPrincipal: a role that was just created is not known everywhere yet.
 * - InvalidRequestException: "invalid given the state of the cluster", while it is updated.
 *   https://docs.aws.amazon.com/eks/latest/APIReference/API_AssociateAccessPolicy.html
 * - ResourceNotFoundException: the entry that we just created is not visible yet.
 */
const PASSING: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "InvalidPrincipal",
  "InvalidRequestException",
  "ResourceInUseException",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
]);

/** @param code AWS's name for the error, as in CallFailed */
export const mayPass = (code: string): boolean => PASSING.has(code);
