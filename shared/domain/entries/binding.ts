import { sha256 } from "../values/canonical-json.ts";

/**
 * The key of a binding: one cluster and one principal, so one EKS access entry. The lengths come
 * before the parts, so no two pairs produce the same text.
 *
 * @returns 64 hex digits, also used as the message group in the queue
 */
export function bindingKey(clusterArn: string, principalArn: string): string {
  return sha256(`${clusterArn.length}:${clusterArn}${principalArn.length}:${principalArn}`);
}
