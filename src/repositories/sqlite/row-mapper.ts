/**
 * Makes objects of bare rows, which a prepared statement's `values()` gives. Drizzle's own mapping takes several times as
 * long as reading the row does; this is for the columns named by `fields`, in their order, whose values need no
 * conversion.
 */
export function rowMapper<Row extends object>(
  fields: { [Name in keyof Row]: unknown },
): (rows: readonly unknown[][]) => Row[] {
  const names = Object.keys(fields) as (keyof Row)[];
  const toRow = (values: readonly unknown[]): Row => {
    const row = {} as Row;
    for (let at = 0; at < names.length; at++) row[names[at] as keyof Row] = values[at] as Row[keyof Row];
    return row;
  };
  return (rows) => rows.map(toRow);
}
