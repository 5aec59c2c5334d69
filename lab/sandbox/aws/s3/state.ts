/** The state of S3 beside the objects' bytes. Instants are ISO 8601 UTC. */

export type RetentionMode = "GOVERNANCE" | "COMPLIANCE";

export interface Retention {
  readonly mode: RetentionMode;
  readonly until: string;
}

/** A version of an object, or a delete marker. */
export interface ObjectVersion {
  /** `null` in a bucket without versioning. */
  readonly id: string;
  readonly modifiedAt: string;
  readonly isDeleteMarker: boolean;
  /** The id of its bytes; empty for a delete marker. */
  readonly blobId: string;
  readonly size: number;
  /** MD5 in hex, in quotation marks. */
  readonly etag: string;
  /** Headers that are answered as they were given: the content's type, and metadata. */
  readonly headers: Readonly<Record<string, string>>;
  /** The checksum's headers. */
  readonly checksum: Readonly<Record<string, string>>;
  retention?: Retention;
}

export interface BucketState {
  readonly name: string;
  /** The owning account, twelve digits; absent: the service's own account. */
  readonly account?: string;
  /** The region; absent: the service's own region. */
  readonly region?: string;
  isVersioned: boolean;
  /** Whether objects can be locked. */
  isLockable: boolean;
  /** How long new versions are locked that say nothing of it. */
  defaultRetention?: { readonly mode: RetentionMode; readonly days: number };
  /** Documents of the bucket's policies. */
  policies: readonly Readonly<Record<string, unknown>>[];
  /** Versions by key, the latest last. */
  objects: Record<string, ObjectVersion[]>;
}

export interface S3State {
  /** By name. */
  buckets: Record<string, BucketState>;
}

export const emptyS3State = (): S3State => ({ buckets: {} });

/** The store for the bytes of objects. */
export interface BlobStore {
  write(id: string, bytes: Buffer): void;
  read(id: string): Buffer;
  remove(id: string): void;
}

/** Bytes in memory, for tests. */
export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Buffer>();
  return {
    write: (id, bytes) => void blobs.set(id, bytes),
    read: (id) => blobs.get(id) ?? Buffer.alloc(0),
    remove: (id) => void blobs.delete(id),
  };
}

/** The version that stands for the key; it may be a delete marker. */
export const latestVersion = (bucket: BucketState, key: string): ObjectVersion | undefined =>
  Object.hasOwn(bucket.objects, key) ? bucket.objects[key]?.at(-1) : undefined;
