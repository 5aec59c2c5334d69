/** A person's access now, read from the API. */
import type { RequestAnswer } from "../../shared/http/contract/answers.ts";
import type { PersonAccessAnswer } from "../../shared/http/contract/person-access-answer.ts";
import type { Api } from "./api-client.ts";

/** @param cluster undefined for grants on all of them @throws Failure */
export function readPersonAccess(
  api: Pick<Api, "send">,
  name: string,
  cluster: string | undefined,
): Promise<PersonAccessAnswer> {
  const query = cluster === undefined ? "" : `?cluster=${encodeURIComponent(cluster)}`;
  const path = `/v1/people/${encodeURIComponent(name)}/access${query}`;
  return api.send<PersonAccessAnswer>({ method: "GET", path });
}

/** The same beside an end or a decision. A failed read must not look like a failure of those. */
export const accessBeside = (
  api: Pick<Api, "send">,
  {
    requester,
    cluster,
  }: Pick<RequestAnswer, "requester"> & { readonly cluster: string | undefined },
): Promise<PersonAccessAnswer | undefined> =>
  readPersonAccess(api, requester, cluster).catch(() => undefined);
