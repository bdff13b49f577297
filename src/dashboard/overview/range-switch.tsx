export interface Range {
  name: string;
  minutes: number;
  /** Minutes of one point. */
  step: number;
}

export const RANGES: readonly [Range, ...Range[]] = [
  { name: '1 h', minutes: 60, step: 1 },
  { name: '6 h', minutes: 360, step: 5 },
  { name: '24 h', minutes: 1_440, step: 15 },
  { name: '7 d', minutes: 10_080, step: 120 },
];

interface RangeSwitchProps {
  range: Range;
  onChange(range: Range): void;
}

/** How far back the charts go. */
export function RangeSwitch({ range, onChange }: RangeSwitchProps) {
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">How far back</legend>
      {RANGES.map((one) => (
        <button type="button" key={one.name} aria-pressed={one === range} onClick={() => onChange(one)}>
          {one.name}
        </button>
      ))}
    </fieldset>
  );
}
