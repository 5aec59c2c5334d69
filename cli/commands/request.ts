import { randomUUID } from "node:crypto";
import type { Access } from "../../shared/domain/request.ts";
import type { RequestAnswer } from "../../shared/http/answers.ts";
import { type Context, remark, tell } from "../context.ts";
import { Failure } from "../failure.ts";
import { standingText, termsText } from "../request-text.ts";
import { parseInstant } from "../time-text.ts";
import { visible, wrapLines } from "../visible-text.ts";
import { effectiveText, waitUntilEffective } from "../wait.ts";

export interface RequestOptions {
  readonly cluster: string;
  readonly policy?: string;
  readonly namespace?: readonly string[];
  readonly clusterScope?: true;
  readonly group?: readonly string[];
  readonly duration?: string;
  readonly reason: string;
  readonly principal?: string;
  readonly startsAt?: string;
  readonly rule?: string;
  readonly idempotencyKey?: string;
  readonly wait?: true;
}

/** `timelatch request`: asks for access, and waits for it where that is wanted. */
export async function request(context: Context, options: RequestOptions): Promise<void> {
  const body = bodyOf(options);
  const { idempotencyKey = randomUUID() } = options;
  if (!/^[\x21-\x7e]{1,128}$/.test(idempotencyKey))
    throw usage("--idempotency-key takes 1 to 128 visible ASCII characters, without spaces.");
  const api = await context.api();
  const made = await api.send<RequestAnswer>({
    method: "POST",
    path: "/v1/requests",
    body,
    idempotencyKey,
  });
  const told = `Requested ${termsText(made)}:\n  ${visible(made.id)}\n`;
  if (!options.wait) {
    tell(context, made, () => `${told}${standingText(made, context.now())}\n`);
    return;
  }
  remark(context, wrapLines(told, context.screen.err.columns));
  const effective = await waitUntilEffective(context, api, made);
  tell(context, effective, () => effectiveText(effective, context.now()));
}

function bodyOf(options: RequestOptions) {
  const { cluster, duration, reason, principal, rule } = options;
  const startsAt = options.startsAt === undefined ? undefined : parseInstant(options.startsAt);
  if (options.startsAt !== undefined && startsAt === undefined)
    throw usage(
      `"${options.startsAt}" is not an instant with its zone, such as 2026-11-24T22:00-08:00.`,
    );
  return {
    cluster,
    access: accessOf(options),
    ...(duration === undefined ? {} : { duration }),
    reason,
    ...(principal === undefined ? {} : { principalArn: principal }),
    ...(startsAt === undefined ? {} : { startsAt }),
    ...(rule === undefined ? {} : { rule }),
  };
}

/** What is asked for. It is never guessed: no namespaces are not the whole cluster. */
function accessOf({ policy, namespace, clusterScope, group }: RequestOptions): Access {
  if (group) {
    if (policy || namespace || clusterScope)
      throw usage("--group lends Kubernetes groups in place of a policy and its scope.");
    return { groups: group };
  }
  if (!policy)
    throw usage("Say what is asked for: --policy with --namespace or --cluster-scope, or --group.");
  if (namespace && clusterScope) throw usage("--namespace and --cluster-scope exclude each other.");
  if (clusterScope) return { policy, scope: { type: "cluster" } };
  if (!namespace)
    throw usage("Say where --policy should hold: --namespace <name>, or --cluster-scope.");
  return { policy, scope: { type: "namespace", namespaces: namespace } };
}

const usage = (happened: string) =>
  new Failure("usage", "usage", {
    detail: `${happened} Nothing was sent.`,
    next: ["Next: timelatch request --help"],
  });
