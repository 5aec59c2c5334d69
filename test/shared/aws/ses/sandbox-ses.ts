/** SES of the sandbox, behind the port that verifies signatures and asks IAM, and a sender on it. */
import type { CallFault } from "../../../../lab/sandbox/aws/fault-kinds.ts";
import { sesService } from "../../../../lab/sandbox/aws/ses/service.ts";
import { initialSesState } from "../../../../lab/sandbox/aws/ses/state.ts";
import { memoryStore } from "../../../../lab/sandbox/aws/store.ts";
import { sesCall } from "../../../../shared/aws/ses/ses-call.ts";
import { sesSender } from "../../../../shared/aws/ses/ses-sender.ts";
import type { AccessPolicy } from "../../../../shared/domain/policy/policy.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
} from "../../../lab/sandbox/aws/iam-world.ts";

const arn = (kind: string, name: string) => `arn:aws:ses:${REGION}:${ACCOUNT}:${kind}/${name}`;

/** The rights of notify: one identity, one configuration set, one sender. */
const NOTIFY = role("notify", {
  policy: document(
    statement(
      "ses:SendEmail",
      [
        ...["example.com", "access@example.com"].map((name) => arn("identity", name)),
        arn("configuration-set", "timelatch"),
      ],
      { Condition: { StringEquals: { "ses:FromAddress": "access@example.com" } } },
    ),
  ),
});

export async function sandboxSes(policy: AccessPolicy) {
  const { email } = policy.notices ?? {};
  if (!email) throw new Error("The policy names no sender of e-mail.");
  const ses = memoryStore(initialSesState());
  const faults: CallFault[] = [];
  let calls = 0;
  const port = await listen({
    iam: iamStore(NOTIFY),
    services: [sesService({ ses, account: ACCOUNT, region: REGION })],
    faults: () => {
      calls += 1;
      return faults.shift();
    },
  });
  const config = clientConfig(port.url, NOTIFY);
  const call = sesCall({
    credentials: async () => config.credentials,
    region: async () => REGION,
    endpoint: port.url,
    timeoutMs: 2_000,
  });
  return {
    ses,
    faults,
    port,
    config,
    call,
    calls: () => calls,
    sender: sesSender({ call, policy, email }),
  };
}
