import type { BodyBytes } from "../body-bytes.ts";

/** The input of a call to S3: a request's parts by name, since most members are headers. */
export interface S3Input extends Record<string, unknown> {
  readonly bucket: string;
  /** Empty for calls about the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  /** By lower-case name; those of the signature and the connection are left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** Without the framing of `aws-chunked`. */
  readonly body: BodyBytes;
}

/** The answer of an operation of S3: a status, headers, and XML or an object's bytes. */
export interface S3Output {
  /** 200 if absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | BodyBytes;
}
