/** A delegation as the API answers it, and an API that has some. */
import { plusSeconds } from "../../shared/domain/values/instant.ts";
import type { DelegationAnswer } from "../../shared/http/contract/delegation-answer.ts";
import { fakeApi } from "./fake-terminal.ts";
import { idOf } from "./sample-requests.ts";

const T0 = "2026-11-24T10:00:00.000Z";

/** Bob lets erin approve for two days. */
export const aDelegationAnswer = (over: Partial<DelegationAnswer> = {}): DelegationAnswer => ({
  id: idOf(7),
  by: "bob",
  to: "erin",
  from: T0,
  until: plusSeconds(T0, 2 * 86_400),
  createdAt: T0,
  state: "in-force",
  ended: null,
  ...over,
});

/** An API whose caller is bob. It answers each change with the first delegation. */
export const apiWithDelegations = (delegations: readonly DelegationAnswer[]) =>
  fakeApi(({ method, path }) => {
    if (path === "/v1/whoami") return { person: "bob", groups: [], roles: [], identityArn: "x" };
    return method === "GET" ? { delegations } : delegations[0];
  });
