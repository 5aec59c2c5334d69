/** A page of a list of the audit table, into whose index several functions may put items. */
export interface ListedPage<Item> {
  readonly items: readonly Item[];
  /** The start of the next page; absent on the last page. It may name an item outside the list. */
  readonly next?: string;
  /** How many items of the page were left out, since they are no records in their places; absent for 0. */
  readonly leftOut?: number;
}
