import { EKSClient } from "@aws-sdk/client-eks";
import { profileKeys } from "../../../test/e2e/sandbox-process.ts";
import type { Stage } from "../stage/stage.ts";

/** Calls that change an access entry, which CloudTrail tells the broker of. */
const CHANGES = /^(?:(?:Create|Update|Delete)AccessEntry|(?:Dis)?[Aa]ssociateAccessPolicy)$/;

/**
 * Works with EKS as the administrator of the account. Calls are tried again where the sandbox is away. Each change that
 * EKS answered is kept, with its request id.
 */
export async function withAdmin<Result>(
  { addresses, outsideCalls }: Stage,
  work: (eks: EKSClient) => Promise<Result>,
): Promise<Result> {
  const eks = new EKSClient({
    endpoint: addresses.awsUrl,
    region: "us-west-2",
    maxAttempts: 8,
    credentials: profileKeys(addresses, "admin"),
  });
  eks.middlewareStack.add(
    (next, context) => async (call) => {
      const answered = await next(call);
      const { $metadata } = answered.output;
      const operation = String(context.commandName).replace(/Command$/, "");
      if (CHANGES.test(operation) && $metadata.requestId !== undefined)
        outsideCalls.push({ operation, requestId: $metadata.requestId, at: Date.now() });
      return answered;
    },
    { step: "initialize", name: "chaosOutsideCalls" },
  );
  try {
    return await work(eks);
  } finally {
    eks.destroy();
  }
}
