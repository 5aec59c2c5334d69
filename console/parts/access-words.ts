/** Access in few words: `edit in payments-api on prod`. */
import type { Access } from "../../shared/domain/requests/request.ts";
import { visible } from "../../shared/domain/values/visible-text.ts";

/** `edit` of AmazonEKSEditPolicy; the name itself where it is not AWS's. */
export const policyWord = (policy: string): string => {
  const [, word] = /^AmazonEKS(\w+)Policy$/.exec(policy) ?? [];
  return word === undefined ? policy : word.replace(/\B[A-Z]/g, (char) => ` ${char}`).toLowerCase();
};

export function accessWords(access: Access): string {
  if ("groups" in access) return visible(`groups ${access.groups.join(", ")}`);
  const { policy, scope } = access;
  const where = scope.type === "cluster" ? "the whole cluster" : scope.namespaces.join(", ");
  return visible(`${policyWord(policy)} in ${where}`);
}

interface Where {
  readonly access: Access;
  readonly cluster: string;
}

export const accessOnWords = ({ access, cluster }: Where): string =>
  `${accessWords(access)} on ${visible(cluster)}`;
