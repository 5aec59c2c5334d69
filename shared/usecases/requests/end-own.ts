/** Ends all access that a person has by grants of their own, by one signed message. */
import type { Actor } from "../../domain/policy/actor.ts";
import { type ChainEnd, endsOf } from "../../domain/requests/chain-ends.ts";
import type { AccessRequest, State } from "../../domain/requests/request.ts";
import { BrokerError, unlessMissing } from "../../domain/values/errors.ts";
import type { FrontPorts } from "../../ports/function-ports.ts";
import { endGrant } from "./end-grant.ts";
import { listOwn } from "./read-requests.ts";

export interface OwnEnds {
  readonly ended: readonly AccessRequest[];
  /** Requests that the broker refused to end. */
  readonly refused: readonly { readonly request: AccessRequest; readonly error: BrokerError }[];
  /** Whether older requests were not looked at. */
  readonly isCut: boolean;
}

const PAGE = 100;
/** Most older requests are over: a grant lasts hours, and a start is days ahead. */
const MOST_PAGES = 5;

/**
 * Returns what is active, with its extensions, and cancels what is approved. Pending requests stay.
 */
export async function endOwn(ports: FrontPorts, actor: Actor): Promise<OwnEnds> {
  const { requests, isCut } = await newestOwn(ports, actor);
  const ended: AccessRequest[] = [];
  const refused: OwnEnds["refused"][number][] = [];
  const plan = endsOf(lent(requests), true);
  const left = [...plan];
  const end = async (each: ChainEnd<AccessRequest>, as: Actor) => {
    try {
      ended.push(await endGrant(ports, as, each.request.id, each.verb));
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error;
      refused.push({ request: each.request, error });
    }
  };
  // A message acts once. The first end that is stored uses it up, so that a copy of it ends nothing.
  for (let each = left.shift(); each; each = ended.length === 0 ? left.shift() : undefined)
    await end(each, actor);
  const { nonce: _used, ...rest } = actor;
  await Promise.all(left.map((each) => end(each, rest)));
  const missed = await stillLent(
    ports,
    plan.flatMap(({ others }) => others),
  );
  await Promise.all(endsOf(missed.map(unchained), true).map((each) => end(each, rest)));
  return { ended, refused, isCut };
}

/** Those that no end reached: others can write what the records say of each other. */
async function stillLent(
  { requests }: FrontPorts,
  others: readonly AccessRequest[],
): Promise<readonly AccessRequest[]> {
  const read = others.map(({ id }) => requests.load(id).catch(unlessMissing));
  return lent((await Promise.all(read)).filter((each) => each !== undefined));
}

const unchained = ({ extends: _claimed, ...request }: AccessRequest): AccessRequest => request;

/** Grants that give access, or will give it. Grants that have ended are left out. */
export const lent = (requests: readonly AccessRequest[]): readonly AccessRequest[] =>
  requests.filter(({ state }) => LENT.has(state));

const LENT: ReadonlySet<State> = new Set(["approved", "active"]);

async function newestOwn(ports: FrontPorts, actor: Actor) {
  const requests: AccessRequest[] = [];
  let after: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = await listOwn(ports, actor, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    requests.push(...found.items);
    after = found.next;
    if (after === undefined) break;
  }
  return { requests, isCut: after !== undefined };
}
