import type {
  DelegationAnswer,
  DelegationList,
} from "../../shared/http/contract/delegation-answer.ts";
import type { Api } from "./api-client.ts";
import { pages } from "./pages.ts";

/** Delegations that are not over, as far as one may see them: every page. @throws Failure */
export async function openDelegations(api: Api): Promise<readonly DelegationAnswer[]> {
  const found: DelegationAnswer[] = [];
  for await (const { delegations } of pages<DelegationList>(api, "/v1/delegations"))
    found.push(...delegations);
  return found;
}
