import { GROUPS, groupElements } from "../../../shared/domain/entries/access.ts";
import { scopeElements } from "../../../shared/domain/entries/scope.ts";
import type { CallRecord } from "../../../shared/domain/requests/evidence.ts";
import { EMPTY } from "../../../shared/domain/values/element-set.ts";
import {
  type AccessEntries,
  CallFailed,
  type CreatedEntry,
  type EntryAddress,
} from "../../../shared/ports/access-entries.ts";
import { CLUSTERS } from "../sim-policy.ts";
import { type EksChange, grantorRole } from "./eks-change.ts";

/** A call as EKS answered it. The trail adds when that was. */
type Log = (address: EntryAddress, call: Omit<EksChange, "at">) => void;

type Wanted = Pick<EksChange, "operation" | "target" | "elements">;

const OK = "ok";

/** Entries whose every executed call is logged, whether its caller hears the answer or not. */
export function loggedEntries(entries: AccessEntries, log: Log): AccessEntries {
  const bare = (operation: Wanted["operation"], target: string | null = null): Wanted => ({
    operation,
    target,
    elements: EMPTY,
  });
  return {
    ...entries,
    create: (address, ...args) =>
      logged(log, address, bare("CreateAccessEntry"), entries.create(address, ...args)),
    updateGroups: (address, session, groups, username) => {
      const wanted = { ...bare("UpdateAccessEntry", GROUPS), elements: groupElements(groups) };
      return logged(log, address, wanted, entries.updateGroups(address, session, groups, username));
    },
    associate: (address, session, policyArn, scope) => {
      const wanted = {
        ...bare("AssociateAccessPolicy", policyArn),
        elements: scopeElements(scope),
      };
      return logged(log, address, wanted, entries.associate(address, session, policyArn, scope));
    },
    disassociate: (address, session, policyArn) => {
      const answer = entries.disassociate(address, session, policyArn);
      return logged(log, address, bare("DisassociateAccessPolicy", policyArn), answer);
    },
    remove: (address, session) =>
      logged(log, address, bare("DeleteAccessEntry"), entries.remove(address, session)),
  };
}

async function logged<Answer extends CallRecord | CreatedEntry>(
  log: Log,
  address: EntryAddress,
  wanted: Wanted,
  answer: Promise<Answer>,
): Promise<Answer> {
  try {
    const given = await answer;
    logAnswer(log, address, wanted, "record" in given ? given.record : given);
    return given;
  } catch (error) {
    if (error instanceof CallFailed) logAnswer(log, address, wanted, error.record);
    throw error;
  }
}

function logAnswer(
  log: Log,
  address: EntryAddress,
  wanted: Wanted,
  { requestId, sessionName, result }: CallRecord,
): void {
  if (requestId === null) return;
  const roleArn = grantorRole(wanted.operation, address.cluster.account);
  log(address, {
    ...wanted,
    clusterArn: CLUSTERS[address.cluster.name] ?? "",
    principalArn: address.principalArn,
    caller: { kind: "role", roleArn, sessionName },
    requestId,
    errorCode: result === OK ? null : result,
  });
}
