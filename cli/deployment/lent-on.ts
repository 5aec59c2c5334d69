/** The access lent on clusters, as the API says. No tag shows a policy on an entry of others. */
import { isFinal } from "../../shared/domain/requests/lifecycle.ts";
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { StopsAnswer } from "../../shared/http/contract/stops-answer.ts";
import type { Api } from "../api/api-client.ts";
import { grantsOf } from "../api/lists.ts";
import { Failure } from "../failures/failure.ts";

/** Whether everyone is stopped, which the API answers to admins and auditors only: others see their own grants only. */
export async function drainOf(api: Api): Promise<StopsAnswer["drain"]> {
  const stops = await api.send<StopsAnswer>({ method: "GET", path: "/v1/suspensions" });
  return stops.drain;
}

/**
 * Grants through which access may exist on clusters, whatever the file calls these.
 *
 * @param isThere by the ARN of the cluster
 * @throws Failure of the API, also where it answers the caller their own grants only
 */
export async function lentOn(
  api: Api,
  isThere: (clusterArn: string) => boolean,
): Promise<readonly RequestAnswer[]> {
  await drainOf(api);
  const found: RequestAnswer[] = [];
  for (const { id } of await grantsOf(api)) {
    const grant = await api.send<RequestAnswer>({ method: "GET", path: `/v1/requests/${id}` });
    if (isThere(grant.clusterArn) && !isFinal(grant.state)) found.push(grant);
  }
  return found;
}

/** A line for each grant: its id, whose it is, where, and in which state. */
export const grantLines = (
  grants: readonly Pick<RequestAnswer, "id" | "requester" | "cluster" | "state">[],
): readonly string[] =>
  grants.map(({ id, requester, cluster, state }) => `${id}  ${requester} on ${cluster}, ${state}`);

/** @throws Failure `usage` where another API is configured @param notDone what was not done */
export function demandSameApi(api: Api, address: string | undefined, notDone: string): void {
  if (address === undefined || sameAddress(api.address) === sameAddress(address)) return;
  throw new Failure("usage", "other-api", {
    what: `The API that is configured, ${api.address}, is not that of this deployment.`,
    notDone,
    next: [`Next: run it with --api ${address}`],
  });
}

const sameAddress = (address: string) => address.replace(/\/+$/, "");

/**
 * An operator who may deploy stacks is often nobody of the policy, or nobody whom the API answers.
 */
export function asAdminOrAuditor(error: unknown): unknown {
  if (!(error instanceof Failure) || error.exit !== "refused") return error;
  const { exit, code, text } = error;
  const next = "Next: name a profile of an admin or auditor of the policy with --admin-profile.";
  return new Failure(exit, code, { ...text, next: [next] }, { cause: error });
}
