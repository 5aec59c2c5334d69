import type { ClusterDescription } from "../../domain/clusters/cluster-facts.ts";
import type { ActualEntry } from "../../domain/entries/actual-entry.ts";
import type { EntryStep } from "../../domain/entries/step.ts";
import type { CallAnswer } from "../../domain/requests/evidence.ts";
import type {
  AccessEntries,
  CallSession,
  CreatedEntry,
  EntryAddress,
  GrantorRole,
  PrincipalIdentity,
} from "../../ports/access-entries.ts";

/** The session of a grant; without one, the session of the binding. */
type Sessions = (grantId: string | undefined) => CallSession;

/**
 * Calls AWS about the one access entry of a binding. A change goes under the session of the grant that it serves, a
 * read under the binding's. Every method throws what `AccessEntries` throws.
 */
export class EntryClient {
  readonly address: EntryAddress;
  readonly #entries: AccessEntries;
  readonly #sessionFor: Sessions;

  constructor(entries: AccessEntries, address: EntryAddress, sessionFor: Sessions) {
    this.address = address;
    this.#entries = entries;
    this.#sessionFor = sessionFor;
  }

  read(): Promise<ActualEntry | undefined> {
    return this.#entries.read(this.address, this.#sessionFor(undefined));
  }

  principal(): Promise<PrincipalIdentity | undefined> {
    return this.#entries.principal(this.address, this.#sessionFor(undefined));
  }

  cluster(): Promise<ClusterDescription | undefined> {
    return this.#entries.cluster(this.address.cluster, this.#sessionFor(undefined));
  }

  /** Assumes the role of later reads. Nobody waits for it, and a read that needs it says if it fails. */
  prepareReads(): void {
    const { cluster } = this.address;
    const session = this.#sessionFor(undefined);
    this.#entries.prepare({ cluster }, session, "policies").catch(() => undefined);
  }

  /** The same for later calls that serve a grant. */
  prepareCalls(grantId: string, role: GrantorRole): void {
    const session = this.#sessionFor(grantId);
    this.#entries.prepare(this.address, session, role).catch(() => undefined);
  }

  /** Takes one step. */
  call(step: EntryStep, grantId: string | undefined): Promise<CallAnswer | CreatedEntry> {
    const entries = this.#entries;
    const { address } = this;
    const session = this.#sessionFor(grantId);
    switch (step.kind) {
      case "create-entry":
        return entries.create(address, session, step.token);
      case "update-groups":
        return entries.updateGroups(address, session, step.groups, step.username);
      case "associate":
        return entries.associate(address, session, step.target, step.scope);
      case "disassociate":
        return entries.disassociate(address, session, step.target);
      case "delete-entry":
        return entries.remove(address, session);
    }
  }
}
