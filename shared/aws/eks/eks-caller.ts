import type {
  $Command,
  EKSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from "@aws-sdk/client-eks";
import type { CallSession, EntryAddress } from "../../ports/access-entries.ts";
import type { Answered, AwsCall, AwsCaller } from "../calls/aws-call.ts";
import { namedByText } from "./eks-error-names.ts";
import type { GrantorSession, GrantorSessions } from "./grantor-sessions.ts";

type EksCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  EKSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

export type EksOptions = Pick<AwsCall<unknown>, "isRead" | "left" | "reclassify"> &
  Partial<Pick<GrantorSession, "role">>;

/**
 * Makes one call to EKS in the cluster's account, by default under the role for policies. The
 * operation is named explicitly, because bundling changes the names of classes.
 */
export type EksCaller = <Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  at: Pick<EntryAddress, "cluster">,
  session: CallSession,
  operation: string,
  command: EksCommand<Input, Output>,
  options?: EksOptions,
) => Promise<Answered<Output>>;

export const eksCaller =
  (call: AwsCaller, sessions: GrantorSessions): EksCaller =>
  ({ cluster }, session, operation, command, { role = "policies", ...options } = {}) =>
    sessions({ cluster, role, session }, ({ eks }) =>
      call({
        reclassify: namedByText,
        ...options,
        operation,
        sessionName: session.sessionName,
        send: (within) => eks.send(command, within),
      }),
    );

/** How EKS addresses an entry. */
export const entryNames = ({ cluster, principalArn }: EntryAddress) => ({
  clusterName: cluster.name,
  principalArn,
});
