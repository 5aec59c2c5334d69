import { visible } from "../../shared/domain/values/visible-text.ts";

/** The option that fills each member of a body, by the JSON pointer that the API names it with. */
const FLAGS: Readonly<Record<string, string>> = {
  "/cluster": "--cluster",
  "/access": "--policy, --namespace or --group",
  "/access/policy": "--policy",
  "/access/scope": "--namespace or --cluster-scope",
  "/access/scope/namespaces": "--namespace",
  "/access/groups": "--group",
  "/duration": "--duration",
  "/reason": "--reason",
  "/principalArn": "--principal",
  "/startsAt": "--starts-at",
  "/rule": "--rule",
  "/note": "--note",
};

/** `/access/scope/namespaces/1` is `--namespace (number 2)`; an unknown pointer stays as it is. */
export function flagText(pointer: string): string {
  const [, list = pointer, index] = /^(.*)\/(\d+)$/.exec(pointer) ?? [];
  const flag = Object.hasOwn(FLAGS, list) ? FLAGS[list] : undefined;
  if (flag === undefined) return visible(pointer || "/");
  return index === undefined ? flag : `${flag} (number ${Number(index) + 1})`;
}
