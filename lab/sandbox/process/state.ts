/** The sandbox's state: one file for each service. */
import { mkdirSync } from "node:fs";
import path from "node:path";
import { type CloudFormationState, emptyCloudFormationState } from "../aws/cloudformation/state.ts";
import { type DynamoDbState, emptyDynamoDbState } from "../aws/dynamodb/state.ts";
import { type EventBridgeState, emptyEventBridgeState } from "../aws/eventbridge/state.ts";
import type { IamState } from "../aws/iam/state.ts";
import { emptyKmsState, type KmsState } from "../aws/kms/state.ts";
import { emptyLambdaState, type LambdaState } from "../aws/lambda/state.ts";
import { type BlobStore, emptyS3State, type S3State } from "../aws/s3/state.ts";
import { initialSesState, type SesState } from "../aws/ses/state.ts";
import { type Certificate, newCertificate } from "../kubernetes/certificate.ts";
import { initialOutsideState, type OutsideState } from "../outside/state.ts";
import { initialSlackState, type SlackState } from "../slack/state.ts";
import type { DeployedState } from "../stack/deploy-roles.ts";
import type { AccountRegion } from "../world/account.ts";
import { clusterAddress } from "../world/clusters.ts";
import { initialEks } from "../world/initial-clusters.ts";
import { initialIam } from "../world/people.ts";
import { blobFolder } from "./blob-folder.ts";
import { type FileStore, fileStore } from "./file-store.ts";
import { globalTrails, type HasPlaces, placeStores, type TrailStores } from "./place-stores.ts";

export interface SandboxState extends HasPlaces {
  readonly dir: string;
  readonly iam: FileStore<IamState>;
  readonly lambda: FileStore<LambdaState>;
  /** The state of tables that the engine does not keep. */
  readonly dynamoDb: FileStore<DynamoDbState>;
  readonly eventBridge: FileStore<EventBridgeState>;
  readonly cloudFormation: FileStore<CloudFormationState>;
  readonly s3: FileStore<S3State>;
  /** The bytes of S3's objects. */
  readonly blobs: BlobStore;
  readonly kms: FileStore<KmsState>;
  readonly ses: FileStore<SesState>;
  readonly slack: FileStore<SlackState>;
  readonly outside: FileStore<OutsideState>;
  readonly deployed: FileStore<DeployedState>;
  /** CloudTrail's records of global services. */
  readonly globalTrails: readonly TrailStores[];
  /** The clusters' certificate. */
  readonly tls: Certificate;
  flush(): void;
}

/** How long before the first start the people and clusters were created: 30 days. */
const WORLD_AGE_MS = 30 * 86_400_000;

/**
 * Opens the state in `dir`, or creates it.
 * @param clusterPort the port of a cluster's API
 * @param isEmpty whether a new state lacks what only a deployment makes
 */
export async function openState(
  dir: string,
  clusterPort: (cluster: string) => number,
  isEmpty = false,
): Promise<SandboxState> {
  mkdirSync(dir, { recursive: true });
  const now = new Date();
  const fresh = await newCertificate(now);
  const open = <State>(name: string, initial: () => State) =>
    fileStore(path.join(dir, `${name}.json`), initial);
  const tls = open("tls", () => fresh);
  // People and clusters are older than any request about them.
  const madeAt = new Date(now.getTime() - WORLD_AGE_MS);
  const iam = open("iam", () => initialIam(madeAt, isEmpty));
  const addressOf = (name: string) => clusterAddress(clusterPort(name), tls.state);
  const stores = {
    iam,
    lambda: open("lambda", emptyLambdaState),
    dynamoDb: open("dynamodb", emptyDynamoDbState),
    eventBridge: open("eventbridge", emptyEventBridgeState),
    cloudFormation: open("cloudformation", emptyCloudFormationState),
    s3: open("s3", emptyS3State),
    kms: open("kms", emptyKmsState),
    ses: open("ses", initialSesState),
    slack: open("slack", initialSlackState),
    outside: open("outside", initialOutsideState),
    deployed: open("deployed", (): DeployedState => ({ roleArns: [] })),
  };
  const initialEksAt = (place: AccountRegion) => initialEks(iam.state, addressOf, madeAt, place);
  const places = placeStores(dir, open, initialEksAt, madeAt);
  const globals = globalTrails(dir, open);
  const kept = [
    ...[tls, ...Object.values(stores)],
    ...places.flatMap(({ eks, sqs, ssm, scheduler, trail }) => [eks, sqs, ssm, scheduler, trail]),
    ...globals.map(({ trail }) => trail),
  ];
  return {
    dir,
    ...stores,
    blobs: blobFolder(path.join(dir, "s3-objects")),
    places,
    globalTrails: globals,
    tls: tls.state,
    flush() {
      for (const store of kept) store.flush();
    },
  };
}
