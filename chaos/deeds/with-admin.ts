import { EKSClient } from "@aws-sdk/client-eks";
import { profileKeys } from "../../test/e2e/sandbox-process.ts";
import type { Stage } from "../stage/stage.ts";

/** Works with EKS as the administrator of the account. Calls are tried again where the sandbox is away. */
export async function withAdmin<Result>(
  { addresses }: Stage,
  work: (eks: EKSClient) => Promise<Result>,
): Promise<Result> {
  const eks = new EKSClient({
    ...{ endpoint: addresses.awsUrl, region: "us-west-2", maxAttempts: 8 },
    credentials: profileKeys(addresses, "admin"),
  });
  try {
    return await work(eks);
  } finally {
    eks.destroy();
  }
}
