import { sha256 } from "../values/canonical-json.ts";

/**
 * Names a binding: one cluster and one principal, which is one EKS access entry. Lengths stand
 * before the parts, so that no two pairs can be written the same way.
 *
 * @returns 64 hex digits; also the message group of its queue
 */
export function bindingKey(clusterArn: string, principalArn: string): string {
  return sha256(`${clusterArn.length}:${clusterArn}${principalArn.length}:${principalArn}`);
}
