/** Whose credentials are used, and where. */
export interface SightOptions {
  readonly region: string;
  /** A profile of the AWS configuration; the ordinary chain without. */
  readonly profile?: string;
}
