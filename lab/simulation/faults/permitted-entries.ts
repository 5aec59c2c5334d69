/** Access entries as far as IAM and EKS permit the calls. */
import {
  type AccessEntries,
  CallFailed,
  type CallSession,
  type EntryAddress,
} from "../../../shared/ports/access-entries.ts";
import { REFUSED_POLICY } from "../sim-policy.ts";
import type { EntryRules } from "./entry-rules.ts";

/** The code of EKS's refusal where the cluster takes no access entries. */
const NO_ENTRIES = "AuthenticationModeConfigMap";
const DENIED = "AccessDeniedException";

/** A narrowing is the same call as an addition. IAM refuses either. */
const ADDITIONS: ReadonlySet<string> = new Set([
  "CreateAccessEntry",
  "UpdateAccessEntry",
  "AssociateAccessPolicy",
]);

/** The entries, with the calls that are refused. They take effect at once, or fail at once. */
export function permittedEntries(entries: AccessEntries, rules: EntryRules): AccessEntries {
  const refusal = refusals();
  /** Makes the call unless it is refused, with a code of AWS's. */
  const permitted =
    <Args extends readonly unknown[], Answer>(
      operation: string,
      call: (address: EntryAddress, session: CallSession, ...args: Args) => Promise<Answer>,
    ) =>
    (address: EntryAddress, session: CallSession, ...args: Args): Promise<Answer> => {
      const code = codeFor(rules, operation, address, args);
      return code === undefined
        ? call(address, session, ...args)
        : Promise.reject(refusal(operation, code, session));
    };
  return {
    ...entries,
    read: permitted("DescribeAccessEntry", entries.read),
    create: permitted("CreateAccessEntry", entries.create),
    updateGroups: permitted("UpdateAccessEntry", entries.updateGroups),
    associate: permitted("AssociateAccessPolicy", entries.associate),
    disassociate: permitted("DisassociateAccessPolicy", entries.disassociate),
    remove: permitted("DeleteAccessEntry", entries.remove),
  };
}

/** Why a call is refused; undefined where it is not. */
function codeFor(
  rules: EntryRules,
  operation: string,
  address: EntryAddress,
  [policyArn]: readonly unknown[],
): string | undefined {
  const isUnknown = operation === "AssociateAccessPolicy" && isRefusedPolicy(policyArn);
  if (isUnknown) return "InvalidParameterException";
  if (!rules.takesEntries(address)) return NO_ENTRIES;
  if (ADDITIONS.has(operation)) return rules.isAdditionDenied(address) ? DENIED : undefined;
  const isDeletion = operation === "DeleteAccessEntry";
  return isDeletion && rules.isDeletionRefused(address) ? DENIED : undefined;
}

const isRefusedPolicy = (policyArn: unknown): boolean =>
  typeof policyArn === "string" && policyArn.endsWith(REFUSED_POLICY);

function refusals() {
  let last = 0;
  return (operation: string, code: string, { sessionName }: CallSession) => {
    last += 1;
    const requestId = `refused-${last}`;
    const record = { operation, requestId, sessionName, at: "", result: code };
    return new CallFailed("refused", code, `${operation}: ${code}`, record);
  };
}
