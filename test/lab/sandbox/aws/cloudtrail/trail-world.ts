import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { EKSClient } from "@aws-sdk/client-eks";
import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { byAccount } from "../../../../../lab/sandbox/aws/accounts.ts";
import { cloudTrailService } from "../../../../../lab/sandbox/aws/cloudtrail/service.ts";
import { emptyTrailState, memoryHistory } from "../../../../../lab/sandbox/aws/cloudtrail/state.ts";
import { openTrail } from "../../../../../lab/sandbox/aws/cloudtrail/trail.ts";
import type { TrailRecord } from "../../../../../lab/sandbox/aws/cloudtrail/trail-record.ts";
import type { CallRecord } from "../../../../../lab/sandbox/aws/dispatch.ts";
import { eksService } from "../../../../../lab/sandbox/aws/eks/service.ts";
import type { EksState } from "../../../../../lab/sandbox/aws/eks/state.ts";
import { faultTable } from "../../../../../lab/sandbox/aws/faults.ts";
import { iamService } from "../../../../../lab/sandbox/aws/iam/service.ts";
import type { Service } from "../../../../../lab/sandbox/aws/service.ts";
import { memoryStore } from "../../../../../lab/sandbox/aws/store.ts";
import { stsService } from "../../../../../lab/sandbox/aws/sts/service.ts";
import {
  ACCOUNT,
  clientConfig,
  document,
  iamStore,
  listen,
  REGION,
  role,
  statement,
  trust,
} from "../iam-world.ts";

export const DELAY_SECONDS = 300;
export const CLUSTER = "prod";

export const admin = role("admin", { policy: document(statement("*")) });
export const stranger = role("stranger", { policy: document(statement("eks:ListClusters")) });
export const grantor = role("grantor", {
  path: "/brokers/",
  policy: document(statement("eks:*")),
  trust: trust({ AWS: admin.arn }, ["sts:AssumeRole", "sts:SetSourceIdentity"]),
});
export const dev = role("dev");
/** Another account with an event history of its own, and its reader there. */
const OTHER = "444455556666";
const reader = role("elsewhere", { policy: document(statement("cloudtrail:LookupEvents")) });
const elsewhere = { ...reader, arn: reader.arn.replace(ACCOUNT, OTHER) };

/** Two days ago: the port judges by the machine's clock what is older than 90 days. */
export const START_MS = Math.floor(Date.now() / 1000) * 1000 - 2 * 86_400_000 + 400;

/** EKS, STS, IAM and CloudTrail behind one port, and a clock that only tests move. */
export async function trailWorld() {
  const iam = iamStore(admin, stranger, grantor, dev, elsewhere);
  const eks = memoryStore<EksState>({
    accountId: ACCOUNT,
    region: REGION,
    clusters: { [CLUSTER]: cluster() },
  });
  const clock = { ms: START_MS };
  const store = memoryStore(emptyTrailState());
  const history = memoryHistory();
  const faults = faultTable(() => new Date(clock.ms));
  const bus: TrailRecord[] = [];
  const calls: CallRecord[] = [];
  const trail = openTrail({
    store,
    history,
    iam,
    delaySeconds: DELAY_SECONDS,
    effect: faults.takeTrail,
    toEventBridge: (record) => bus.push(record),
    now: () => clock.ms,
  });
  const services: Service[] = [
    eksService({
      eks,
      iam,
      newCluster: () => ({ endpoint: "https://unused.example", certificateAuthority: "Q0E=" }),
      updateSeconds: 0,
    }),
    stsService(iam),
    iamService(iam),
    byAccount({
      [ACCOUNT]: cloudTrailService(history, () => clock.ms),
      [OTHER]: cloudTrailService(memoryHistory(), () => clock.ms),
    }),
  ];
  const port = await listen({
    services,
    iam,
    onCall: (record) => {
      calls.push(record);
      // The time of the port's own clock is not the test's.
      trail.record({ ...record, at: new Date(clock.ms) });
    },
    unsigned: { "/_sandbox/faults": faults.serve },
  });
  const configured = (of = admin) => clientConfig(port.url, of);
  return {
    configured,
    keysElsewhere: (account: string) => {
      if (account !== OTHER) throw new Error(`There is no account ${account}.`);
      const { accessKeyId, secretAccessKey, sessionToken } = clientConfig(
        "",
        elsewhere,
      ).credentials;
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(8.64e15) };
    },
    url: port.url,
    close: port.close,
    clock,
    store,
    history,
    bus,
    calls,
    trail,
    eks: new EKSClient(configured()),
    denied: new EKSClient(configured(stranger)),
    deniedTrail: new CloudTrailClient(configured(stranger)),
    sts: new STSClient(configured()),
    iam: new IAMClient(configured()),
    deniedIam: new IAMClient(configured(stranger)),
    cloudTrail: new CloudTrailClient(configured()),
    eksAs: (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string }) =>
      new EKSClient({ ...configured(), credentials }),
    /** Lets time pass, and has the trail deliver what is due then. */
    pass(seconds: number) {
      clock.ms += seconds * 1000;
      trail.deliver();
    },
    async inject(fault: Record<string, unknown>): Promise<number> {
      const { status } = await fetch(`${port.url}/_sandbox/faults`, {
        method: "POST",
        body: JSON.stringify(fault),
      });
      return status;
    },
  };
}

export type TrailWorld = Awaited<ReturnType<typeof trailWorld>>;

const cluster = (): EksState["clusters"][string] => ({
  name: CLUSTER,
  arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${CLUSTER}`,
  createdAt: "2026-11-01T00:00:00.000Z",
  version: "1.34",
  platformVersion: "eks.1",
  status: "ACTIVE",
  authenticationMode: "API",
  bootstrapClusterCreatorAdminPermissions: false,
  endpoint: "https://unused.example",
  certificateAuthority: "Q0E=",
  tags: {},
  entries: {},
  updates: {},
});
