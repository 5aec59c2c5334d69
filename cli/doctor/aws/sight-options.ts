/** The credentials that are used, and the place. */
export interface SightOptions {
  readonly region: string;
  /** A profile of the AWS configuration; the ordinary chain without. */
  readonly profile?: string;
}
