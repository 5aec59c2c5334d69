/** The delegation that a command is about: its id, or the beginning of it. */
import { visible } from "../../shared/domain/values/visible-text.ts";
import type { DelegationAnswer } from "../../shared/http/contract/delegation-answer.ts";
import type { Api } from "../api/api-client.ts";
import { openDelegations } from "../api/delegations.ts";
import { Failure } from "../failures/failure.ts";

/**
 * The delegation whose id begins so, of those that are not over and that one may see.
 *
 * @throws Failure `notFound` where none or several begin with it
 */
export async function delegationBeginning(api: Api, prefix: string): Promise<DelegationAnswer> {
  const all = await openDelegations(api);
  const found = all.filter(({ id }) => id.startsWith(prefix));
  const [only] = found;
  if (only === undefined)
    throw new Failure("notFound", "no-such-delegation", {
      what: `No delegation that you may see begins with ${prefix}.`,
      notDone: "Nothing was done.",
      next: ["Next: see those that are not over with timelatch delegations."],
    });
  if (found.length === 1) return only;
  throw new Failure("notFound", "ambiguous-delegation", {
    what: `${found.length} delegations begin with ${prefix}.`,
    notDone: "Nothing was done.",
    findings: found.map(({ id, by, to }) => `${visible(id)}  ${visible(by)} to ${visible(to)}`),
    next: ["Next: give more of the id."],
  });
}
