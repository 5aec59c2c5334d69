/** Connects the ports of `witness`. Apart from the others, since it is deployed without them. */
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type { WitnessConfig } from "../config.ts";
import type { WitnessPorts } from "../ports/function-ports.ts";
import { FEW_ATTEMPTS, LARGE_BODIES } from "./calls/client-settings.ts";
import { kmsCosigner } from "./kms/kms-cosigner.ts";
import { systemClock } from "./machine/system-clock.ts";
import { s3ArchiveStore } from "./s3/s3-archive-store.ts";

export function witnessPorts(config: WitnessConfig): WitnessPorts {
  // With one address for all services, a bucket has no host name of its own.
  const settings = { ...LARGE_BODIES, forcePathStyle: config.awsEndpoint !== undefined };
  return {
    archive: s3ArchiveStore(
      new S3Client({ ...settings, region: config.archiveRegion }),
      config.archiveBucket,
    ),
    kept: s3ArchiveStore(new S3Client(settings), config.witnessBucket),
    cosigner: kmsCosigner(new KMSClient(FEW_ATTEMPTS), config.witnessKeyId),
    clock: systemClock,
  };
}
