/**
 * A process of its own for the test of late calls: it cuts one call that is to land in five
 * minutes, closes its port, and then has nothing left to do.
 */
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { faultTable } from "../../../../lab/sandbox/aws/faults.ts";
import type { Service } from "../../../../lab/sandbox/aws/service.ts";
import { clientConfig, document, iamStore, listen, role, statement } from "./iam-world.ts";

const broker = role("broker", { policy: document(statement("*")) });
const eks: Service = {
  name: "eks",
  protocol: {
    kind: "rest-json",
    errorMember: "message",
    routes: [{ method: "GET", path: "/clusters/{name}", operation: "DescribeCluster" }],
  },
  operations: { DescribeCluster: { permissions: () => [], run: () => ({}) } },
};
const faults = faultTable();
faults.serve("POST", Buffer.from('{"kind":"late","milliseconds":300000}'));
const port = await listen({ services: [eks], iam: iamStore(broker), faults: faults.take });
const client = new EKSClient(clientConfig(port.url, broker));
const cut = await client.send(new DescribeClusterCommand({ name: "prod" })).catch((error) => error);
process.stdout.write(`${cut.code}\n`);
client.destroy();
await port.close();
