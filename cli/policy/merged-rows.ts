/** Columns that list values. */
export type Row = Readonly<Record<string, readonly string[]>>;

/**
 * Joins rows that are the same but for one column, for one column after the other. So a hundred
 * people with the same change are one row.
 */
export const merged = <Of extends Row>(
  rows: readonly Of[],
  columns: readonly (keyof Of & string)[],
): readonly Of[] => columns.reduce((left, column) => mergedBy(left, column), rows);

function mergedBy<Of extends Row>(rows: readonly Of[], column: keyof Of & string): readonly Of[] {
  const joined = new Map<string, { readonly row: Of; readonly values: Set<string> }>();
  for (const row of rows) {
    const key = JSON.stringify({ ...row, [column]: null });
    const { values } = joined.get(key) ?? { values: new Set<string>() };
    for (const value of row[column] ?? []) values.add(value);
    joined.set(key, { row, values });
  }
  return [...joined.values()].map(({ row, values }) => ({ ...row, [column]: [...values] }));
}
