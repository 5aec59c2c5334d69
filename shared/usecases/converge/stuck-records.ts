/**
 * Records that no step can be stored for. A table was restored, so that the history goes on beyond its record. Or
 * functions that face people filed a record that is not its request's, or put an event in the place of its next one.
 * Each run would find the same record, and hold up the others of its binding for ever.
 */
import { MOST_EVENTS } from "../../domain/requests/on-record.ts";
import type { AccessRequest } from "../../domain/requests/request.ts";
import { MOST_NAMED } from "./note-left-out.ts";
import type { EarlierPasses, PartOf } from "./pass.ts";

/** The part of a pass that finds stuck records. */
type Finder = PartOf<"grants" | "view" | "held" | "earlier" | "run", "bindings" | "requests">;

/** Calls that may have served grants which the ledger does not have as begun. */
export interface ServedGrants {
  /** By id: grants that a stored call was to serve. */
  readonly served: ReadonlyMap<string, unknown>;
  /** Those whose access a read need not have shown yet. */
  readonly unshown: ReadonlySet<string>;
}

/**
 * Finds records whose step conflicted in this pass and, at the same version, in the one before. Somebody
 * who stores a step changes the version with it. The next pass leaves such a record out, so that it holds
 * nothing up. A grant that began must be over: then the ledger takes its access away, with or without a record. And the
 * tables must show that no step of it can be stored.
 */
export async function stuckRecords(
  pass: Finder,
  { served, unshown }: ServedGrants,
): Promise<Pick<EarlierPasses, "conflicted" | "stuck">> {
  const { grants, view, held, earlier, run } = pass;
  const { begun } = held.current;
  const mayKeepAccess = (id: string) =>
    Object.hasOwn(begun, id) ? !begun[id]?.over : unshown.has(id);
  const conflicted = view.grants.filter(({ id }) => grants.hasConflicted(id) && !mayKeepAccess(id));
  const again = conflicted.filter(({ id, version }) => earlier.conflicted.get(id) === version);
  const hadAccess = (id: string) => Object.hasOwn(begun, id) || served.has(id);
  const verdicts = await Promise.all(
    again.map((grant) => (hadAccess(grant.id) ? isBehind(pass, grant) : isShown(pass, grant))),
  );
  const stuck = again.filter((_grant, at) => verdicts[at]);
  if (stuck.length > 0) {
    const found = stuck.slice(0, MOST_NAMED).map(({ id }) => `${id}: stuck`);
    run.log("records left out", { binding: view.binding, count: stuck.length, found });
  }
  return {
    conflicted: new Map(conflicted.map(versionOf)),
    stuck: new Map([...earlier.stuck, ...stuck.map(versionOf)]),
  };
}

const versionOf = ({ id, version }: AccessRequest) => [id, version] as const;

/**
 * Whether no step of the binding's record can be stored: the request's own record is filed at another version or
 * entry, or its history has another version. A query may show a part of another run's transaction for a while, and a read
 * by the key shows all of it.
 */
async function isBehind(pass: Finder, grant: AccessRequest): Promise<boolean> {
  const { id, version } = grant;
  const { requests } = pass.ports;
  if (!(await isShown(pass, grant))) return false;
  return await ifAnswered(pass, grant, async () => {
    const [isAt, { items }] = await Promise.all([
      requests.isAt(grant),
      version > MOST_EVENTS ? { items: [] } : requests.historyPage(id, { limit: version + 1 }),
    ]);
    return !isAt || items.length > version;
  });
}

/** Whether a read by the key shows the record at the version that the query showed. */
const isShown = (pass: Finder, grant: AccessRequest): Promise<boolean> =>
  ifAnswered(pass, grant, async () => {
    const { grants } = await pass.ports.bindings.named(pass.view.binding, [grant.id]);
    return grants.some(({ version }) => version === grant.version);
  });

/** Where the tables do not answer, nobody knows, and the record is not left out. */
async function ifAnswered(
  { view, run }: Finder,
  { id }: AccessRequest,
  check: () => Promise<boolean>,
): Promise<boolean> {
  try {
    return await check();
  } catch (error) {
    run.log("stuck record not checked", { binding: view.binding, grantId: id, error: `${error}` });
    return false;
  }
}
