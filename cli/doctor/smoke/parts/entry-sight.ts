import { clusterOf } from "../../../shared/domain/values/arn.ts";
import type { EntrySight, SmokeSight } from "../smoke/smoke-sight.ts";
import { reading, readingAlways } from "./reading.ts";
import type { SightOptions } from "./sight-options.ts";

/** What EKS shows of access entries. @param optionsOf whose credentials read an account */
export const eksSmokeSight = (optionsOf: (account: string) => SightOptions): SmokeSight => ({
  async entry(clusterArn, principalArn): Promise<EntrySight | undefined> {
    const { DescribeAccessEntryCommand, EKSClient, paginateListAssociatedAccessPolicies } =
      await import("@aws-sdk/client-eks");
    const { account, name: clusterName, region } = clusterOf(clusterArn);
    const client = new EKSClient({ ...optionsOf(account), region });
    const address = { clusterName, principalArn };
    const what = `the access entry of ${principalArn}`;
    const found = await reading(what, () => client.send(new DescribeAccessEntryCommand(address)), [
      "ResourceNotFoundException",
    ]);
    if (!found?.accessEntry) return undefined;
    const policies = await readingAlways(what, async () => {
      const all: EntrySight["policies"][number][] = [];
      const pages = paginateListAssociatedAccessPolicies({ client }, address);
      for await (const { associatedAccessPolicies = [] } of pages)
        for (const { policyArn = "", accessScope } of associatedAccessPolicies)
          all.push({
            name: policyArn.split("/").at(-1) ?? "",
            namespaces: accessScope?.type === "cluster" ? null : (accessScope?.namespaces ?? []),
          });
      return all;
    });
    return { isOurs: "timelatch:managed-by" in (found.accessEntry.tags ?? {}), policies };
  },
});
