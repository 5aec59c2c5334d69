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
import { heartbeat } from "../kubernetes/heartbeat.ts";
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
  newCluster(name: string): ClusterAddress;
  stop(): void;
  flush(): void;
}

/** Less than the shortest grant, so that no grant's audit log is silent. */
const HEARTBEAT_MS = 3_000;

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
export async function startClusters(options: ClustersOptions): Promise<Clusters> {
  const clusters = new RunningClusters(options);
  await clusters.start();
  return clusters;
}

class RunningClusters implements Clusters {
  readonly #options: ClustersOptions;
  readonly #running = new Map<string, Running>();
  readonly #sparePorts: number[] = [];

  constructor(options: ClustersOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const existing = Object.values(this.#options.eks.state.clusters);
    await Promise.all([
      ...existing.map(({ name, endpoint }) => this.#serve(name, Number(new URL(endpoint).port))),
      ...Array.from({ length: SPARE_PORTS }, () => this.#addSparePort()),
    ]);
  }

  newCluster(name: string): ClusterAddress {
    const before = this.#running.get(name);
    if (before) {
      // A new cluster with the name of a deleted one: it starts without that one's objects.
      before.objects.change((state) => {
        Object.assign(state, initialKubernetes(name, new Date()));
      });
      return before.address;
    }
    const port = this.#sparePorts.shift();
    if (port === undefined)
      throw new AwsError("ServerException", 500, "No port is free for the cluster: try again.");
    void this.#addSparePort();
    this.#serve(name, port).catch((error: Error) =>
      this.#options.log(`kubernetes ${name}: its API could not be started: ${error.message}`),
    );
    return clusterAddress(port, this.#options.tls);
  }

  stop(): void {
    for (const { server, audit } of this.#running.values()) {
      server.close();
      server.closeAllConnections();
      audit.end();
    }
  }

  flush(): void {
    for (const { objects } of this.#running.values()) objects.flush();
  }

  async #addSparePort(): Promise<void> {
    this.#sparePorts.push(await freePort());
  }

  #serve(name: string, port: number): Promise<number> {
    const { tls, stateDir, logDir } = this.#options;
    const objects = fileStore(path.join(stateDir, `kubernetes-${name}.json`), () =>
      initialKubernetes(name, new Date()),
    );
    const audit = createWriteStream(path.join(logDir, `audit-${name}.log`), { flags: "a" });
    const server = clusterApi(this.#options, name, objects, audit);
    const beat = () => void (audit.writableEnded || audit.write(`${heartbeat(new Date())}\n`));
    setInterval(beat, HEARTBEAT_MS).unref();
    this.#running.set(name, { server, objects, audit, address: clusterAddress(port, tls) });
    return listen(server, port);
  }
}

const clusterApi = (
  { eks, iam, tls, authorizerLagSeconds, log }: ClustersOptions,
  cluster: string,
  objects: FileStore<KubernetesState>,
  audit: WriteStream,
): Server =>
  kubernetesApi({
    cluster,
    eks,
    objects,
    tls,
    authorizerLagSeconds,
    verifyToken: tokenVerifier(iam, () => new Date()),
    policyRules: (arn) => accessPolicyByArn(arn)?.rules ?? [],
    // A watch may end with the server, when the log is already closed.
    audit: (line) => void (audit.writableEnded || audit.write(`${line}\n`)),
    authenticatorLog: (line) => log(`kubernetes ${cluster}: ${line}`),
  });
