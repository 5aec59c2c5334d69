/** The Kubernetes APIs of the account's clusters: one TLS server each, always at the same address. */
import { createWriteStream, type WriteStream } from "node:fs";
import type { Server } from "node:https";
import path from "node:path";
import { accessPolicyByArn } from "../aws/eks/access-policies.ts";
import type { ClusterAddress } from "../aws/eks/dependencies.ts";
import type { EksState } from "../aws/eks/state.ts";
import type { IamState } from "../aws/iam/state.ts";
import { AwsError } from "../aws/service.ts";
import type { Store } from "../aws/store.ts";
import type { Certificate } from "../kubernetes/certificate.ts";
import { kubernetesApi } from "../kubernetes/server.ts";
import type { KubernetesState } from "../kubernetes/state.ts";
import { tokenVerifier } from "../kubernetes/token.ts";
import { type FileStore, fileStore } from "../process/file-store.ts";
import { freePort, listen } from "../process/network-ports.ts";
import { initialKubernetes } from "./initial-clusters.ts";

export interface ClustersOptions {
  readonly eks: Store<EksState>;
  readonly iam: Store<IamState>;
  readonly tls: Certificate;
  readonly stateDir: string;
  readonly logDir: string;
  /** How long a cluster does not see a change of access. */
  readonly authorizerLagSeconds: number;
  readonly log: (line: string) => void;
}

export interface Clusters {
  /** Starts the API of a cluster that is being created. Its address is known at once. */
  readonly newCluster: (name: string) => ClusterAddress;
  stop(): void;
  flush(): void;
}

/** Free ports for new clusters: CreateCluster answers an address without waiting. */
const SPARE_PORTS = 3;

export const clusterAddress = (port: number, tls: Certificate): ClusterAddress => ({
  endpoint: `https://127.0.0.1:${port}`,
  certificateAuthority: Buffer.from(tls.certificate).toString("base64"),
});

interface Running {
  readonly server: Server;
  readonly objects: FileStore<KubernetesState>;
  readonly audit: WriteStream;
  readonly address: ClusterAddress;
}

/** Starts the APIs of all clusters that EKS has. Rejects with `EADDRINUSE` where a port is taken. */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: one closure over the running clusters; each part in it is short.
export async function startClusters(options: ClustersOptions): Promise<Clusters> {
  const { eks, iam, tls, stateDir, logDir } = options;
  const running = new Map<string, Running>();
  const spares: number[] = [];

  const addSpare = async () => {
    spares.push(await freePort());
  };

  function start(name: string, port: number): Promise<number> {
    const objects = fileStore(path.join(stateDir, `kubernetes-${name}.json`), () =>
      initialKubernetes(name, new Date()),
    );
    const audit = createWriteStream(path.join(logDir, `audit-${name}.log`), {
      flags: "a",
    });
    const server = kubernetesApi({
      cluster: name,
      eks,
      objects,
      verifyToken: tokenVerifier(iam, () => new Date()),
      policyRules: (arn) => accessPolicyByArn(arn)?.rules ?? [],
      tls,
      authorizerLagSeconds: options.authorizerLagSeconds,
      // A watch may end with the server, when the log is already closed.
      audit: (line) => void (audit.writableEnded || audit.write(`${line}\n`)),
      authenticatorLog: (line) => options.log(`kubernetes ${name}: ${line}`),
    });
    running.set(name, { server, objects, audit, address: clusterAddress(port, tls) });
    return listen(server, port);
  }

  await Promise.all([
    ...Object.values(eks.state.clusters).map(({ name, endpoint }) =>
      start(name, Number(new URL(endpoint).port)),
    ),
    ...Array.from({ length: SPARE_PORTS }, addSpare),
  ]);

  return {
    newCluster(name) {
      const before = running.get(name);
      if (before) {
        // A new cluster with the name of a deleted one: it has none of its objects.
        before.objects.change((state) => {
          Object.assign(state, initialKubernetes(name, new Date()));
        });
        return before.address;
      }
      const port = spares.shift();
      if (port === undefined)
        throw new AwsError("ServerException", 500, "No port is free for the cluster: try again.");
      void addSpare();
      start(name, port).catch((error: Error) =>
        options.log(`kubernetes ${name}: its API could not be started: ${error.message}`),
      );
      return clusterAddress(port, tls);
    },
    stop() {
      for (const { server, audit } of running.values()) {
        server.close();
        server.closeAllConnections();
        audit.end();
      }
    },
    flush() {
      for (const { objects } of running.values()) objects.flush();
    },
  };
}
