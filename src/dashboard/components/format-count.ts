const counts = new Intl.NumberFormat('en');

/** A number with its thousands apart. */
export const formatCount = (count: number): string => counts.format(count);
